#include "cli/print_rule.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "claim/rule_json.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "report/contract_words.h"
#include "report/formula_words.h"
#include "report/json.h"

namespace recoup::cli {
namespace {

using core::Version;

// One line of what is shown.
struct Term {
  std::string label;
  std::string key;                   // of the term in a rule
  std::string words;                 // empty: the contract does not state it, and no line is shown
  std::vector<std::string> clauses;  // what clauses that say it may be named
};

// A partial rule must measure: what it lacks of that is assumed.
bool is_assumed(const Version& version, const Term& term) {
  const auto& missing = version.missing;
  return std::find(missing.begin(), missing.end(), term.key) != missing.end();
}

std::string strung(const std::vector<std::string>& sentences, const char* between) {
  return fmt::format("{}", fmt::join(sentences, between));
}

std::string tiers_in_words(const Version& version) {
  std::vector<std::string> tiers;
  for (const core::Tier& tier : version.credits) tiers.push_back(tier_in_words(tier));
  return strung(tiers, "; ");
}

std::string pace_in_words(const Version& version) {
  if (!version.shortest_period) return {};
  return fmt::format("not more often than every {}: closer Requests do not count",
                     core::to_text(*version.shortest_period));
}

std::string operations_in_words(const Version& version) {
  if (version.operations.empty()) return {};
  return fmt::format("{}: probes and logs must be of these alone", listed(version.operations));
}

// The terms in the order in which a month is judged by them.
std::vector<Term> terms_of(const Version& version) {
  const auto& claim = version.claim;
  const auto minimum =
      version.minimum_credit ? "more than " + core::to_text(*version.minimum_credit) : "";
  return {
      {"commitment", "commitment", version.commitment_text + " %", {"commitment"}},
      {"cycle",
       "cycle",
       fmt::format("{}, {}", report::cycle_words(version), version.time_zone),
       {"cycle"}},
      {"part of one", "cycle", part_month_in_words(version.part_month), {"part-month"}},
      {"uptime",
       "formula",
       strung(report::words_of(version).definitions, " "),
       {"formula", "availability", "silent", "downtime", "downtime-period", "interval", "window"}},
      {"Error",
       "error",
       error_in_words(version.error),
       {"error", "request", "transactions", "no-success", "repeats", "rate"}},
      {"not a Request", "error", listed(version.not_a_request), {}},
      {"operations", "error", operations_in_words(version), {"operations"}},
      {"probes", "error", pace_in_words(version), {"back-off"}},
      {"credits", "credits", tiers_in_words(version), {"credits", "maximum"}},
      {"charges", "credit_base", version.credit_base, {"credits"}},
      {"minimum", "minimum_credit", minimum, {"minimum"}},
      {"at most", "credit_base", version.cap ? cap_in_words(*version.cap) : "", {"maximum", "cap"}},
      {"claim subject", "claim.subject", claim.subject, {"subject"}},
      {"automatic",
       "claim.deadline",
       claim.automatic ? automatic_in_words(*claim.automatic) : "",
       {"automatic"}},
      {"first",
       "claim.deadline",
       claim.notice ? fmt::format("{}, within {} of an incident", claim.notice->how,
                                  core::to_text(claim.notice->within))
                    : "",
       {"notice"}},
      {"not before",
       "claim.deadline",
       claim.not_before ? not_before_in_words(*claim.not_before) : "",
       {"not-before"}},
      {"deadline",
       "claim.deadline",
       claim.deadline ? deadline_in_words(*claim.deadline) : "",
       {"deadline"}},
      {"credit due",
       "claim.deadline",
       claim.payment ? payment_in_words(*claim.payment) : "",
       {"payment"}},
      {"claim lists", "claim.lists", claim.lists, {"lists"}},
      {"claim needs", "claim.lists", strung(claim.needs, "; "), {}},
  };
}

// Sources numbers where the terms were read: 1 is where those were that have no other.
class Sources {
 public:
  explicit Sources(const Version& version) : version_(version) {
    all_.push_back(text(version.source, version.source_read, ""));
    for (const auto& [term, source] : version.sources) {
      const std::string words = text(source.at, source.read, source.note);
      if (std::find(all_.begin(), all_.end(), words) == all_.end()) all_.push_back(words);
    }
  }

  std::size_t number_of(const std::string& term) const {
    const auto own = version_.sources.find(term);
    if (own == version_.sources.end()) return 1;
    const auto& source = own->second;
    const auto found =
        std::find(all_.begin(), all_.end(), text(source.at, source.read, source.note));
    return static_cast<std::size_t>(found - all_.begin()) + 1;
  }

