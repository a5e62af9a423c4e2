#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "documents/files.h"
#include "documents/near.h"
#include "report/formula_words.h"

namespace recoup::cli {
namespace {

// So wide that a line of the list has 120 characters with the longest id of the catalog.
constexpr std::size_t kServiceWidth = 28;

// What a line of the list has room for, unless all is asked for.
std::string completeness(const core::Version& version, bool by_name) {
  if (version.status == core::Status::complete) return "complete";
  if (by_name) return "lacks " + listed(version.missing);
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
  auto sentences = report::words_of(version).definitions;
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
  if (!version.operations.empty()) {
    line("operations",
         fmt::format("{}: probes and logs must be of these alone", listed(version.operations)));
  }
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
  if (version.cap) line("at most", cap_in_words(*version.cap));
}

void show_claim(const core::Version& version) {
  const core::ClaimTerms& claim = version.claim;
  line("claim subject", claim.subject);
  if (claim.automatic) line("automatic", automatic_in_words(*claim.automatic));
  if (claim.not_before) line("not before", not_before_in_words(*claim.not_before));
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
  if (!version.summed_over.empty()) {
    line("to watch", fmt::format("one agreement for one of the {}, with resources = […], the names "
                                 "of all of them",
                                 version.summed_over));
  }
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

// Whether the text has the words in it, in whatever case.
bool has(const std::string& text, const std::string& words) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::search(text.begin(), text.end(), words.begin(), words.end(),
                     [&](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

bool is_asked_for(const core::Rule& rule, const RulesListOptions& options) {
  if (!options.provider.empty() && rule.provider != options.provider) return false;
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
  return {
      "expected contracts that fit, got none", "",
      "leave out --search, --complete or --provider; a contract that is not there is written as "
      "a rule file"};
}

}  // namespace

Exit rules_list(const RulesListOptions& options) {
  const auto catalog = load_catalog(options.config);
  if (!catalog) return complain(catalog.error(), kWrongWords);
  TextTable table({"RULE", "SERVICE", "PROMISED", "NEWEST", "OLDER", "STATUS"});
  std::set<std::string> providers;
  bool is_empty = true;
  for (const std::string& id : (*catalog)->all_rule_ids()) {
    const core::Rule& rule = (*catalog)->find_rule(id)->rule;
    providers.insert(rule.provider);
    if (!is_asked_for(rule, options)) continue;
    is_empty = false;
    const core::Version& newest = rule.versions.back();
    const std::size_t older = rule.versions.size() - 1;
    table.add({id, cut(rule.service, kServiceWidth), newest.commitment_text + " %",
               core::to_text(newest.date()) + (newest.effective ? "" : " read"),
               older == 0 ? "" : fmt::format("{}", older), completeness(newest, options.missing)});
  }
  if (is_empty) return complain(nothing_listed(options, providers), kCouldNot);
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
