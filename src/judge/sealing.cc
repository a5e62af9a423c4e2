#include "judge/sealing.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/figures.h"
#include "judge/removed_evidence.h"
#include "record/canonical.h"
#include "record/late.h"

namespace recoup::judge {
namespace {

using core::Instant;
using core::Interval;
using core::Result;
using record::JournalEntry;
using record::Seal;
using Kind = record::JournalEntry::Kind;
using Sentences = std::vector<std::string>;

std::string span_words(const Interval& span) {
  return fmt::format("{} to {}", core::to_text(span.begin), core::to_text(span.end));
}

// --- what the ledger holds of a cycle -----------------------------------------------------------

struct Held {
  std::string tallies_sha256;
  std::string evidence_sha256;
  std::uint64_t evidence_records = 0;
};

Result<Held> held(ledger::Ledger& ledger, const std::string& agreement, const Interval& cycle) {
  const auto tallies = ledger.tallies(agreement, cycle);
  if (!tallies) return tallies.error();
  record::EvidenceDigest evidence;
  const auto read =
      ledger.evidence(agreement, cycle, [&](const record::Evidence& one) { evidence.add(one); });
  if (!read) return read.error();
  return Held{record::sha256_hex(record::canonical_tallies(*tallies)), evidence.hex(),
              evidence.count()};
}

// --- why a revision differs ---------------------------------------------------------------------

// The last part of a path: where a file lay is the user's own business.
std::string file_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

std::string sentence(const JournalEntry& entry) {
  switch (entry.kind) {
    case Kind::file_removed: return "log file taken back: " + entry.replaces;
    case Kind::file:
      return fmt::format("log file imported: {}{}", file_name(entry.text),
                         entry.replaces.empty() ? "" : ", a longer copy of one that was there");
    case Kind::gap:
      if (entry.replaces == record::kCameLate) {
        return "time counted while the database was away, and recorded afterwards: " +
               span_words(entry.span);
      }
      return fmt::format("time recorded {}: {}",
                         entry.text.empty() ? "in which the service did not run"
                                            : "that the log " + entry.text + " did not see",
                         span_words(entry.span));
    case Kind::compared:
      return fmt::format("the log {} is compared with others now, and not counted", entry.text);
    case Kind::counted: return fmt::format("the log {} is counted now", entry.text);
    case Kind::resource: return "what was counted by " + entry.text;
    case Kind::query:
      return fmt::format("the query {} has other counts now: {}", entry.text,
                         span_words(entry.span));
    case Kind::exclusion:
    case Kind::exclusion_removed: return "";  // the seals themselves say which
    case Kind::incident:
    case Kind::incident_removed: return "";  // no figure rests on them
  }
  return "";
}

Sentences reasons(const std::vector<JournalEntry>& entries, const Interval& cycle) {
  Sentences all;
  for (const JournalEntry& entry : entries) {
    std::string one = entry.span.overlaps(cycle) ? sentence(entry) : "";
    if (!one.empty() && std::find(all.begin(), all.end(), one) == all.end()) {
      all.push_back(std::move(one));
    }
  }
  return all;
}

// What changed against the revision before, and why.
Sentences changes(const Seal& before, const Seal& after, const std::vector<JournalEntry>& since) {
  Sentences all = record::seal_changes(before, after);
  if (all.empty()) return all;
  const bool other_data = before.tallies_sha256 != after.tallies_sha256 ||
                          before.evidence_sha256 != after.evidence_sha256;
  Sentences why = reasons(since, after.cycle);
  if (other_data && why.empty()) {
    why = {"the ledger holds other counts or evidence, and no import explains it"};
  }
  all.insert(all.end(), why.begin(), why.end());
  return all;
}

// --- a new seal ---------------------------------------------------------------------------------

void set_verdict(Seal& seal, const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  seal.agreement = judgement.agreement.id;
  seal.month = a.cycle.month;
  seal.cycle = a.cycle.span;
  seal.rule = judgement.rule->id;
  seal.version = judgement.version->date();
  seal.rule_digest = judgement.version->digest;
  seal.assessment_sha256 = record::sha256_hex(record::canonical_assessment(a));
  seal.charge_sha256 = record::sha256_hex(record::canonical_charge(judgement.credit.charge));
  seal.requests = a.totals.requests;
  seal.errors = a.totals.errors;
  seal.measured = core::measured_share(a);
  seal.uptime = a.uptime;
  seal.share = judgement.credit.share;
  if (judgement.credit.charge) {
    seal.charge = judgement.credit.charge->amount;
    seal.charge_from = judgement.credit.charge->from;
  }
  seal.amount = judgement.credit.amount;
  seal.eligible = judgement.credit.eligible;
  seal.deadline = a.first_deadline();
  for (const auto& [window, without] : a.exclusions) {
    seal.exclusions.push_back(span_words(window.span) + ": " + window.reason);
  }
  std::sort(seal.exclusions.begin(), seal.exclusions.end());
}

// Evidence that was removed is as it was sealed, whatever is left of it: the seal keeps its word.
Result<void> keep_removed(ledger::Upkeep& ledger, Seal& seal, const Seal& before) {
  const auto removed = evidence_removed_until(ledger, seal.agreement);
  if (!removed) return removed.error();
  if (!*removed || **removed <= seal.cycle.begin) return {};
  seal.evidence_sha256 = before.evidence_sha256;
  seal.evidence_records = before.evidence_records;
  seal.chain = before.chain;
  return {};
}

Result<Seal> first_revision(ledger::Ledger& ledger, const core::Judgement& judgement,
                            std::uint64_t journal, Instant now) {
  Seal seal;
  seal.at = now;
  seal.journal = journal;
  set_verdict(seal, judgement);
  const auto data = held(ledger, seal.agreement, seal.cycle);
  if (!data) return data.error();
  seal.tallies_sha256 = data->tallies_sha256;
  seal.evidence_sha256 = data->evidence_sha256;
  seal.evidence_records = data->evidence_records;
  auto chain = ledger.chain(seal.agreement, seal.cycle);
  if (!chain) return chain.error();
  seal.chain = *std::move(chain);
  return seal;
}

// Whether the charge may be another one tomorrow, or cannot be read today.
bool is_open(const core::Credit& credit) {
  if (!credit.charge) return !credit.charge_error.empty();
  return credit.charge->from == "bill" && !credit.charge->final;
}

// The seal with the charge of the one before, and what follows from it.
Seal with_charge_of(const Seal& before, Seal seal) {
  seal.charge_sha256 = before.charge_sha256;
  seal.charge = before.charge;
  seal.charge_from = before.charge_from;
  seal.amount = before.amount;
  seal.eligible = before.eligible;
  return seal;
}

// Whether the seal says anything that makes it a revision after `before`.
bool makes_revision(const Seal& before, const Seal& seal, const core::Credit& credit,
                    OpenCharge open) {
  const bool waits = open == OpenCharge::waits || !credit.charge;
  const bool keeps_charge = before.charge && is_open(credit) && waits;
  return !record::seal_changes(before, keeps_charge ? with_charge_of(before, seal) : seal).empty();
}

// Makes the seal the revision after `before`, where there is news; whether there is.
Result<bool> follow(ledger::Journal& ledger, Seal& seal, const Seal& before,
                    const core::Credit& credit, OpenCharge open) {
  if (!makes_revision(before, seal, credit, open)) return false;
  // The amount that was sealed is not given up for a file that is away for a moment.
  if (before.charge && !credit.charge_error.empty()) {
    return core::Error{"expected a charge for the new revision, got none: " + credit.charge_error,
                       fmt::format("{} {}", seal.agreement, core::to_text(seal.month)),
                       "the month stays as it was sealed until the charge can be read"};
  }
  const auto since = ledger.journal(seal.agreement, before.journal);
  if (!since) return since.error();
  seal.revision = before.revision + 1;
  seal.previous = before.digest;
  seal.changes = changes(before, seal, *since);
  return true;
}

// --- checks -------------------------------------------------------------------------------------

std::string name_of(const Seal& seal) {
  return fmt::format("revision {} of {} {}", seal.revision, seal.agreement,
                     core::to_text(seal.month));
}

// Whether the seal is the one that the ledger keeps, and follows the one before.
void check_place(const std::vector<Seal>& seals, const Seal& seal, Sentences& faults) {
  const auto revision = [&](int number) {
    return std::find_if(seals.begin(), seals.end(), [&](const Seal& one) {
      return one.month == seal.month && one.revision == number;
    });
  };
  const auto kept = revision(seal.revision);
  if (kept == seals.end()) {
    faults.push_back(name_of(seal) + " is not in the ledger");
  } else if (kept->digest != seal.digest) {
    faults.push_back(fmt::format("{}: expected the digest {} as in the ledger, got {}",
                                 name_of(seal), kept->digest, seal.digest));
  }
  const auto before = revision(seal.revision - 1);
  const std::string previous = before == seals.end() ? "" : before->digest;
  if (seal.previous != previous) {
    faults.push_back(fmt::format("{}: expected '{}' as the digest of the revision before, got '{}'",
                                 name_of(seal), previous, seal.previous));
  }
}

// Whether the day that a trail's series is of, by its part, is touched by the span.
bool is_of(const std::string& part, const Interval& span) {
  const auto day = core::parse_date(part);
  if (!day) return false;
  const Instant begin = std::chrono::sys_days(*day);
  return span.overlaps({begin, begin + std::chrono::days(1)});
}

// What seals say of files that a longer copy has taken the place of, or that were taken back since,
// holds of nothing any more.
Result<std::vector<record::ChainHead>> heads_to_hold(ledger::Journal& ledger, const Seal& seal) {
  const auto entries = ledger.journal(seal.agreement, 0);
  if (!entries) return entries.error();
  std::set<std::string> replaced;
  std::vector<Interval> taken_back;
  for (const JournalEntry& entry : *entries) {
    replaced.insert(entry.replaces);
    if (entry.kind == Kind::file_removed && entry.id > seal.journal)
      taken_back.push_back(entry.span);
  }
  std::vector<record::ChainHead> heads = seal.chain;
  std::erase_if(heads, [&](const record::ChainHead& head) {
    const auto kind = record::parse_series_kind(head.kind);
    if (kind == record::SeriesKind::file) return replaced.contains(head.part);
    return kind == record::SeriesKind::stream &&
           std::any_of(taken_back.begin(), taken_back.end(),
                       [&](const Interval& span) { return is_of(head.part, span); });
  });
  return heads;
}

Result<void> check_chains(ledger::Ledger& ledger, const Seal& seal, Sentences& faults) {
  const auto heads = heads_to_hold(ledger, seal);
  if (!heads) return heads.error();
  const auto found = ledger.check_chain(seal.agreement, *heads);
  if (!found) return found.error();
  for (const record::ChainFault& fault : *found) {
    faults.push_back(fmt::format("evidence of the {} {} ({}): {}",
                                 record::to_text(fault.series.kind), fault.series.name,
                                 fault.series.part, fault.what));
  }
  return {};
}

// What the journal says that touched the seal's month since, by name.
Result<Sentences> touched_since(ledger::Journal& ledger, const Seal& seal) {
  const auto entries = ledger.journal(seal.agreement, seal.journal);
  if (!entries) return entries.error();
  Sentences names;
  for (const JournalEntry& entry : *entries) {
    if (!entry.is_of_figures() || !entry.span.overlaps(seal.cycle)) continue;
    if (std::find(names.begin(), names.end(), entry.text) == names.end())
      names.push_back(entry.text);
  }
  return names;
}

Result<void> check_data(ledger::Ledger& ledger, const Seal& seal, SealCheck& check) {
  auto now = held(ledger, seal.agreement, seal.cycle);
  if (!now) return now.error();
  const auto removed = evidence_removed_until(ledger, seal.agreement);
  if (!removed) return removed.error();
  if (*removed && **removed > seal.cycle.begin) {
    check.removed.push_back(fmt::format(
        "{}: evidence from before {} was removed, as [keep] says: what is left of its {} records "
        "is not compared with the seal; its counts are, and the chains from there on",
        name_of(seal), core::to_text(**removed), seal.evidence_records));
    now->evidence_sha256 = seal.evidence_sha256;
  }
  const bool differs =
      now->tallies_sha256 != seal.tallies_sha256 || now->evidence_sha256 != seal.evidence_sha256;
  const auto since = touched_since(ledger, seal);
  if (!since) return since.error();
  if (differs && !since->empty()) {
    check.waiting.push_back(fmt::format(
        "{}: {} changed the month since: its counts are not checked until it has its next "
        "revision, "
        "which recoup run makes within a minute",
        name_of(seal),
        since->size() == 1 ? since->front()
                           : fmt::format("{} and {} more", since->front(), since->size() - 1)));
    return {};
  }
  Sentences& faults = check.faults;
  if (now->tallies_sha256 != seal.tallies_sha256) {
    faults.push_back(
        fmt::format("{}: the counts are not those that were sealed: expected {}, got {}",
                    name_of(seal), seal.tallies_sha256, now->tallies_sha256));
  }
  if (now->evidence_sha256 != seal.evidence_sha256) {
    faults.push_back(fmt::format(
        "{}: the evidence is not what was sealed: expected {} records with {}, got {} with {}",
        name_of(seal), seal.evidence_records, seal.evidence_sha256, now->evidence_records,
        now->evidence_sha256));
  }
  return {};
}

}  // namespace

const Seal* newest_seal(const std::vector<Seal>& seals, core::Month month) {
  // Revisions are in order.
  const auto found = std::find_if(seals.rbegin(), seals.rend(),
                                  [&](const Seal& seal) { return seal.month == month; });
  return found == seals.rend() ? nullptr : &*found;
}

Sentences verdict_changes(const Seal& seal, const core::Judgement& judgement) {
  Seal now = seal;
  now.charge.reset();
  now.charge_from.clear();
  now.exclusions.clear();
  set_verdict(now, judgement);
  if (!makes_revision(seal, now, judgement.credit, OpenCharge::waits)) return {};
  return record::seal_changes(seal, now);
}

Result<std::uint64_t> journal_end(ledger::Journal& ledger, const std::string& agreement) {
  const auto entries = ledger.journal(agreement, 0);
  if (!entries) return entries.error();
  return entries->empty() ? 0 : entries->back().id;
}

Result<std::vector<core::Month>> months_seen(ledger::TallyStore& ledger,
                                             const std::string& agreement, const core::Zone& zone) {
  std::vector<core::Month> months;
  Instant from;
  while (true) {
    const auto at = ledger.seen_from(agreement, from);
    if (!at) return at.error();
    if (!*at) return months;
    months.push_back(zone.month_of(**at));
    from = core::cycle_of(months.back(), zone).span.end;
  }
}

bool is_worth_a_seal(const core::Assessment& assessment) {
  // What an exclusion takes out was seen all the same.
  const auto runs = assessment.parts.runs();
  return assessment.probes.due() > 0 ||
         std::any_of(runs.begin(), runs.end(),
                     [](const core::IntervalRun& run) { return run.part.requests > 0; });
}

bool is_unmeasured(const Seal& seal) {
  // Only measured intervals have Requests that count.
  return seal.requests == 0;
}

Result<std::vector<MonthToSeal>> months_to_seal(ledger::Ledger& ledger,
                                                const std::string& agreement,
                                                const core::Zone& zone, Instant now,
                                                core::Millis grace, bool all) {
  const auto entries = ledger.journal(agreement, 0);
  if (!entries) return entries.error();
  const auto seen = months_seen(ledger, agreement, zone);
  if (!seen) return seen.error();
  const auto seals = ledger.seals(agreement);
  if (!seals) return seals.error();

  std::set<core::Month> known(seen->begin(), seen->end());
  for (const Seal& seal : *seals) {
    if (!is_unmeasured(seal)) known.insert(seal.month);
  }
  std::vector<MonthToSeal> months;
  const std::uint64_t end = entries->empty() ? 0 : entries->back().id;
  for (const core::Month month : known) {
    const Interval cycle = core::cycle_of(month, zone).span;
    if (now < cycle.end + grace) break;
    const Seal* newest = newest_seal(*seals, month);
    const auto is_news = [&](const JournalEntry& entry) {
      return entry.id > newest->journal && entry.is_of_figures() && entry.span.overlaps(cycle);
    };
    if (all || newest == nullptr || std::any_of(entries->begin(), entries->end(), is_news)) {
      months.push_back({month, end});
    }
  }
  return months;
}

Result<std::optional<Seal>> seal_if_due(ledger::Ledger& ledger, const core::Judgement& judgement,
                                        std::uint64_t journal, const record::SealKey* key,
                                        Instant now, core::Millis grace, OpenCharge open) {
  const core::Assessment& a = judgement.assessment;
  if (!a.complete || now < a.cycle.span.end + grace) return std::optional<Seal>();
  const auto seals = ledger.seals(judgement.agreement.id);
  if (!seals) return seals.error();
  const Seal* before = newest_seal(*seals, a.cycle.month);
  if (before == nullptr && !is_worth_a_seal(a)) return std::optional<Seal>();
  auto seal = first_revision(ledger, judgement, journal, now);
  if (!seal) return seal.error();

  if (before != nullptr) {
    if (auto done = keep_removed(ledger, *seal, *before); !done) return done.error();
    const auto differs = follow(ledger, *seal, *before, judgement.credit, open);
    if (!differs) return differs.error();
    if (!*differs) {
      if (journal <= before->journal) return std::optional<Seal>();
      const auto noted = ledger.note_sealed(seal->agreement, seal->month, journal);
      if (!noted) return noted.error();
      return std::optional<Seal>();
    }
  }
  record::close_seal(*seal, key);
  const auto added = ledger.add_seal(*seal);
  if (!added) return added.error();
  return std::optional<Seal>(*std::move(seal));
}

Result<SealCheck> check_seal(ledger::Ledger& ledger, const Seal& seal) {
  const auto seals = ledger.seals(seal.agreement);
  if (!seals) return seals.error();
  SealCheck check;
  check.faults = record::seal_faults(seal);
  check_place(*seals, seal, check.faults);
  if (auto done = check_chains(ledger, seal, check.faults); !done) return done.error();
  const Seal* newest = newest_seal(*seals, seal.month);
  if (newest == nullptr || newest->revision <= seal.revision) {
    if (auto done = check_data(ledger, seal, check); !done) return done.error();
  }
  return check;
}

}  // namespace recoup::judge