  const std::vector<std::string>& all() const { return all_; }

 private:
  static std::string text(const std::string& at, const std::string& read, const std::string& note) {
    return at + (read.empty() ? "" : ", read " + read) + (note.empty() ? "" : ": " + note);
  }

  const Version& version_;
  std::vector<std::string> all_;
};

void line(std::string_view label, const std::string& words) {
  constexpr std::size_t kWordsAt = 16;
  if (words.empty()) return;
  const std::string text = fmt::format("  {:<13} {}", label, words);
  const auto width = output_width();
  say(width ? wrapped(text, *width, kWordsAt) : text);
}

// Further ones stand under the first.
void lines(std::string_view label, const std::vector<std::string>& all) {
  for (const std::string& words : all) {
    line(label, words);
    label = "";
  }
}

// A line each, with the number of their source where that is not the first.
std::vector<std::string> in_words(const std::vector<core::Clause>& clauses, std::size_t source) {
  const std::string behind = source == 1 ? "" : fmt::format("  [source {}]", source);
  std::vector<std::string> words;
  for (const core::Clause& clause : clauses) {
    words.push_back(fmt::format("{}: {}{}", clause.name, clause.text, behind));
  }
  return words;
}

// "clauses formula, silent; source 1".
std::string basis(const Version& version, const Term& term, const Sources& sources) {
  std::vector<std::string> named;
  for (const std::string& name : term.clauses) {
    const bool stated = std::any_of(version.clauses.begin(), version.clauses.end(),
                                    [&](const auto& clause) { return clause.name == name; });
    if (stated) named.push_back(name);
  }
  const std::string source = fmt::format("source {}", sources.number_of(term.key));
  if (named.empty()) return source;
  return fmt::format("{} {}; {}", named.size() == 1 ? "clause" : "clauses", listed(named), source);
}

void print_head(const rules::Contract& contract) {
  const Version& version = *contract.version;
  say(prose(fmt::format("{}: {} ({})", contract.rule->id, contract.rule->service,
                        contract.rule->provider)));
  std::string date = core::to_text(version.date());
  if (!version.effective) {
    date += ": the day its text was read; when it came into force is not known";
  }
  if (contract.rule->versions.size() > 1) {
    date += fmt::format(" (there are {})", dates_of(*contract.rule));
  }
  line("version", date);
  line("status", status_in_words(version));
  line("one for each", listed(contract.rule->scope));
}

}  // namespace

void print_rule(const rules::Contract& contract) {
  const Version& version = *contract.version;
  const Sources sources(version);
  print_head(contract);
  for (const Term& term : terms_of(version)) {
    if (term.words.empty()) continue;
    const bool assumed = is_assumed(version, term);
    const bool read = !assumed || version.sources.contains(term.key);
    line(term.label, term.words + (assumed ? " (assumed)" : "") +
                         (read ? "  [" + basis(version, term, sources) + "]" : ""));
  }
  lines("exclusions", in_words(version.exclusions, sources.number_of("exclusions")));
  lines("clauses", in_words(version.clauses, sources.number_of("clauses")));
  std::vector<std::string> numbered;
  for (const std::string& source : sources.all()) {
    numbered.push_back(fmt::format("{}  {}", numbered.size() + 1, source));
  }
  lines(numbered.size() == 1 ? "source" : "sources", numbered);
  if (!version.summed_over.empty()) {
    line("to watch", fmt::format("one agreement with resources = […], the names of all {}, and "
                                 "resource = \"…\" in each probe and log of one",
                                 version.summed_over));
  }
  if (version.status == core::Status::partial) {
    line("to claim", "supply what it lacks in [agreement.terms] of recoup.toml");
  }
}

std::string rule_as_json(const rules::Contract& contract) {
  using Json = report::Json;
  const Version& version = *contract.version;
  Json json = claim::rule_json(*contract.rule, version);
  json["status"] = version.status == core::Status::complete ? "complete" : "partial";
  json["missing"] = version.missing;
  json["scope"] = contract.rule->scope;
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  Json sources = {{"read", or_null(version.source_read)}};
  for (const auto& [term, source] : version.sources) {
    sources[term] = {{"at", source.at}, {"read", source.read}, {"note", or_null(source.note)}};
  }
  json["sources"] = std::move(sources);
  return report::indented(json);
}

}  // namespace recoup::cli
