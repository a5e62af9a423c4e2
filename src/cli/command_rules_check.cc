#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "documents/files.h"
#include "report/json.h"
#include "rules/lint.h"

namespace recoup::cli {
namespace {

using core::Result;
using report::Json;

// The scenarios that the user names, or of the folder in which the program is called: where that
// has such a folder for something else, none.
Result<std::optional<rules::Scenarios>> find_scenarios(const std::string& named) {
  constexpr const char* kUsual = "tests/scenarios";
  const bool usual = named.empty();
  auto read = rules::read_scenarios(usual ? kUsual : named);
  if (read) return std::optional(*std::move(read));
  if (usual) return std::optional<rules::Scenarios>();
  return read.error();
}

Json finding_json(const documents::Complaint& finding) {
  return {{"severity", finding.warning ? "warning" : "error"},
          {"line", finding.at.line},
          {"column", finding.at.column},
          {"message", finding.message},
          {"help", finding.help.empty() ? Json() : Json(finding.help)}};
}

Json versions_json(const core::Rule& rule) {
  Json dates = Json::array();
  for (const core::Version& version : rule.versions) dates.push_back(core::to_text(version.date()));
  return dates;
}

Json file_json(const std::string& path, const rules::CheckedRule& checked) {
  Json findings = Json::array();
  for (const documents::Complaint& finding : checked.findings) {
    findings.push_back(finding_json(finding));
  }
  Json json = {{"file", path}, {"correct", checked.rule.has_value()}};
  json["rule"] = checked.rule ? Json(checked.rule->id) : Json();
  json["versions"] = checked.rule ? versions_json(*checked.rule) : Json::array();
  json["findings"] = std::move(findings);
  return json;
}

// A file that cannot be read has one error, about all of it.
rules::CheckedRule unreadable(const core::Error& error) {
  rules::CheckedRule checked;
  checked.findings = {{{}, error.message, error.help}};
  return checked;
}

Exit print(const std::string& path, const rules::CheckedRule& checked) {
  if (!checked.rule) return complain({checked.words}, kWrongWords);
  const std::size_t warnings = checked.findings.size();
  say(fmt::format(
      "{}: correct: {}, {} of {}{}", path, checked.rule->id,
      checked.rule->versions.size() == 1 ? "version" : "versions", dates_of(*checked.rule),
      warnings == 0 ? ""
                    : fmt::format("; {} {}", warnings, warnings == 1 ? "warning" : "warnings")));
  if (!checked.words.empty()) fmt::print(stderr, "{}\n", checked.words);
  return kDone;
}

}  // namespace

Exit rules_check(const RulesCheckOptions& options) {
  const auto scenarios = find_scenarios(options.scenarios);
  if (!scenarios) return complain(scenarios.error(), kWrongWords);
  Exit exit = kDone;
  Json all = Json::array();
  for (const std::string& path : options.files) {
    const auto text = documents::read_file(path);
    const auto checked = text ? rules::check_rule(*text, path, *scenarios ? &**scenarios : nullptr)
                              : unreadable(text.error());
    if (!checked.rule) exit = kWrongWords;
    if (options.json) {
      all.push_back(file_json(path, checked));
    } else if (!text) {
      complain(text.error(), kWrongWords);
    } else {
      print(path, checked);
    }
  }
  if (options.json) say(report::indented(all));
  return exit;
}

}  // namespace recoup::cli
