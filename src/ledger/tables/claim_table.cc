#include "ledger/tables/claim_table.h"

#include "ledger/sql/connection.h"
#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

record::ClaimStep step_of(std::string_view text) {
  const auto step = record::parse_claim_step(text);
  if (!step) throw Failure(step.error());
  return *step;
}

}  // namespace

ClaimTable::ClaimTable(Connection& connection)
    // In the order in which they become visible, as the journal is.
    : add_(connection,
           "INSERT INTO claim_event (id, agreement, month, at_ms, step, case_id, amount, note, "
           "folder, revision) "
           "SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM claim_event"),
      all_(connection,
           "SELECT agreement, month, at_ms, step, case_id, amount, note, folder, revision "
           "FROM claim_event WHERE agreement = $1 ORDER BY at_ms, id"),
      end_(connection, "SELECT coalesce(max(id), 0) FROM claim_event") {}

void ClaimTable::add(const record::ClaimEvent& event) {
  add_.run(event.agreement, core::to_text(event.month), number(event.at), to_text(event.step),
           event.case_id, column(event.amount), event.note, event.folder,
           std::int64_t{event.revision});
}

std::vector<record::ClaimEvent> ClaimTable::all(const std::string& agreement) {
  std::vector<record::ClaimEvent> events;
  Rows rows = all_.query(agreement);
  while (rows.next()) {
    events.push_back({rows.string(0), month_of(rows.text(1)), instant(rows.integer(2)),
                      step_of(rows.text(3)), rows.string(4), money_of(rows.text(5)), rows.string(6),
                      rows.string(7), static_cast<int>(rows.integer(8))});
  }
  return events;
}

std::uint64_t ClaimTable::end() {
  Rows rows = end_.query();
  return rows.next() ? rows.count(0) : 0;
}

}  // namespace recoup::ledger
