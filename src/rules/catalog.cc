#include "rules/catalog.h"

#include <utility>

#include <fmt/format.h>

#include "documents/near.h"

namespace recoup::rules {
namespace {

using core::Error;
using core::Result;

const Shelf<RuleFile>::Files& builtin() {
  static const auto files = Shelf<RuleFile>::read(builtin_rules(), parse_rule_file);
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
  const std::string id = file.rule.id;
  return rules_.add(id, std::move(file));
}

Result<Contract> find_contract(const Catalog& catalog, const std::string& words,
                               std::optional<core::Month> month) {
  const auto at = words.find('@');
  const std::string id = words.substr(0, at);
  const auto file = catalog.find_rule(id);
  if (!file) {
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
