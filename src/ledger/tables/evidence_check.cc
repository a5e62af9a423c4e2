#include "ledger/tables/evidence_check.h"

#include "ledger/sql/sqlite.h"
#include "ledger/tables/columns.h"

namespace recoup::ledger {

EvidenceCheckTable::EvidenceCheckTable(Database& database, OutcomeIds& outcomes)
    : outcomes_(outcomes),
      excess_(database,
              "WITH recorded AS (SELECT series, at_ms / 60000 AS minute, outcome, "
              "count(*) AS records FROM series JOIN evidence ON evidence.series = series.id "
              "WHERE agreement = ? GROUP BY series, minute, outcome) "
              "SELECT agreement, kind, name, part, min(recorded.minute), recorded.outcome, "
              "coalesce(tally.count, 0), records FROM recorded "
              "JOIN series ON series.id = recorded.series "
              "LEFT JOIN tally ON tally.series = recorded.series "
              "AND tally.minute = recorded.minute AND tally.outcome = recorded.outcome "
              "WHERE records > coalesce(tally.count, 0) GROUP BY series.id "
              "ORDER BY kind, name, part"),
      totals_(database,
              "SELECT outcome, sum(counted), sum(recorded) FROM ("
              "SELECT outcome, count AS counted, 0 AS recorded FROM series "
              "JOIN tally ON tally.series = series.id WHERE agreement = ?1 UNION ALL "
              "SELECT outcome, 0, 1 FROM series "
              "JOIN evidence ON evidence.series = series.id WHERE agreement = ?1) "
              "GROUP BY outcome HAVING sum(counted) > 0 ORDER BY outcome") {}

record::EvidenceCheck EvidenceCheckTable::check(const std::string& agreement) {
  record::EvidenceCheck check;
  for (Rows rows = excess_.query(agreement); rows.next();) {
    check.excess.push_back({{std::string(rows.text(0)), series_kind(rows.text(1)),
                             std::string(rows.text(2)), std::string(rows.text(3))},
                            minute(rows.integer(4)),
                            outcomes_.outcome(rows.integer(5)),
                            rows.count(6),
                            rows.count(7)});
  }
  for (Rows rows = totals_.query(agreement); rows.next();) {
    check.totals.push_back({outcomes_.outcome(rows.integer(0)), rows.count(1), rows.count(2)});
  }
  return check;
}

}  // namespace recoup::ledger
