#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "documents/files.h"
#include "report/formula_words.h"

namespace recoup::cli {
namespace {

// So wide that a line of the list has 120 characters with the longest id of the catalog.
constexpr std::size_t kServiceWidth = 28;

// What a line of the list has room for.
std::string completeness(const core::Version& version) {
  if (version.status == core::Status::complete) return "complete";
  const std::size_t lacks = version.missing.size();
  return fmt::format("lacks {} {}", lacks, lacks == 1 ? "term" : "terms");
}

std::string dates(const core::Rule& rule) {
  std::vector<std::string> all;
  for (const core::Version& version : rule.versions) all.push_back(core::to_text(version.date()));
  return listed(all);
}

void line(std::string_view name, const std::string& value) {
  if (!value.empty()) say(fmt::format("  {:<13} {}", name, value));
}

// Further lines of a name stand under the first.
void lines(std::string_view name, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    line(name, value);
    name = "";
  }
}

std::vector<std::string> clauses_in_words(const std::vector<core::Clause>& clauses) {
  std::vector<std::string> words;
  for (const core::Clause& clause : clauses) {
    words.push_back(fmt::format("{}: {}", clause.name, clause.text));
  }
  return words;
}

// A partial rule must measure: what it lacks of that is assumed.
std::string or_assumed(const core::Version& version, std::string_view term,
                       const std::string& words) {
  const auto& missing = version.missing;
  const bool lacks = std::find(missing.begin(), missing.end(), term) != missing.end();
  return lacks ? words + " (assumed)" : words;
}

std::vector<std::string> uptime_in_words(const core::Version& version) {
  auto sentences = report::words_of(version.formula).definitions;
  sentences.back() = or_assumed(version, "formula", sentences.back());
  return sentences;
}

void show_measure(const core::Version& version) {
  line("cycle",
       or_assumed(version, "cycle", fmt::format("a calendar month, {}", version.time_zone)));
  line("part of one", part_month_in_words(version.part_month));
  lines("uptime", uptime_in_words(version));
  line("Error", or_assumed(version, "error", error_in_words(version.error)));
  line("not a Request", listed(version.not_a_request));
  if (version.shortest_period) {
    line("probes", fmt::format("not more often than every {}: closer Requests do not count",
                               core::to_text(*version.shortest_period)));
  }
}

void show_credit(const core::Version& version) {
  std::vector<std::string> tiers;
  for (const core::Tier& tier : version.credits) tiers.push_back(tier_in_words(tier));
  lines("credits", tiers);
  line("charges", version.credit_base);
  if (version.minimum_credit) {
    line("minimum", "more than " + core::to_text(*version.minimum_credit));
  }
}

void show_claim(const core::Version& version) {
  const core::ClaimTerms& claim = version.claim;
  line("claim subject", claim.subject);
  if (claim.deadline) line("deadline", deadline_in_words(*claim.deadline));
  line("claim lists", claim.lists);
  lines("claim needs", claim.needs);
}

void show(const rules::Contract& contract) {
  const core::Version& version = *contract.version;
  say(fmt::format("{}: {} ({})", contract.rule->id, contract.rule->service,
                  contract.rule->provider));
  std::string version_line = core::to_text(version.date());
  if (!version.effective) {
    version_line += ": the day its text was read; when it came into force is not known";
  }
  if (contract.rule->versions.size() > 1) {
    version_line += fmt::format(" (there are {})", dates(*contract.rule));
  }
  line("version", version_line);
  line("status", status_in_words(version));
  line("source", version.source);
  line("one for each", listed(contract.rule->scope));
  line("commitment", version.commitment_text + " %");
  show_measure(version);
  show_credit(version);
  show_claim(version);
  lines("exclusions", clauses_in_words(version.exclusions));
  lines("clauses", clauses_in_words(version.clauses));
  if (version.status == core::Status::partial) {
    line("to claim", "supply what it lacks in [agreement.terms] of recoup.toml");
  }
}

core::Result<std::string> check_file(const std::string& path) {
  const auto text = documents::read_file(path);
  if (!text) return text.error();
  const auto rule = rules::parse_rule(*text, path);
  if (!rule) return rule.error();
  return fmt::format("{}: correct: {}, {} of {}", path, rule->id,
                     rule->versions.size() == 1 ? "version" : "versions", dates(*rule));
}

}  // namespace

Exit rules_list(const RulesListOptions& options) {
  const auto catalog = load_catalog(options.config);
  if (!catalog) return complain(catalog.error(), kWrongWords);
  TextTable table({"RULE", "SERVICE", "PROMISED", "NEWEST", "OLDER", "STATUS"});
  for (const std::string& id : (*catalog)->all_rule_ids()) {
    const core::Rule& rule = (*catalog)->find_rule(id)->rule;
    const core::Version& newest = rule.versions.back();
    const std::size_t older = rule.versions.size() - 1;
    table.add({id, cut(rule.service, kServiceWidth), newest.commitment_text + " %",
               core::to_text(newest.date()) + (newest.effective ? "" : " read"),
               older == 0 ? "" : fmt::format("{}", older), completeness(newest)});
  }
  table.print();
  return kDone;
}

Exit rules_show(const RulesShowOptions& options) {
  const auto catalog = load_catalog(options.config);
  if (!catalog) return complain(catalog.error(), kWrongWords);
  const auto contract = rules::find_contract(**catalog, options.rule, std::nullopt);
  if (!contract) return complain(contract.error(), kWrongWords);
  show(*contract);
  return kDone;
}

Exit rules_check(const RulesCheckOptions& options) {
  Exit exit = kDone;
  for (const std::string& path : options.files) {
    const auto checked = check_file(path);
    if (checked) {
      say(*checked);
    } else {
      exit = complain(checked.error(), kWrongWords);
    }
  }
  return exit;
}

}  // namespace recoup::cli
