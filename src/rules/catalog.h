#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/rule.h"
#include "core/time.h"
#include "rules/rule_file.h"
#include "rules/shelf.h"

namespace recoup::rules {

// Catalog is the contracts that agreements can name: the built-in ones, which it begins with, and
// the user's own, which come before built-in ones of the same id.
class Catalog {
 public:
  Catalog();

  // Adds one of the user's own. False where they have another of that id.
  bool add(RuleFile file);

  // The plans of a contract that makes several commitments, in order; their rules' ids are
  // "contract/plan". Empty: it makes one, or there is none of that id.
  std::vector<std::string> plans_of(const std::string& contract) const;

  // The one of that id, or nothing.
  std::shared_ptr<const RuleFile> find_rule(const std::string& id) const { return rules_.find(id); }

  // In order.
  std::vector<std::string> all_rule_ids() const { return rules_.ids(); }

 private:
  Shelf<RuleFile> rules_;
};

// Contract is one version of a rule.
struct Contract {
  std::shared_ptr<const core::Rule> rule;
  const core::Version* version;  // of the rule
};

// The contract that RULE or RULE@DATE names, or an error that lists what there is. Without a date
// it is the version in force in the month; where none is, or no month is given, the newest.
core::Result<Contract> find_contract(const Catalog& catalog, const std::string& words,
                                     std::optional<core::Month> month);

}  // namespace recoup::rules
