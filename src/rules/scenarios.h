#pragma once

#include <map>
#include <set>
#include <string>

#include "core/result.h"

namespace recoup::rules {

// Scenarios say which clauses of which versions are shown as months: by "aws-kms@2022-11-29".
struct Scenarios {
  std::string folder;
  std::map<std::string, std::set<std::string>> clauses;
};

// Reads the scenarios of a folder (tests/scenarios): of every *.toml in it `rule`, `version` and
// each month's `clause`. A file that is no scenario is an error.
core::Result<Scenarios> read_scenarios(const std::string& folder);

}  // namespace recoup::rules
