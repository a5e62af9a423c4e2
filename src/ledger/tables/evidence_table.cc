#include "ledger/tables/evidence_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "ledger/sql/sqlite.h"
#include "ledger/tables/chain_walk.h"
#include "ledger/tables/columns.h"
#include "record/hex.h"

namespace recoup::ledger {

using record::ChainHead;
using record::Evidence;

Evidence evidence_of(const Rows& row, int first, OutcomeIds& outcomes) {
  return {instant(row.integer(first)),
          row.count(first + 1),
          outcomes.outcome(row.integer(first + 2)),
          std::string(row.text(first + 3)),
          core::Millis(row.integer(first + 4)),
          std::string(row.text(first + 5)),
          std::string(row.text(first + 6))};
}

EvidenceTable::EvidenceTable(Database& database, OutcomeIds& outcomes)
    : database_(database),
      outcomes_(outcomes),
      put_(database,
           "INSERT INTO evidence (series, at_ms, tie, outcome, request_id, duration_ms, peer, "
           "detail, position, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
           "ON CONFLICT (series, at_ms, tie) DO NOTHING"),
      find_end_(database, "SELECT records, head FROM chain WHERE series = ?"),
      find_key_(database, "SELECT agreement, kind, name, part FROM series WHERE id = ?"),
      put_end_(database,
               "INSERT INTO chain (series, records, head) VALUES (?, ?, ?) ON CONFLICT (series) "
               "DO UPDATE SET records = excluded.records, head = excluded.head"),
      remove_records_(database, "DELETE FROM evidence WHERE series = ?"),
      remove_end_(database, "DELETE FROM chain WHERE series = ?"),
      read_(database,
            "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail "
            "FROM series JOIN evidence ON evidence.series = series.id "
            "WHERE series.agreement = ? AND at_ms >= ? AND at_ms < ? "
            "ORDER BY at_ms, evidence.series, tie"),
      page_(database,
            "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail "
            "FROM series JOIN evidence ON evidence.series = series.id "
            "WHERE series.agreement = ? AND at_ms >= ? AND at_ms < ? "
            "ORDER BY at_ms, evidence.series, tie LIMIT ?"),
      heads_(database,
             "SELECT kind, name, part, records, head FROM series JOIN chain "
             "ON chain.series = series.id WHERE agreement = ? AND EXISTS (SELECT 1 FROM evidence "
             "WHERE evidence.series = series.id AND at_ms >= ? AND at_ms < ?) "
             "ORDER BY kind, name, part"),
      chains_(database,
              "SELECT id, kind, name, part, coalesce(records, 0), coalesce(head, x'') "
              "FROM series LEFT JOIN chain ON chain.series = series.id WHERE agreement = ? "
              "ORDER BY kind, name, part"),
      chained_(database,
               "SELECT position, link, at_ms, tie, outcome, request_id, duration_ms, peer, detail "
               "FROM evidence WHERE series = ? ORDER BY position") {}

void EvidenceTable::begin() { ends_.clear(); }

void EvidenceTable::put(record::SeriesId series, const Evidence& seen) {
  End& end = end_of(series);
  std::string link = end.link;
  linker_.advance(link, seen);
  put_.run(series, number(seen.at), seen.tie, outcomes_.id(seen.outcome), seen.request_id,
           number(seen.duration), seen.peer, seen.detail, end.records + 1, Blob{link});
  if (!database_.changed()) return;
  end = {std::move(link), end.records + 1, true};
}

void EvidenceTable::end() {
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
  return record::first_link(std::string(found.text(0)), std::string(found.text(1)),
                            std::string(found.text(2)), std::string(found.text(3)));
}

void EvidenceTable::remove(record::SeriesId series) {
  remove_records_.run(series);
  remove_end_.run(series);
}

void EvidenceTable::read(const std::string& agreement, const core::Interval& span,
                         const std::function<void(const Evidence&)>& each) {
  Rows rows = read_.query(agreement, number(span.begin), number(span.end));
  while (rows.next()) each(evidence_of(rows, 0, outcomes_));
}

// The records of several series are put in order for each call, as far as the span goes: so it
// begins with a short one, and a page costs what it shows and not what the month has.
std::vector<Evidence> EvidenceTable::page(const std::string& agreement, const core::Interval& span,
                                          std::uint64_t skip, std::size_t most) {
  std::vector<Evidence> page;
  core::Millis length = std::chrono::minutes(5);
  for (core::Instant at = span.begin; at < span.end && page.size() < most; length *= 2) {
    const core::Instant end = length < span.end - at ? at + length : span.end;
    Rows rows = page_.query(agreement, number(at), number(end), skip + (most - page.size()));
    while (rows.next()) {
      if (skip > 0) {
        --skip;
      } else {
        page.push_back(evidence_of(rows, 0, outcomes_));
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
    heads.push_back({std::string(rows.text(0)), std::string(rows.text(1)),
                     std::string(rows.text(2)), rows.count(3), record::to_hex(rows.blob(4))});
  }
  return heads;
}

std::vector<EvidenceTable::StoredChain> EvidenceTable::stored(const std::string& agreement) {
  std::vector<StoredChain> chains;
  Rows rows = chains_.query(agreement);
  while (rows.next()) {
    chains.push_back({rows.integer(0),
                      {agreement, series_kind(rows.text(1)), std::string(rows.text(2)),
                       std::string(rows.text(3))},
                      rows.count(4),
                      std::string(rows.blob(5))});
  }
  return chains;
}

std::vector<record::ChainFault> EvidenceTable::check(const std::string& agreement,
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
  Rows rows = chained_.query(chain.id);
  while (rows.next()) {
    if (!walk.step(rows.count(0), rows.blob(1), evidence_of(rows, 2, outcomes_))) {
      return walk.fault();
    }
  }
  walk.finish();
  return walk.fault();
}

}  // namespace recoup::ledger
