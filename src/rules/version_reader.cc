#include "rules/version_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/source_reader.h"
#include "rules/terms.h"

namespace recoup::rules {
namespace {

using core::Version;

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// What every figure and credit rests on has its clause, but for terms that are not known.
void check_clauses(const documents::Value& list, const Version& version) {
  if (!list.is_array() || holds(version.missing, "clauses")) return;
  for (const char* name : {"commitment", "error", "formula", "credits"}) {
    if (holds(version.missing, name)) continue;
    const bool named = std::any_of(version.clauses.begin(), version.clauses.end(),
                                   [&](const auto& clause) { return clause.name == name; });
    if (!named) list.complain(fmt::format("expected a clause named '{}', got none", name));
  }
}

// Whether the table, or the one whose terms it is read over, says the term. A credit that comes by
// itself has no deadline, and no list.
bool says(const documents::Table& table, const std::string& term,
          const documents::Table* under = nullptr) {
  if (under != nullptr && says(*under, term)) return true;
  const bool of_claim = term == "claim.deadline" || term == "claim.lists";
  return bool(find_term(table, term)) || (of_claim && find_term(table, "claim.automatic"));
}

// A complete version has all that a claim needs; a partial one has it or names it in `missing`. A
// contract may be without a minimum, a subject and exclusions.
void check_stated(const documents::Table& table, const documents::Value& status,
                  const Version& version, const documents::Table* under = nullptr) {
  static const std::vector<std::string> kTerms{"cycle",          "formula",     "error",
                                               "credits",        "credit_base", "clauses",
                                               "claim.deadline", "claim.lists"};
  const bool complete = version.status == core::Status::complete;
  const documents::Value claim = table.optional("claim");
  const bool wrong_claim = claim && !claim.is_table();
  for (const std::string& term : kTerms) {
    if (says(table, term, under) || holds(version.missing, term)) continue;
    if (wrong_claim && term.starts_with("claim.")) continue;
    if (complete) {
      status.complain(
          fmt::format("expected the key '{}' in a complete version, got none", term),
          under != nullptr
              ? "it may stand in each plan, or in what they have in common"
              : "or write status = \"partial\" and name what is not known in 'missing'");
    } else {
      status.complain(
          fmt::format("expected the key '{}', or its name in 'missing', got neither", term));
    }
  }
  const documents::Value own = table.optional("clauses");
  check_clauses(own || under == nullptr ? own : under->optional("clauses"), version);
}

void read_status(const documents::Table& table, Version& out) {
  const documents::Value status = table.required("status");
  const auto word = status.word({"complete", "partial"});
  const documents::Value missing = table.optional("missing");
  for (const documents::Value& item : missing.items()) {
    if (item.word(all_terms())) out.missing.push_back(*item.text());
  }
  if (!word) return;
  out.status = *word == 0 ? core::Status::complete : core::Status::partial;
  if (out.status == core::Status::complete && missing) {
    missing.complain("expected no 'missing' in a complete version, got one");
  }
  if (out.status == core::Status::partial && out.missing.empty() &&
      (!missing || (missing.is_array() && missing.items().empty()))) {
    status.complain(
        "expected 'missing' to name the terms of a partial version that are not known, got none");
  }
}

void read_commitment(const documents::Value& value, Version& out) {
  const auto percent = value.percent();
  if (!percent) return;
  out.commitment = percent->fraction;
  if (percent->fraction > core::Ratio::whole(0)) {
    out.commitment_text = percent->text;
  } else {
    value.complain(fmt::format("expected a commitment above 0, got '{}'", percent->text));
  }
}

// What a partial version measures by where its contract's own words are not known.
Version assumed() {
  Version version;
  version.time_zone = "UTC";
  version.formula = core::MeanOfIntervals{std::chrono::minutes(5), core::Silent::available};
  version.error.statuses = {{500, 599}};
  return version;
}

// A text that bears no date is known by the day it was read.
void read_dates(const documents::Table& table, Version& out) {
  const documents::Value effective = table.optional("effective");
  const documents::Value read = table.optional("read");
  out.effective = effective.date();
  out.read = read.date();
  if (effective && read) {
    read.complain("expected one of 'effective' and 'read', got both",
                  "'read' is for a text of which nobody knows when it came into force");
  } else if (!effective && !read) {
    (void)table.required("effective");
  }
  constexpr core::Changeover kMeanings[] = {core::Changeover::running, core::Changeover::next};
  const documents::Value changeover = table.optional("changeover");
  const auto word = changeover.word({"running-cycle", "next-cycle"});
  if (word) out.changeover = kMeanings[*word];
  if (word && read) changeover.complain("expected a version with 'effective', got one with 'read'");
}

// The newest text of which nobody knows when it came into force.
Version* newest_undated(core::Rule& rule) {
  const auto found = std::find_if(rule.versions.rbegin(), rule.versions.rend(),
                                  [](const auto& v) { return !v.effective; });
  return found == rule.versions.rend() ? nullptr : &*found;
}

// The day that the user knows a text to be in force since.
void supply_effective(const documents::Value& value, core::Rule& rule) {
  const auto day = value.date();
  if (!value) return;
  Version* version = newest_undated(rule);
  if (version == nullptr) {
    value.complain(fmt::format("expected no 'effective', as {} states it, got one", rule.id));
  } else if (day) {
    version->effective = day;
    version->supplied.push_back("effective");
  }
}

Version* newest_partial(core::Rule& rule) {
  const auto found = std::find_if(rule.versions.rbegin(), rule.versions.rend(),
                                  [](const auto& v) { return v.status == core::Status::partial; });
  return found == rule.versions.rend() ? nullptr : &*found;
}

// A plan's own terms over those in common.
Version read_plan(const documents::Table& plan, const documents::Table& table,
                  const Version& common) {
  Version version = common;
  const documents::Value commitment = plan.optional("commitment");
  if (!commitment && version.commitment_text.empty()) (void)plan.required("commitment");
  read_commitment(commitment, version);
  if (commitment && table.optional("credits") && !plan.optional("credits")) {
    commitment.complain("expected 'credits' beside a plan's own commitment, got none",
                        "those in common are for the commitment in common");
  }
  read_terms(plan, version);
  if (const documents::Value status = table.optional("status"))
    check_stated(plan, status, version, &table);
  return version;
}

// Moves the terms that the table states from `missing` to `supplied`.
void settle(const documents::Table& table, Version& version) {
  std::vector<std::string> missing;
  for (const std::string& term : version.missing) {
    auto& list = says(table, term) ? version.supplied : missing;
    list.push_back(term);
  }
  version.missing = std::move(missing);
  if (version.missing.empty()) version.status = core::Status::complete;
}

}  // namespace

core::Version read_version(const documents::Table& table) {
  Version version = assumed();
  read_dates(table, version);
  read_status(table, version);
  version.source = table.required("source").text().value_or("");
  read_sources(table, version);
  const bool has_plans = bool(table.optional("plan"));
  const documents::Value commitment =
      has_plans ? table.optional("commitment") : table.required("commitment");
  read_commitment(commitment, version);
  const documents::Value credits = table.optional("credits");
  if (credits && has_plans && !commitment) {
    credits.complain("expected 'credits' beside a commitment, got them in common without one",
                     "write them in each plan");
  }
  read_terms(table, version);
  const documents::Value status = table.optional("status");
  if (status && !has_plans) check_stated(table, status, version);
  return version;
}

std::map<std::string, core::Version> read_plans(const documents::Table& table,
                                                const core::Version& common) {
  std::map<std::string, core::Version> plans;
  const documents::Value value = table.optional("plan");
  const auto names = value.table();
  if (!names) return plans;
  if (names->empty()) value.complain("expected the terms of at least one plan, got none");
  for (const documents::Value& entry : names->entries()) {
    if (const auto plan = entry.table()) {
      plans.emplace(entry.key(), read_plan(*plan, table, common));
    }
  }
  return plans;
}

void supply_terms(const documents::Value& terms, core::Rule& rule) {
  const auto table = terms.table();
  if (!table) return;
  const documents::Value effective = table->optional("effective");
  supply_effective(effective, rule);
  Version* version = newest_partial(rule);
  if (version == nullptr && effective) {
    // Of a complete rule only the date can be open.
    core::in_order(rule.versions);
    return;
  }
  if (version == nullptr) {
    table->complain("expected no terms for a complete rule, got some",
                    fmt::format("{} states all its terms", rule.id));
    (void)table->entries();
    return;
  }
  for (const auto& [key, term] : all_term_keys()) {
    const documents::Value value = find_term(*table, key);
    if (!value || holds(version->missing, term)) continue;
    value.complain(
        fmt::format("expected a term that {} of {} lacks, got '{}'", rule.id,
                    core::to_text(version->date()), key),
        fmt::format("the contract states it; it lacks {}", fmt::join(version->missing, ", ")));
  }
  read_terms(*table, *version);
  settle(*table, *version);
  check_clauses(table->optional("clauses"), *version);
  core::in_order(rule.versions);
}

}  // namespace recoup::rules
