#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/result.h"
#include "documents/files.h"

namespace recoup::sources::probe {

// The files in which AWS's command line and SDKs keep settings and keys, by the names of their
// sections: "[default]" and "[prod]" of the credentials, "[profile prod]" and "[sso-session corp]"
// of the config.
using Section = std::map<std::string, std::string, std::less<>>;
using Sections = std::map<std::string, Section, std::less<>>;

// Reads the form of both: sections, "key = value", comments from "#" or ";" at the begin of a line
// or behind a blank. Lines that are indented belong to the key above (settings of one service), and
// are left out. What is none of these is an error at `name` and its line; a value is never in it.
core::Result<Sections> parse_sections(std::string_view text, const std::string& name);

// Profiles is what both files say.
struct Profiles {
  Sections config;
  Sections credentials;

  // What is said of the profile: the credentials' keys over those of the config. Empty: nobody
  // knows it.
  Section of(const std::string& profile) const;
};

// Reads ~/.aws/config and ~/.aws/credentials, or what AWS_CONFIG_FILE and
// AWS_SHARED_CREDENTIALS_FILE name. A file that is not there says nothing.
core::Result<Profiles> read_profiles(const documents::Environment& environment);

// The folder of a user's own files, without a "/" at its end; empty where HOME is not set.
std::string home_of(const documents::Environment& environment);

// The variable's value; empty where it is not set.
std::string value_of(const documents::Environment& environment, const std::string& variable);

// The key's value; empty where it is not said.
std::string value_of(const Section& section, std::string_view key);

}  // namespace recoup::sources::probe
