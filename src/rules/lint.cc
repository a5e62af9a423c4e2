#include "rules/lint.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/text.h"
#include "rules/rule_file.h"
#include "rules/source_reader.h"
#include "rules/terms.h"

namespace recoup::rules {
namespace {

using core::Ratio;
using core::Version;

bool is_missing(const Version& version, const std::string& term) {
  const auto& missing = version.missing;
  return std::find(missing.begin(), missing.end(), term) != missing.end();
}

void lint_missing(const documents::Table& table, const Version& version) {
  if (version.missing.empty()) return;
  table.optional("missing").warn(
      fmt::format("expected all terms of the contract, got a text that lacks {}",
                  fmt::join(version.missing, ", ")),
      "no claim is written before they stand here, or in [agreement.terms] of recoup.toml");
}

// The terms that are numbers, of those that the version states.
std::vector<std::string> numbers_of(const documents::Table& table, const Version& version) {
  std::vector<std::string> terms;
  for (const char* term :
       {"commitment", "formula", "error", "credits", "minimum_credit", "claim.deadline"}) {
    if (find_term(table, term) && !is_missing(version, term)) terms.emplace_back(term);
  }
  return terms;
}

void lint_sources(const documents::Table& table, const Version& version) {
  if (!version.source_read.empty()) return;
  std::vector<std::string> undated;
  for (const std::string& term : numbers_of(table, version)) {
    if (!version.sources.contains(term)) undated.push_back(term);
  }
  if (undated.empty()) return;
  table.optional("source").warn(
      fmt::format("expected the day on which it was read, got none for {}",
                  core::listed(undated, "and")),
      "write sources.read = DATE; pages change, and a number is only as good as its day");
}

void lint_tiers(const documents::Table& table, const Version& version) {
  const std::vector<documents::Value> tiers = table.optional("credits").items();
  for (std::size_t i = 1; i < version.credits.size() && i < tiers.size(); ++i) {
    const Ratio& above = version.credits[i - 1].credit;
    const Ratio& credit = version.credits[i].credit;
    if (credit > above || credit == Ratio()) continue;  // nothing below a bound is said on purpose
    const documents::Value percent = tiers[i].member("percent");
    percent.warn(fmt::format("expected more than the {} of the tier above, got '{}'",
                             core::short_percent(above), percent.text().value_or("")),
                 "contracts give more for less uptime: compare it with the text");
  }
}

// All numbers in the text that are written in digits.
std::vector<Ratio> numbers_in(const std::string& text) {
  std::vector<Ratio> numbers;
  constexpr std::string_view kDigits = "0123456789";
  for (auto at = text.find_first_of(kDigits); at != std::string::npos;) {
    auto end = std::min(text.find_first_not_of("0123456789.", at), text.size());
    while (text[end - 1] == '.') --end;
    if (const auto number = Ratio::parse(text.substr(at, end - at))) numbers.push_back(*number);
    at = text.find_first_of(kDigits, end);
  }
  return numbers;
}

struct Stated {
  std::string clause;
  std::vector<Ratio> percents;
};

// What the clauses of percentages must say in digits.
std::vector<Stated> percents_of(const Version& version) {
  const auto percent = [](const Ratio& share) { return share * Ratio::whole(100); };
  std::vector<Stated> all{{"commitment", {percent(version.commitment)}}, {"credits", {}}};
  for (const core::Tier& tier : version.credits) {
    all[1].percents.push_back(percent(tier.below));
    if (tier.credit > Ratio()) all[1].percents.push_back(percent(tier.credit));
  }
  return all;
}

documents::Value text_of(const documents::Table& table, const std::string& clause) {
  for (const documents::Value& item : table.optional("clauses").items()) {
    if (item.member("clause").text() == clause) return item.member("text");
  }
  return table.optional("clauses").member("");
}

void lint_percents(const documents::Table& table, const Version& version) {
  for (const Stated& stated : percents_of(version)) {
    const documents::Value text = text_of(table, stated.clause);
    if (!text) continue;
    const auto said = numbers_in(text.text().value_or(""));
    std::vector<std::string> unsaid;
    for (const Ratio& number : stated.percents) {
      if (std::find(said.begin(), said.end(), number) == said.end()) {
        unsaid.push_back(number.to_shortest(12));
      }
    }
    if (unsaid.empty()) continue;
    text.warn(fmt::format("expected the numbers of the terms, got none that is {}",
                          core::listed(unsaid, "or")),
              "the clause is what the number rests on: one of both is wrong");
  }
}

// Terms whose clause need not stand for the version to be complete, and its name.
void lint_clauses(const documents::Table& table, const Version& version) {
  const documents::Value clauses = table.optional("clauses");
  if (!clauses || is_missing(version, "clauses")) return;
  for (const auto& [term, name] : {std::pair<std::string, std::string>{"minimum_credit", "minimum"},
                                   {"claim.deadline", "deadline"},
                                   {"claim.notice", "notice"}}) {
    if (!find_term(table, term) || is_missing(version, term) || text_of(table, name)) continue;
    find_term(table, term)
        .warn(fmt::format("expected a clause named '{}' for this number, got none", name),
              fmt::format("add {{ clause = \"{}\", text = \"…\" }} to 'clauses'", name));
  }
  lint_percents(table, version);
}

void lint_scenarios(const documents::Table& table, const Version& version, const std::string& id,
                    const Scenarios& scenarios) {
  if (version.status != core::Status::complete) return;
  const std::string date = core::to_text(version.date());
  const auto found = scenarios.clauses.find(id + "@" + date);
  for (const documents::Value& item : table.optional("clauses").items()) {
    const documents::Value name = item.member("clause");
    const std::string clause = name.text().value_or("");
    if (found != scenarios.clauses.end() && found->second.contains(clause)) continue;
    name.warn(fmt::format("expected a scenario of the clause '{}', got none", clause),
              fmt::format("write a month with clause = \"{}\" in {}/{}-{}.toml", clause,
                          scenarios.folder, contract_id(id), date));
  }
}

const Version* version_at(const std::vector<Version>& versions, const core::Date& date) {
  const auto found = std::find_if(versions.begin(), versions.end(),
                                  [&](const Version& version) { return version.date() == date; });
  return found == versions.end() ? nullptr : &*found;
}

// What each plan says itself, and which clauses in common no scenario of it shows.
void lint_plans(const documents::Table& table, const core::Date& date, const RuleFile& file,
                const Scenarios* scenarios) {
  for (const documents::Value& entry : table.optional("plan").table()->entries()) {
    const auto plan = entry.table();
    const Version* version = version_at(file.plans.at(entry.key()), date);
    if (!plan || version == nullptr) continue;
    lint_tiers(*plan, *version);
    lint_percents(*plan, *version);
    if (scenarios == nullptr) continue;
    const std::string id = file.rule.id + '/' + entry.key();
    lint_scenarios(*plan, *version, id, *scenarios);
    lint_scenarios(table, *version, id, *scenarios);
  }
}

void lint(const documents::Table& root, const RuleFile& file, const Scenarios* scenarios) {
  for (const documents::Table& table : root.required("version").tables()) {
    const auto read = table.optional("read").date();
    const auto date = read ? read : table.optional("effective").date();
    const Version* version = date ? version_at(file.rule.versions, *date) : nullptr;
    if (version == nullptr) continue;
    lint_missing(table, *version);
    lint_sources(table, *version);
    lint_tiers(table, *version);
    lint_clauses(table, *version);
    if (table.optional("plan")) {
      lint_plans(table, *date, file, scenarios);
    } else if (scenarios != nullptr) {
      lint_scenarios(table, *version, file.rule.id, *scenarios);
    }
  }
}

}  // namespace

CheckedRule check_rule(const std::string& text, const std::string& path,
                       const Scenarios* scenarios) {
  documents::Document document(path, text);
  CheckedRule checked;
  RuleFile file;
  if (document.is_sound()) file = read_rule_file(document);
  if (const auto done = document.finish(); !done) {
    checked.findings = document.findings(documents::Document::Finding::error);
    checked.words = done.error().message;
    return checked;
  }
  lint(document.root(), file, scenarios);
  checked.rule = std::move(file.rule);
  checked.findings = document.findings(documents::Document::Finding::warning);
  checked.words = document.warnings();
  return checked;
}

}  // namespace recoup::rules
