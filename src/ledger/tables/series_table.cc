#include "ledger/tables/series_table.h"

#include "ledger/sql/connection.h"
#include "ledger/tables/columns.h"

namespace recoup::ledger {

SeriesTable::SeriesTable(Connection& connection)
    : find_(connection,
            "SELECT id FROM series WHERE agreement = $1 AND kind = $2 AND name = $3 AND part = $4"),
      add_(connection,
           "INSERT INTO series (agreement, kind, name, part) VALUES ($1, $2, $3, $4) RETURNING id"),
      all_(connection,
           "SELECT id, kind, name, part, coalesce(checkpoint.series, 0), "
           "coalesce(watermark_ms, 0), coalesce(every_ms, 0), coalesce(place, ''), "
           "coalesce(targets, 1) "
           "FROM series LEFT JOIN checkpoint ON checkpoint.series = series.id "
           "WHERE agreement = $1 ORDER BY kind, name, part") {}

record::SeriesId SeriesTable::id(const record::SeriesKey& key) {
  if (Rows found = find_.query(key.agreement, to_text(key.kind), key.name, key.part);
      found.next()) {
    return found.integer(0);
  }
  Rows added = add_.query(key.agreement, to_text(key.kind), key.name, key.part);
  added.next();
  const record::SeriesId id = added.integer(0);
  added.next();
  return id;
}

std::vector<record::SeriesState> SeriesTable::all(const std::string& agreement) {
  std::vector<record::SeriesState> all;
  Rows rows = all_.query(agreement);
  while (rows.next()) {
    record::SeriesState state{
        {agreement, series_kind(rows.text(1)), rows.string(2), rows.string(3)}, {}};
    if (rows.integer(4) != 0) {
      state.checkpoint =
          record::Checkpoint{rows.integer(0), instant(rows.integer(5)), millis(rows.integer(6)),
                             rows.string(7), targets(rows.integer(8))};
    }
    all.push_back(std::move(state));
  }
  return all;
}

}  // namespace recoup::ledger
