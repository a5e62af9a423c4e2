#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "documents/files.h"
#include "sources/probe/credentials/found_keys.h"
#include "sources/probe/credentials/profiles.h"

// The single places where AWS credentials come from; aws.cc asks them in their order. All wait for
// what they ask. Nothing: the place is not set up, and the next is asked. An error: it is, and has
// none to give.
namespace recoup::sources::probe {

using Found = core::Result<std::optional<FoundKeys>>;

// AwsWorld is what the places are asked with.
struct AwsWorld {
  const documents::Environment& environment;
  const core::Clock& clock;

  std::string of(const std::string& variable) const { return value_of(environment, variable); }
};

// Keys from an answer in JSON, as metadata, containers and credential_process give them, by the
// names of its fields.
struct KeyFields {
  const char* id = "AccessKeyId";
  const char* key = "SecretAccessKey";
  const char* token = "Token";
  const char* ends = "Expiration";
};
core::Result<FoundKeys> keys_in_json(const std::string& json, const KeyFields& fields,
                                     std::string from);

// Of a container or pod: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI.
Found from_container(const AwsWorld& world);

// Of the instance, by IMDSv2: a token first, then the role's name, then its keys.
Found from_instance(const AwsWorld& world);

// What AssumeRole wants to know.
struct Role {
  std::string arn;
  std::string session;      // its name; empty: "recoup"
  std::string external_id;  // or empty
  std::string seconds;      // that it is asked for; empty: the role's own
  std::string region;       // of the STS that is asked; empty: the global one
};

// Asks STS to let `by` be the role.
core::Result<FoundKeys> assume_role(const AwsWorld& world, const Role& role, const FoundKeys& by);

// Asks STS to let who has the token in the file be the role.
core::Result<FoundKeys> assume_role_by_token(const AwsWorld& world, const Role& role,
                                             const std::string& token_file);

// By the session that `aws sso login` signed in, from what the command line keeps of it.
core::Result<FoundKeys> from_sso(const AwsWorld& world, const Profiles& profiles,
                                 const std::string& profile);

}  // namespace recoup::sources::probe
