#include "ledger/tables/chain_migration.h"

#include "ledger/sql/sqlite.h"
#include "ledger/tables/evidence_table.h"
#include "record/chain.h"

namespace recoup::ledger {
namespace {

// The link before the first of each series with evidence, by the series' id.
std::vector<std::pair<record::SeriesId, std::string>> begins(Database& database) {
  std::vector<std::pair<record::SeriesId, std::string>> all;
  Statement series(database,
                   "SELECT id, agreement, kind, name, part FROM series WHERE EXISTS "
                   "(SELECT 1 FROM evidence WHERE evidence.series = series.id) ORDER BY id");
  Rows rows = series.query();
  while (rows.next()) {
    all.emplace_back(rows.integer(0),
                     record::first_link(std::string(rows.text(1)), std::string(rows.text(2)),
                                        std::string(rows.text(3)), std::string(rows.text(4))));
  }
  return all;
}

}  // namespace

void chain_evidence(Database& database) {
  {
    OutcomeIds outcomes(database);
    record::Linker linker;
    Statement read(database,
                   "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail "
                   "FROM evidence WHERE series = ? ORDER BY at_ms, tie");
    Statement put(database,
                  "INSERT INTO chained (series, at_ms, tie, outcome, request_id, duration_ms, "
                  "peer, detail, position, link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Statement put_end(database, "INSERT INTO chain (series, records, head) VALUES (?, ?, ?)");
    for (auto& [series, link] : begins(database)) {
      std::uint64_t position = 0;
      Rows rows = read.query(series);
      while (rows.next()) {
        linker.advance(link, evidence_of(rows, 0, outcomes));
        put.run(series, rows.integer(0), rows.count(1), rows.integer(2), rows.text(3),
                rows.integer(4), rows.text(5), rows.text(6), ++position, Blob{link});
      }
      put_end.run(series, position, Blob{link});
    }
  }
  database.run("DROP TABLE evidence; ALTER TABLE chained RENAME TO evidence");
}

}  // namespace recoup::ledger
