#include "config/catalog.h"

#include <cassert>

#include "config/builtin_rules.h"

namespace recoup::config {
namespace {

using Rules = std::map<std::string, std::shared_ptr<const RuleFile>>;

Rules read_builtin() {
  Rules rules;
  for (const BuiltinRule& builtin : builtin_rules()) {
    auto file = parse_rule_file(std::string(builtin.text), std::string(builtin.path));
    assert(file.ok());
    rules.emplace(builtin.id, std::make_shared<RuleFile>(std::move(*file)));
  }
  return rules;
}

// They never change: all catalogs share one reading.
const Rules& builtin() {
  static const Rules rules = read_builtin();
  return rules;
}

}  // namespace

bool Catalog::add(RuleFile file) {
  const std::string id = file.rule.id;
  return own_.emplace(id, std::make_shared<RuleFile>(std::move(file))).second;
}

std::shared_ptr<const RuleFile> Catalog::find_rule(const std::string& id) const {
  for (const Rules* rules : {&own_, &builtin()}) {
    if (const auto found = rules->find(id); found != rules->end()) return found->second;
  }
  return nullptr;
}

std::vector<std::string> Catalog::all_rule_ids() const {
  Rules all = own_;
  all.insert(builtin().begin(), builtin().end());
  std::vector<std::string> ids;
  for (const auto& [id, file] : all) ids.push_back(id);
  return ids;
}

}  // namespace recoup::config
