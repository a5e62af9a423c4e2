#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/rule.h"
#include "documents/diagnostic.h"
#include "rules/scenarios.h"

namespace recoup::rules {

// CheckedRule is a rule's file and all that is to be said of it.
struct CheckedRule {
  std::optional<core::Rule> rule;              // nothing where it has errors
  std::vector<documents::Complaint> findings;  // errors, or else warnings
  std::string words;                           // the same, laid out; empty where there are none
};

// Reads a rule's text like parse_rule(), and of one without errors says what its author should look
// at again: terms that are missing; numbers without a clause that says them, or without the day on
// which their source was read; tiers that give less for less uptime; and where scenarios are given,
// clauses of complete versions that none of them shows. `path` is only named.
CheckedRule check_rule(const std::string& text, const std::string& path,
                       const Scenarios* scenarios);

}  // namespace recoup::rules
