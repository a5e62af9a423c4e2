#include "ledger/tables/series_table.h"

#include "ledger/sql/sqlite.h"
#include "ledger/tables/columns.h"

namespace recoup::ledger {

SeriesTable::SeriesTable(Database& database)
    : find_(database,
            "SELECT id FROM series WHERE agreement = ? AND kind = ? AND name = ? AND part = ?"),
      add_(database,
           "INSERT INTO series (agreement, kind, name, part) VALUES (?, ?, ?, ?) RETURNING id"),
      all_(database,
           "SELECT id, kind, name, part, coalesce(until_ms, 0), coalesce(every_ms, 0) "
           "FROM series LEFT JOIN accounted ON accounted.series = series.id "
           "WHERE agreement = ? ORDER BY kind, name, part") {}

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
    record::SeriesState state{{agreement, series_kind(rows.text(1)), std::string(rows.text(2)),
                               std::string(rows.text(3))},
                              {}};
    // A period is never 0: without one the series is not a probe's, or has nothing yet.
    if (const core::Millis every(rows.integer(5)); every.count() > 0) {
      state.accounted = record::Accounted{rows.integer(0), instant(rows.integer(4)), every};
    }
    all.push_back(std::move(state));
  }
  return all;
}

}  // namespace recoup::ledger
