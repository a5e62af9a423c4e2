#include "ledger/tables/removed_table.h"

#include <algorithm>

#include "ledger/tables/columns.h"
#include "record/hex.h"

namespace recoup::ledger {

RemovedTable::RemovedTable(Connection& connection)
    : find_(connection, "SELECT records, link, until_ms FROM evidence_removed WHERE series = $1"),
      put_(connection,
           "INSERT INTO evidence_removed (series, records, until_ms, link) "
           "VALUES ($1, $2, $3, $4) ON CONFLICT (series) DO UPDATE SET records = excluded.records, "
           "until_ms = excluded.until_ms, link = excluded.link"),
      forget_(connection, "DELETE FROM evidence_removed WHERE series = $1"),
      all_(connection,
           "SELECT kind, name, part, records, until_ms, link FROM series JOIN evidence_removed "
           "ON evidence_removed.series = series.id WHERE agreement = $1 ORDER BY kind, name, part"),
      series_(connection,
              "SELECT id FROM series WHERE agreement = $1 AND EXISTS (SELECT 1 FROM evidence "
              "WHERE evidence.series = series.id AND at_ms < $2) ORDER BY id"),
      first_kept_(connection,
                  "SELECT count(position), min(position) FROM evidence "
                  "WHERE series = $1 AND at_ms >= $2"),
      last_(connection, "SELECT records FROM chain WHERE series = $1"),
      going_(connection,
             "SELECT at_ms, link, position FROM evidence "
             "WHERE series = $1 AND at_ms < $2 AND position <= $3"),
      remove_(connection,
              "DELETE FROM evidence WHERE series = $1 AND at_ms < $2 AND position <= $3") {}

std::optional<RemovedTable::Begin> RemovedTable::begin_of(record::SeriesId series) {
  Rows rows = find_.query(series);
  if (!rows.next()) return std::nullopt;
  return Begin{rows.count(0), std::string(rows.blob(1)), rows.integer(2)};
}

record::EvidenceTurn RemovedTable::remove(const record::EvidenceOrder& order) {
  std::vector<record::SeriesId> all;
  {
    Rows rows = series_.query(order.agreement, number(order.before));
    while (rows.next()) all.push_back(rows.integer(0));
  }
  record::EvidenceTurn turn{true, 0};
  for (const record::SeriesId series : all) remove(series, order, turn);
  return turn;
}

// The position of the last record before which none is newer. What came late stands behind newer
// ones, and stays until these may go.
std::uint64_t RemovedTable::last_to_go(record::SeriesId series, core::Instant before) {
  {
    Rows kept = first_kept_.query(series, number(before));
    if (kept.next() && kept.integer(0) > 0) return kept.count(1) - 1;
  }
  Rows end = last_.query(series);
  return end.next() ? end.count(0) : 0;
}

void RemovedTable::remove(record::SeriesId series, const record::EvidenceOrder& order,
                          record::EvidenceTurn& turn) {
  Begin begin = begin_of(series).value_or(Begin{});
  const std::uint64_t last = last_to_go(series, order.before);
  if (last <= begin.records) return;
  const std::uint64_t until = std::min(last, begin.records + order.records);
  {
    Rows going = going_.query(series, number(order.before), until);
    while (going.next()) {
      begin.until = std::max(begin.until, going.integer(0) + 1);
      if (going.count(2) == until) begin.link = going.blob(1);
    }
  }
  remove_.run(series, number(order.before), until);
  put_.run(series, until, begin.until, Blob{begin.link});
  turn.records += until - begin.records;
  turn.done = turn.done && until == last;
}

std::vector<record::RemovedEvidence> RemovedTable::all(const std::string& agreement) {
  std::vector<record::RemovedEvidence> all;
  Rows rows = all_.query(agreement);
  while (rows.next()) {
    all.push_back({{agreement, series_kind(rows.text(0)), rows.string(1), rows.string(2)},
                   rows.count(3),
                   instant(rows.integer(4)),
                   record::to_hex(rows.blob(5))});
  }
  return all;
}

}  // namespace recoup::ledger
