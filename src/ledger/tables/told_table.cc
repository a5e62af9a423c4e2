#include "ledger/tables/told_table.h"

#include "ledger/tables/columns.h"

namespace recoup::ledger {

ToldTable::ToldTable(Connection& connection)
    : all_(connection, "SELECT name FROM told ORDER BY name"),
      add_(connection,
           "INSERT INTO told (name, at_ms) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING") {}

std::vector<std::string> ToldTable::all() {
  std::vector<std::string> names;
  Rows rows = all_.query();
  while (rows.next()) names.push_back(rows.string(0));
  return names;
}

void ToldTable::add(const std::string& name, core::Instant at) { add_.run(name, number(at)); }

}  // namespace recoup::ledger
