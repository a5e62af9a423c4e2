#include "rules/catalog.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "documents/near.h"

namespace recoup::rules {
namespace {

using core::Error;
using core::Result;

const Shelf<RuleFile>::Files& builtin() {
  static const auto files = [] {
    Shelf<RuleFile>::Files all;
    for (auto& [id, file] : Shelf<RuleFile>::read(builtin_rules(), parse_rule_file)) {
      if (file->plans.empty()) {
        all.emplace(id, std::move(file));
        continue;
      }
      for (RuleFile& one : by_plan(*file)) {
        const std::string own = one.rule.id;
        all.emplace(own, std::make_shared<RuleFile>(std::move(one)));
      }
    }
    return all;
  }();
  return files;
}

Result<Contract> version_of(const std::shared_ptr<const core::Rule>& rule,
                            const std::string& date) {
  std::string known;
  for (const core::Version& version : rule->versions) {
    const std::string own = core::to_text(version.date());
    if (own == date) return Contract{rule, &version};
    known += (known.empty() ? "" : ", ") + own;
  }
  return Error{fmt::format("expected the date of a version of {}, got '{}'", rule->id, date), "",
               "there are: " + known};
}

}  // namespace

Catalog::Catalog() : rules_(builtin()) {}

bool Catalog::add(RuleFile file) {
  bool is_new = true;
  for (RuleFile& one : by_plan(std::move(file))) {
    const std::string id = one.rule.id;
    is_new = rules_.add(id, std::move(one)) && is_new;
  }
  return is_new;
}

std::vector<std::string> Catalog::plans_of(const std::string& contract) const {
  std::vector<std::string> plans;
  for (const std::string& id : all_rule_ids()) {
    if (id.starts_with(contract + '/')) plans.push_back(id.substr(contract.size() + 1));
  }
  return plans;
}

Result<Contract> find_contract(const Catalog& catalog, const std::string& words,
                               std::optional<core::Month> month) {
  const auto at = words.find('@');
  const std::string id = words.substr(0, at);
  const auto file = catalog.find_rule(id);
  if (!file) {
    if (const auto plans = catalog.plans_of(id); !plans.empty()) {
      return Error{fmt::format("expected a plan of {}, got none", id), "",
                   fmt::format("there are: {}/{}", id, fmt::join(plans, ", " + id + '/'))};
    }
    return Error{fmt::format("expected a rule, got '{}'", id), "",
                 documents::did_you_mean(id, catalog.all_rule_ids(),
                                         "`recoup rules list` shows which there are")};
  }
  const std::shared_ptr<const core::Rule> rule(file, &file->rule);
  if (at != std::string::npos) return version_of(rule, words.substr(at + 1));
  const core::Version* version = month ? rule->in_force(*month) : nullptr;
  return Contract{rule, version != nullptr ? version : &rule->versions.back()};
}

}  // namespace recoup::rules
