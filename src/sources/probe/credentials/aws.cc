#include "sources/probe/credentials/aws.h"

#include <array>
#include <set>

#include <fmt/format.h>

#include "errand/program.h"
#include "sources/probe/credentials/aws_sources.h"

namespace recoup::sources::probe {
namespace {

constexpr std::array<const char*, 3> kVariables{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                                "AWS_SESSION_TOKEN"};

// The chain as it is walked for one profile.
class Chain {
 public:
  Chain(const AwsWorld& world, Profiles profiles) : world_(world), profiles_(std::move(profiles)) {}

  // `asked_for` by the user's settings; empty: whatever there is.
  core::Result<FoundKeys> find(const std::string& asked_for);

 private:
  std::optional<FoundKeys> from_environment() const;
  Found from_web_identity() const;
  Found from_profile(const std::string& profile, bool as_source = false);
  core::Result<FoundKeys> from_role(const std::string& profile, const Section& section);
  core::Result<FoundKeys> source_of_role(const std::string& profile, const Section& section);
  std::optional<FoundKeys> from_section(const std::string& profile, const Section& section) const;
  Found from_command(const std::string& profile, const std::string& command) const;
  std::string region_of(const Section& section) const;

  const AwsWorld& world_;
  Profiles profiles_;
  std::set<std::string> seen_;  // profiles whose role is being assumed
};

core::Result<FoundKeys> Chain::find(const std::string& asked_for) {
  if (asked_for.empty()) {
    if (auto keys = from_environment()) return *std::move(keys);
    if (auto keys = from_web_identity(); !keys || *keys) {
      if (!keys) return keys.error();
      return **std::move(keys);
    }
  }
  std::string profile = asked_for.empty() ? world_.of("AWS_PROFILE") : asked_for;
  const bool named = !profile.empty();
  if (!named) profile = "default";
  if (auto keys = from_profile(profile); !keys || *keys) {
    if (!keys) return keys.error();
    return **std::move(keys);
  }
  if (named) {
    return core::Error{fmt::format("expected a profile '{}' with keys or a role in the AWS config "
                                   "or credentials, got none",
                                   profile),
                       "", "`aws configure list-profiles` shows those that there are"};
  }
  for (const auto place : {from_container, from_instance}) {
    auto keys = place(world_);
    if (!keys) return keys.error();
    if (*keys) return **std::move(keys);
  }
  return core::Error{"expected AWS credentials, got none"};
}

std::optional<FoundKeys> Chain::from_environment() const {
  FoundKeys keys;
  keys.from = "the environment";
  for (const char* variable : kVariables) {
    std::string value = world_.of(variable);
    if (!value.empty()) keys.secrets.emplace(variable, record::Secret(std::move(value)));
  }
  if (!keys.secrets.contains(kVariables[0]) || !keys.secrets.contains(kVariables[1])) {
    return std::nullopt;
  }
  return keys;
}

Found Chain::from_web_identity() const {
  const std::string file = world_.of("AWS_WEB_IDENTITY_TOKEN_FILE");
  const std::string arn = world_.of("AWS_ROLE_ARN");
  if (file.empty() || arn.empty()) return std::optional<FoundKeys>{};
  Role role;
  role.arn = arn;
  role.session = world_.of("AWS_ROLE_SESSION_NAME");
  role.region = region_of({});
  auto keys = assume_role_by_token(world_, role, file);
  if (!keys) return keys.error();
  return std::optional(*std::move(keys));
}

// A role wins over the keys beside it; but whose keys a role is assumed by may be the same
// profile's.
Found Chain::from_profile(const std::string& profile, bool as_source) {
  const Section section = profiles_.of(profile);
  const bool seen = seen_.contains(profile);
  if (!value_of(section, "role_arn").empty() && !(as_source && seen)) {
    auto keys = from_role(profile, section);
    if (!keys) return keys.error();
    return std::optional(*std::move(keys));
  }
  if (!value_of(section, "sso_session").empty() || !value_of(section, "sso_start_url").empty()) {
    auto keys = from_sso(world_, profiles_, profile);
    if (!keys) return keys.error();
    return std::optional(*std::move(keys));
  }
  if (auto keys = from_section(profile, section)) return std::optional(*std::move(keys));
  const std::string command = value_of(section, "credential_process");
  if (!command.empty()) return from_command(profile, command);
  return std::optional<FoundKeys>{};
}

std::optional<FoundKeys> Chain::from_section(const std::string& profile,
                                             const Section& section) const {
  FoundKeys keys;
  keys.from = fmt::format("the profile '{}'", profile);
  keys.life.may_change = true;
  static constexpr std::array<const char*, 3> kKeys{"aws_access_key_id", "aws_secret_access_key",
                                                    "aws_session_token"};
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    std::string value = value_of(section, kKeys[i]);
    if (!value.empty()) keys.secrets.emplace(kVariables[i], record::Secret(std::move(value)));
  }
  if (!keys.secrets.contains(kVariables[0]) || !keys.secrets.contains(kVariables[1])) {
    return std::nullopt;
  }
  return keys;
}

Found Chain::from_command(const std::string& profile, const std::string& command) const {
  const std::string from = fmt::format("credential_process of the profile '{}'", profile);
  constexpr std::size_t kMostPrinted = std::size_t{256} << 10;
  const auto printed =
      errand::run({.words = {"sh", "-c", command}, .most = kMostPrinted}, world_.clock);
  if (!printed) {
    return core::Error{
        fmt::format("expected keys of {}, got none: {}", from, printed.error().message)};
  }
  KeyFields fields;
  fields.token = "SessionToken";
  auto keys = keys_in_json(*printed, fields, from);
  if (!keys) return keys.error();
  return std::optional(*std::move(keys));
}

core::Result<FoundKeys> Chain::from_role(const std::string& profile, const Section& section) {
  if (!value_of(section, "mfa_serial").empty()) {
    return core::Error{
        fmt::format("expected a role that a program can assume, got one with mfa_serial in the "
                    "profile '{}'",
                    profile),
        "",
        "give the probes a role without a second factor, that may do what they ask and no more"};
  }
  Role role;
  role.arn = value_of(section, "role_arn");
  role.session = value_of(section, "role_session_name");
  role.external_id = value_of(section, "external_id");
  role.seconds = value_of(section, "duration_seconds");
  role.region = region_of(section);
  if (const auto file = value_of(section, "web_identity_token_file"); !file.empty()) {
    return assume_role_by_token(world_, role, file);
  }
  seen_.insert(profile);
  const auto by = source_of_role(profile, section);
  if (!by) return by.error();
  auto keys = assume_role(world_, role, *by);
  if (keys) keys->from += ", by " + by->from;
  return keys;
}

core::Result<FoundKeys> Chain::source_of_role(const std::string& profile, const Section& section) {
  const std::string source = value_of(section, "source_profile");
  const std::string other = value_of(section, "credential_source");
  Found keys = std::optional<FoundKeys>{};
  if (!source.empty()) {
    if (seen_.contains(source) && source != profile) {
      return core::Error{
          fmt::format("expected profiles whose source_profile ends somewhere, got a "
                      "circle at '{}'",
                      source)};
    }
    keys = from_profile(source, true);
  } else if (other == "Environment") {
    keys = from_environment();
  } else if (other == "EcsContainer") {
    keys = from_container(world_);
  } else if (other == "Ec2InstanceMetadata") {
    keys = from_instance(world_);
  }
  if (!keys) return keys.error();
  if (*keys) return **std::move(keys);
  return core::Error{
      fmt::format("expected source_profile or credential_source to have keys for the "
                  "role of the profile '{}', got none",
                  profile)};
}

std::string Chain::region_of(const Section& section) const {
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (std::string region = world_.of(variable); !region.empty()) return region;
  }
  return value_of(section, "region");
}

}  // namespace

core::Result<FoundKeys> find_aws_keys(const rules::Signing& how,
                                      const documents::Environment& environment,
                                      const core::Clock& clock) {
  auto profiles = read_profiles(environment);
  if (!profiles) return profiles.error();
  const AwsWorld world{environment, clock};
  auto found = Chain(world, *std::move(profiles)).find(how.profile);
  if (found || !found.error().help.empty()) return found;
  return core::Error{found.error().message, found.error().where,
                     "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), or "
                     "write profile = \"…\" in the agreement"};
}

}  // namespace recoup::sources::probe
