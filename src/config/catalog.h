#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/rule_file.h"

namespace recoup::config {

// Catalog is the rules that agreements can name: the built-in ones, which it begins with, and the
// user's own, which come before built-in ones of the same id.
class Catalog {
 public:
  // Adds one of the user's rules. False where they have another of that id.
  bool add(RuleFile file);

  // The rule of that id, or nothing.
  std::shared_ptr<const RuleFile> find_rule(const std::string& id) const;

  // In order.
  std::vector<std::string> all_rule_ids() const;

 private:
  std::map<std::string, std::shared_ptr<const RuleFile>> own_;
};

}  // namespace recoup::config
