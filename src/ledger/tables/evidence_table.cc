#include "ledger/tables/evidence_table.h"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "ledger/sql/connection.h"
#include "ledger/tables/chain_walk.h"
#include "ledger/tables/columns.h"
#include "ledger/tables/compared_table.h"
#include "record/hex.h"

namespace recoup::ledger {

using record::ChainHead;
using record::Evidence;

Evidence evidence_of(const Rows& row, int first, OutcomeIds& outcomes) {
  return {instant(row.integer(first)),
          row.count(first + 1),
          outcomes.outcome(row.integer(first + 2)),
          row.string(first + 3),
          millis(row.integer(first + 4)),
          row.string(first + 5),
          row.string(first + 6)};
}

namespace {

// With the resource that the series in the row's last column is of.
Evidence with_resource(Evidence record, const Rows& row,
                       const std::unordered_map<record::SeriesId, std::string>& resources) {
  if (resources.empty()) return record;
  const auto found = resources.find(row.integer(7));
  if (found != resources.end()) record.resource = found->second;
  return record;
}

}  // namespace

EvidenceTable::EvidenceTable(Connection& connection, OutcomeIds& outcomes, ResourceTable& resources,
                             FoldTable& folds, RemovedTable& removed)
    : outcomes_(outcomes),
      resources_(resources),
      folds_(folds),
      removed_(removed),
      put_(connection,
           "INSERT INTO evidence (series, at_ms, tie, outcome, request_id, duration_ms, peer, "
           "detail, position, link) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
           "ON CONFLICT (series, at_ms, tie) DO NOTHING"),
      known_(connection,
             "SELECT at_ms, tie FROM evidence WHERE series = $1 AND at_ms >= $2 AND at_ms <= $3"),
      find_end_(connection, "SELECT records, head FROM chain WHERE series = $1"),
      find_key_(connection, "SELECT agreement, kind, name, part FROM series WHERE id = $1"),
      put_end_(connection,
               "INSERT INTO chain (series, records, head) VALUES ($1, $2, $3) ON CONFLICT (series) "
               "DO UPDATE SET records = excluded.records, head = excluded.head"),
      remove_one_(connection,
                  "DELETE FROM evidence WHERE series = $1 AND at_ms >= $2 AND at_ms < $3 "
                  "AND tie = $4"),
      relink_(connection,
              "UPDATE evidence SET position = $1, link = $2 "
              "WHERE series = $3 AND at_ms = $4 AND tie = $5"),
      remove_records_(connection, "DELETE FROM evidence WHERE series = $1"),
      remove_end_(connection, "DELETE FROM chain WHERE series = $1"),
      read_(connection, ("SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail, "
                         "evidence.series "
                         "FROM series JOIN evidence ON evidence.series = series.id "
                         "WHERE series.agreement = $1 AND at_ms >= $2 AND at_ms < $3 AND NOT " +
                         kIsCompared + " ORDER BY at_ms, evidence.series, tie")
                            .c_str()),
      page_(connection, ("SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail, "
                         "evidence.series, series.name "
                         "FROM series JOIN evidence ON evidence.series = series.id "
                         "WHERE series.agreement = $1 AND at_ms >= $2 AND at_ms < $3 AND NOT " +
                         kIsCompared + " ORDER BY at_ms, evidence.series, tie LIMIT $4")
                            .c_str()),
      heads_(connection,
             "SELECT kind, name, part, records, head FROM series JOIN chain "
             "ON chain.series = series.id WHERE agreement = $1 AND EXISTS (SELECT 1 FROM evidence "
             "WHERE evidence.series = series.id AND at_ms >= $2 AND at_ms < $3) "
             "ORDER BY kind, name, part"),
      chains_(connection,
              "SELECT id, kind, name, part, coalesce(records, 0), coalesce(head, '') "
              "FROM series LEFT JOIN chain ON chain.series = series.id WHERE agreement = $1 "
              "ORDER BY kind, name, part"),
      chained_(connection,
               "SELECT position, link, at_ms, tie, outcome, request_id, duration_ms, peer, detail "
               "FROM evidence WHERE series = $1 ORDER BY position"),
      excess_(connection,
              "WITH recorded AS (SELECT evidence.series, at_ms / 60000 AS minute, outcome, "
              "count(*) AS records FROM series JOIN evidence ON evidence.series = series.id "
              "WHERE agreement = $1 GROUP BY evidence.series, at_ms / 60000, outcome) "
              "SELECT agreement, kind, name, part, recorded.minute, recorded.outcome, "
              "coalesce(tally.count, 0), records, recorded.series FROM recorded "
              "JOIN series ON series.id = recorded.series "
              "LEFT JOIN tally ON tally.series = recorded.series "
              "AND tally.minute = recorded.minute AND tally.outcome = recorded.outcome "
              "WHERE records > coalesce(tally.count, 0) "
              "ORDER BY kind, name, part, recorded.minute, recorded.outcome"),
      totals_(connection,
              "SELECT outcome, CAST(sum(counted) AS bigint), CAST(sum(recorded) AS bigint) FROM ("
              "SELECT outcome, count AS counted, 0 AS recorded FROM series "
              "JOIN tally ON tally.series = series.id WHERE agreement = $1 UNION ALL "
              "SELECT outcome, 0, 1 FROM series "
              "JOIN evidence ON evidence.series = series.id WHERE agreement = $1) AS seen "
              "GROUP BY outcome ORDER BY outcome"),
      folded_(connection,
              "SELECT tally_day.series, day, counts FROM series "
              "JOIN tally_day ON tally_day.series = series.id WHERE agreement = $1") {}

void EvidenceTable::begin() {
  ends_.clear();
  broken_.clear();
}

void EvidenceTable::put(record::SeriesId series, const Evidence& seen) {
  End& end = end_of(series);
  std::string link = end.link;
  linker_.advance(link, seen);
  const std::uint64_t added =
      put_.change(series, number(seen.at), seen.tie, outcomes_.id(seen.outcome), seen.request_id,
                  number(seen.duration), seen.peer, seen.detail, end.records + 1, Blob{link});
  if (added == 0) return;
  end = {std::move(link), end.records + 1, true};
}

void EvidenceTable::put(const std::vector<record::SeriesEvidence>& rows) {
  for (auto at = rows.begin(); at != rows.end();) {
    const record::SeriesId series = at->series;
    const auto end =
        std::find_if(at, rows.end(), [&](const auto& row) { return row.series != series; });
    put(series, std::span(at, end));
    at = end;
  }
}

void EvidenceTable::put(record::SeriesId series, std::span<const record::SeriesEvidence> rows) {
  if (rows.size() < 3) {
    for (const record::SeriesEvidence& row : rows) put(series, row.evidence);
    return;
  }
  auto known = known_among(series, rows);
  End& end = end_of(series);
  for (const record::SeriesEvidence& row : rows) {
    const Evidence& seen = row.evidence;
    if (!known.emplace(number(seen.at), seen.tie).second) continue;
    linker_.advance(end.link, seen);
    end.grew = true;
    put_.run(series, number(seen.at), seen.tie, outcomes_.id(seen.outcome), seen.request_id,
             number(seen.duration), seen.peer, seen.detail, ++end.records, Blob{end.link});
  }
}

// Which records there are in the time of these, by instant and tie.
std::set<std::pair<std::int64_t, std::uint64_t>> EvidenceTable::known_among(
    record::SeriesId series, std::span<const record::SeriesEvidence> rows) {
  const auto [first, last] = std::minmax_element(
      rows.begin(), rows.end(),
      [](const auto& a, const auto& b) { return a.evidence.at < b.evidence.at; });
  std::set<std::pair<std::int64_t, std::uint64_t>> known;
  Rows found = known_.query(series, number(first->evidence.at), number(last->evidence.at));
  while (found.next()) known.emplace(found.integer(0), found.count(1));
  return known;
}

void EvidenceTable::end() {
  for (const record::SeriesId series : broken_) chain_anew(series);
  broken_.clear();
  for (const auto& [series, end] : ends_) {
    if (end.grew) put_end_.run(series, end.records, Blob{end.link});
  }
}

EvidenceTable::End& EvidenceTable::end_of(record::SeriesId series) {
  const auto [at, is_new] = ends_.try_emplace(series);
  if (!is_new) return at->second;
  if (Rows found = find_end_.query(series); found.next()) {
    at->second = {std::string(found.blob(1)), found.count(0)};
  } else {
    at->second.link = first_link_of(series);
  }
  return at->second;
}

std::string EvidenceTable::first_link_of(record::SeriesId series) {
  Rows found = find_key_.query(series);
  if (!found.next()) throw Failure({fmt::format("expected a series with id {}, got none", series)});
  return record::first_link(found.string(0), found.string(1), found.string(2), found.string(3));
}

void EvidenceTable::remove(record::SeriesId series) {
  remove_records_.run(series);
  remove_end_.run(series);
  removed_.forget(series);
}

void EvidenceTable::remove(record::SeriesId series, const core::Interval& span, std::int64_t tie) {
  if (remove_one_.change(series, number(span.begin), number(span.end), tie) > 0) {
    broken_.insert(series);
  }
}

// Links what is left in its order. A link is of 32 bytes: the records are read before any changes.
void EvidenceTable::chain_anew(record::SeriesId series) {
  End end;
  end.grew = true;
  if (const auto begin = removed_.begin_of(series)) {
    end.link = begin->link;
    end.records = begin->records;
  } else {
    end.link = first_link_of(series);
  }
  std::vector<Evidence> left;
  {
    Rows rows = chained_.query(series);
    while (rows.next()) left.push_back(evidence_of(rows, 2, outcomes_));
  }
  for (const Evidence& one : left) {
    linker_.advance(end.link, one);
    relink_.run(++end.records, Blob{end.link}, series, number(one.at), one.tie);
  }
  ends_.erase(series);
  if (end.records == 0) {
    remove_end_.run(series);
  } else {
    ends_.emplace(series, std::move(end));
  }
}

void EvidenceTable::read(const std::string& agreement, const core::Interval& span,
                         const std::function<void(const Evidence&)>& each) {
  Rows rows = read_.query(agreement, number(span.begin), number(span.end));
  const auto resources = resources_.by_series(agreement);
  while (rows.next()) each(with_resource(evidence_of(rows, 0, outcomes_), rows, resources));
}

// The records of several series are put in order for each call, as far as the span goes: so it
// begins with a short one, and a page costs what it shows and not what the month has.
std::vector<Evidence> EvidenceTable::page(const std::string& agreement, const core::Interval& span,
                                          std::uint64_t skip, std::size_t most) {
  std::vector<Evidence> page;
  const auto resources = resources_.by_series(agreement);
  core::Millis length = std::chrono::minutes(5);
  for (core::Instant at = span.begin; at < span.end && page.size() < most; length *= 2) {
    const core::Instant end = length < span.end - at ? at + length : span.end;
    Rows rows = page_.query(agreement, number(at), number(end), skip + (most - page.size()));
    while (rows.next()) {
      if (skip > 0) {
        --skip;
      } else {
        page.push_back(with_resource(evidence_of(rows, 0, outcomes_), rows, resources));
        page.back().source = rows.string(8);
      }
    }
    at = end;
  }
  return page;
}

std::vector<ChainHead> EvidenceTable::heads(const std::string& agreement,
                                            const core::Interval& span) {
  std::vector<ChainHead> heads;
  Rows rows = heads_.query(agreement, number(span.begin), number(span.end));
  while (rows.next()) {
    heads.push_back({rows.string(0), rows.string(1), rows.string(2), rows.count(3),
                     record::to_hex(rows.blob(4))});
  }
  return heads;
}

std::vector<EvidenceTable::StoredChain> EvidenceTable::stored(const std::string& agreement) {
  std::vector<StoredChain> chains;
  Rows rows = chains_.query(agreement);
  while (rows.next()) {
    chains.push_back({rows.integer(0),
                      {agreement, series_kind(rows.text(1)), rows.string(2), rows.string(3)},
                      rows.count(4),
                      std::string(rows.blob(5))});
  }
  return chains;
}

std::vector<record::ChainFault> EvidenceTable::check_chains(const std::string& agreement,
                                                            const std::vector<ChainHead>& sealed) {
  std::vector<record::ChainFault> faults;
  const std::vector<StoredChain> chains = stored(agreement);
  for (const StoredChain& chain : chains) {
    record::ChainFault fault = walk(chain, sealed);
    if (!fault.what.empty()) faults.push_back(std::move(fault));
  }
  for (const ChainHead& head : sealed) {
    const auto is_here = [&](const StoredChain& chain) { return is_of(head, chain.key); };
    if (std::any_of(chains.begin(), chains.end(), is_here)) continue;
    faults.push_back({{agreement, series_kind(head.kind), head.name, head.part},
                      1,
                      "the series was taken out with all its records"});
  }
  return faults;
}

// The first fault of one chain; without words where it holds.
record::ChainFault EvidenceTable::walk(const StoredChain& chain,
                                       const std::vector<ChainHead>& sealed) {
  ChainWalk walk(chain.key, chain.records, chain.head, sealed);
  if (const auto begin = removed_.begin_of(chain.id)) {
    if (!walk.begin_at(begin->records, begin->link)) return walk.fault();
  }
  Rows rows = chained_.query(chain.id);
  while (rows.next()) {
    if (!walk.step(rows.count(0), rows.blob(1), evidence_of(rows, 2, outcomes_))) {
      return walk.fault();
    }
  }
  walk.finish();
  return walk.fault();
}

record::EvidenceCheck EvidenceTable::check_counts(const std::string& agreement) {
  record::EvidenceCheck check;
  for (Rows rows = excess_.query(agreement); rows.next();) {
    // What is not counted minute by minute may be folded.
    std::uint64_t counted = rows.count(6);
    if (counted == 0) counted = folds_.count(rows.integer(8), rows.integer(4), rows.integer(5));
    if (counted >= rows.count(7)) continue;
    record::SeriesKey series{rows.string(0), series_kind(rows.text(1)), rows.string(2),
                             rows.string(3)};
    if (!check.excess.empty() && check.excess.back().series == series) continue;
    check.excess.push_back({std::move(series), minute(rows.integer(4)),
                            outcomes_.outcome(rows.integer(5)), counted, rows.count(7)});
  }
  struct Total {
    std::uint64_t counted = 0, recorded = 0;
  };
  std::map<std::int64_t, Total> totals;  // by outcome
  for (Rows rows = totals_.query(agreement); rows.next();) {
    totals[rows.integer(0)] = {rows.count(1), rows.count(2)};
  }
  constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
  Rows days = folded_.query(agreement);
  FoldTable::read(days, -kAll, kAll, [&](const Rows&, const FoldTable::Count& one) {
    totals[one.outcome].counted += one.count;
  });
  for (const auto& [outcome, total] : totals) {
    if (total.counted == 0) continue;
    check.totals.push_back({outcomes_.outcome(outcome), total.counted, total.recorded});
  }
  return check;
}

}  // namespace recoup::ledger
