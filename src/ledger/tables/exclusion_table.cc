#include "ledger/tables/exclusion_table.h"

#include "ledger/sql/sqlite.h"
#include "ledger/tables/columns.h"

namespace recoup::ledger {

ExclusionTable::ExclusionTable(Database& database, JournalTable& journal)
    : database_(database),
      journal_(journal),
      put_(database,
           "INSERT INTO exclusion (agreement, begin_ms, end_ms, reason) VALUES (?, ?, ?, ?) "
           "ON CONFLICT (agreement, begin_ms, end_ms) DO UPDATE SET reason = excluded.reason"),
      remove_(database,
              "DELETE FROM exclusion WHERE agreement = ? AND begin_ms = ? AND end_ms = ?"),
      all_(database,
           "SELECT begin_ms, end_ms, reason FROM exclusion WHERE agreement = ? "
           "ORDER BY begin_ms, end_ms") {}

void ExclusionTable::put(const std::string& agreement, const core::ExclusionWindow& window) {
  put_.run(agreement, number(window.span.begin), number(window.span.end), window.reason);
  journal_.add(agreement, {0, record::JournalEntry::Kind::exclusion, window.span, window.reason});
}

bool ExclusionTable::remove(const std::string& agreement, const core::Interval& span) {
  remove_.run(agreement, number(span.begin), number(span.end));
  if (!database_.changed()) return false;
  journal_.add(agreement, {0, record::JournalEntry::Kind::exclusion_removed, span});
  return true;
}

std::vector<core::ExclusionWindow> ExclusionTable::all(const std::string& agreement) {
  std::vector<core::ExclusionWindow> windows;
  Rows rows = all_.query(agreement);
  while (rows.next()) {
    windows.push_back(
        {{instant(rows.integer(0)), instant(rows.integer(1))}, std::string(rows.text(2))});
  }
  return windows;
}

}  // namespace recoup::ledger
