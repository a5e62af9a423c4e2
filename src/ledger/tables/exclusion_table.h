#pragma once

#include <string>
#include <vector>

#include "core/agreement.h"
#include "ledger/sql/statement.h"
#include "ledger/tables/journal_table.h"

namespace recoup::ledger {

// ExclusionTable is the table of what the user excluded; what changes in it is in the journal. All
// methods throw Failure, and stand inside a transaction of the caller. For one thread at a time.
class ExclusionTable {
 public:
  // Both outlive the table.
  ExclusionTable(Database& database, JournalTable& journal);

  // As Ledger::exclude, remove_exclusion and exclusions.
  void put(const std::string& agreement, const core::ExclusionWindow& window);
  bool remove(const std::string& agreement, const core::Interval& span);
  std::vector<core::ExclusionWindow> all(const std::string& agreement);

 private:
  Database& database_;
  JournalTable& journal_;
  Statement put_;
  Statement remove_;
  Statement all_;
};

}  // namespace recoup::ledger
