#include "ledger/merge.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ledger/merge_files.h"
#include "ledger/merge_series.h"
#include "ledger/tables/columns.h"
#include "record/late.h"

namespace recoup::ledger {
namespace {

constexpr int kMostMerges = 10;  // against other writers

const core::Interval kAlways{core::Instant{}, core::kOpenEnd};

struct NumberedSeries {
  record::SeriesId id = 0;
  record::SeriesKey key;
};

// Those that are neither a file nor a trail: these have ways of their own.
std::vector<NumberedSeries> plain_series(Tables& from) {
  Statement read(from.connection,
                 "SELECT id, agreement, kind, name, part FROM series WHERE kind <> 'stream' "
                 "AND NOT EXISTS (SELECT 1 FROM file WHERE file.series = series.id) "
                 "ORDER BY agreement, kind, name, part");
  std::vector<NumberedSeries> all;
  for (Rows rows = read.query(); rows.next();) {
    all.push_back({rows.integer(0),
                   {rows.string(1), series_kind(rows.text(2)), rows.string(3), rows.string(4)}});
  }
  return all;
}

std::set<std::string> agreements_of(Tables& from) {
  std::set<std::string> all;
  for (const char* table : {"series", "exclusion", "claim_event"}) {
    Statement read(from.connection,
                   fmt::format("SELECT DISTINCT agreement FROM {}", table).c_str());
    for (Rows rows = read.query(); rows.next();) all.insert(rows.string(0));
  }
  return all;
}

std::uint64_t count(Tables& from, const char* table) {
  Statement read(from.connection, fmt::format("SELECT count(*) FROM {}", table).c_str());
  Rows rows = read.query();
  return rows.next() ? rows.count(0) : 0;
}

void merge_clock_steps(Merging& at) {
  const auto known = at.to.tallies.clock_steps(kAlways);
  for (const record::ClockStep& step : at.from.tallies.clock_steps(kAlways)) {
    const bool is_there = std::any_of(known.begin(), known.end(), [&](const auto& each) {
      return each.at == step.at && each.by == step.by && each.vantage == step.vantage;
    });
    if (is_there) continue;
    at.to.tallies.put(step);
    ++at.merged.steps;
  }
}

// Of two reasons for one time the first in the alphabet stays, whichever ledger came first.
void merge_exclusions(Merging& at, const std::string& agreement) {
  const auto known = at.to.exclusions.all(agreement);
  for (const core::ExclusionWindow& window : at.from.exclusions.all(agreement)) {
    const auto there = std::find_if(known.begin(), known.end(), [&](const auto& each) {
      return each.span.begin == window.span.begin && each.span.end == window.span.end;
    });
    if (there != known.end() && there->reason <= window.reason) continue;
    at.to.exclusions.put(agreement, window);
    ++at.merged.exclusions;
  }
}

void merge_claims(Merging& at, const std::string& agreement) {
  const auto known = at.to.claims.all(agreement);
  for (const record::ClaimEvent& event : at.from.claims.all(agreement)) {
    if (std::find(known.begin(), known.end(), event) != known.end()) continue;
    at.to.claims.add(event);
    ++at.merged.claim_steps;
  }
}

void merge_digests(Merging& at, const std::string& agreement) {
  record::DigestEvidence digests = at.from.digests.find(agreement, kAlways, core::Millis(0));
  std::erase_if(digests.files, [](const record::CheckedFile& one) { return one.says.empty(); });
  if (!digests.empty() || !digests.files.empty()) at.to.digests.put(digests);
}

void merge_incidents(Merging& at, const std::set<std::string>& agreements) {
  std::vector<record::ToldIncident> told;
  for (const core::ProviderIncident& one : at.from.incidents.find(kAlways)) {
    told.push_back({one, {agreements.begin(), agreements.end()}});
  }
  for (const record::KeptIncident& kept : at.to.incidents.put(told)) {
    if (kept.change != record::KeptIncident::Change::same) ++at.merged.incidents;
  }
}

// What people were told of one ledger they are not told again of both.
void merge_told(Merging& at) {
  // A spool keeps its lease there.
  Statement read(at.from.connection,
                 "SELECT name, at_ms FROM told WHERE name <> 'lease' ORDER BY name");
  for (Rows rows = read.query(); rows.next();) {
    at.to.told.add(rows.string(0), instant(rows.integer(1)));
  }
}

void merge_all(Merging& at) {
  for (const NumberedSeries& one : plain_series(at.from)) merge_series(at, one.id, one.key);
  const std::set<std::string> agreements = agreements_of(at.from);
  for (const std::string& agreement : agreements) {
    merge_files(at, agreement);
    merge_trails(at, agreement);
    merge_exclusions(at, agreement);
    merge_claims(at, agreement);
    merge_digests(at, agreement);
    at.to.tallies.check_total(agreement);
  }
  merge_incidents(at, agreements);
  merge_clock_steps(at);
  merge_told(at);
  for (const auto& [agreement, span] : at.touched) {
    if (span.empty()) continue;
    at.to.journal.add(
        agreement, {0, record::JournalEntry::Kind::gap, span, "", std::string(record::kCameLate)});
  }
  at.merged.seals = count(at.from, "seal");
  at.merged.stamps = count(at.from, "stamp");
  Statement removed(at.from.connection,
                    "SELECT CAST(coalesce(sum(records), 0) AS bigint) FROM evidence_removed");
  if (Rows rows = removed.query(); rows.next()) at.merged.removed = rows.count(0);
}

Merged merge_once(Database& from, Database& to) {
  Tables there(from.connection());
  const Transaction reading(from.connection(), Connection::Access::read);
  Tables here(to.connection());
  Transaction writing(to.connection(), Connection::Access::write);
  here.begin();
  to.check();
  Merging at{there, here};
  merge_all(at);
  writing.commit();
  return at.merged;
}

}  // namespace

core::Result<Merged> merge(const Address& from, const Address& into) {
  if (from == into) return core::Error{"expected two ledgers, got one twice", from.shown()};
  try {
    const auto source = from.open(Missing::refuse);
    const auto target = into.open(Missing::make);
    for (int tries = 1;; ++tries) {
      try {
        return merge_once(*source, *target);
      } catch (const Failure& failure) {
        if (failure.kind() != Failure::Kind::again || tries == kMostMerges) throw;
      }
    }
  } catch (const Failure& failure) {
    return describe("merge " + from.shown(), into.shown(), failure);
  }
}

}  // namespace recoup::ledger
