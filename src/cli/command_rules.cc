#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/print_rule.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "cli/workspace.h"
#include "documents/near.h"
#include "report/json.h"
#include "rules/uses.h"

namespace recoup::cli {
namespace {

// What a line of the list has room for, unless all is asked for.
std::string completeness(const core::Version& version, bool by_name) {
  if (version.status == core::Status::complete) return "complete";
  if (by_name) return "lacks " + listed(version.missing);
  const std::size_t lacks = version.missing.size();
  return fmt::format("lacks {} {}", lacks, lacks == 1 ? "term" : "terms");
}

// Whether the text has the words in it, in whatever case.
bool has(const std::string& text, const std::string& words) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::search(text.begin(), text.end(), words.begin(), words.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

bool is_asked_for(const core::Rule& rule, const RulesListOptions& options) {
  if (!options.provider.empty() && rule.provider != options.provider) return false;
  if (const rules::Use* use = rules::find_use(options.use); use != nullptr) {
    if (!std::binary_search(use->rules.begin(), use->rules.end(), rule.id)) return false;
  }
  if (options.complete && rule.versions.back().status != core::Status::complete) return false;
  return has(rule.id, options.search) || has(rule.service, options.search);
}

// Why no contract is listed.
core::Error nothing_listed(const RulesListOptions& options,
                           const std::set<std::string>& providers) {
  const std::vector<std::string> names(providers.begin(), providers.end());
  if (!options.provider.empty() && !providers.contains(options.provider)) {
    return {fmt::format("expected a provider of the catalog, got '{}'", options.provider), "",
            documents::did_you_mean(options.provider, names,
                                    fmt::format("the providers are {}", listed(names)))};
  }
  return {"expected contracts that fit, got none", "",
          "leave out --search, --complete, --use or --provider; a contract that is not there is "
          "written as "
          "a rule file"};
}

// What a line of the list says.
report::Json row_json(const core::Rule& rule) {
  const core::Version& newest = rule.versions.back();
  report::Json versions = report::Json::array();
  for (const core::Version& one : rule.versions) versions.push_back(core::to_text(one.date()));
  return {{"id", rule.id},
          {"provider", rule.provider},
          {"service", rule.service},
          {"commitment", newest.commitment_text},
          {"version", core::to_text(newest.date())},
          {"effective", newest.effective ? report::Json(core::to_text(*newest.effective))
                                         : report::Json(nullptr)},
          {"versions", std::move(versions)},
          {"status", newest.status == core::Status::complete ? "complete" : "partial"},
          {"missing", newest.missing}};
}

}  // namespace

Exit rules_list(const RulesListOptions& options) {
  if (!options.use.empty() && rules::find_use(options.use) == nullptr) {
    return complain(rules::unknown_use(options.use), kWrongWords);
  }
  const auto catalog = load_catalog(options.config);
  if (!catalog) return complain(catalog.error(), kWrongWords);
  TextTable table({Column("RULE").cut_to(24), Column("SERVICE").cut_to(24),
                   Column("PROMISED").right(), Column("NEWEST").goes(2),
                   Column("OLDER").right().goes(3), Column("STATUS").goes(1)});
  report::Json rows = report::Json::array();
  std::set<std::string> providers;
  for (const std::string& id : (*catalog)->all_rule_ids()) {
    const core::Rule& rule = (*catalog)->find_rule(id)->rule;
    providers.insert(rule.provider);
    if (!is_asked_for(rule, options)) continue;
    rows.push_back(row_json(rule));
    const core::Version& newest = rule.versions.back();
    const std::size_t older = rule.versions.size() - 1;
    table.add({id, rule.service, newest.commitment_text + " %",
               core::to_text(newest.date()) + (newest.effective ? "" : " read"),
               older == 0 ? "" : fmt::format("{}", older), completeness(newest, options.missing)});
  }
  if (rows.empty()) return complain(nothing_listed(options, providers), kCouldNot);
  if (options.json) {
    say(report::indented(rows));
  } else {
    table.print();
  }
  return kDone;
}

Exit rules_show(const RulesShowOptions& options) {
  const auto catalog = load_catalog(options.config);
  if (!catalog) return complain(catalog.error(), kWrongWords);
  const auto contract = rules::find_contract(**catalog, options.rule, std::nullopt);
  if (!contract) return complain(contract.error(), kWrongWords);
  if (options.json) {
    say(rule_as_json(*contract));
  } else {
    print_rule(*contract);
  }
  return kDone;
}

}  // namespace recoup::cli
