#pragma once

#include <string>

#include "ledger/sql/statement.h"
#include "ledger/tables/outcome_ids.h"
#include "record/records.h"

namespace recoup::ledger {

class Database;

// EvidenceCheckTable sets records of single requests against the counts of their minutes. All
// methods throw Failure. For one thread at a time.
class EvidenceCheckTable {
 public:
  // Both outlive the table.
  EvidenceCheckTable(Database& database, OutcomeIds& outcomes);

  // Ledger::check_evidence(). Inside a transaction.
  record::EvidenceCheck check(const std::string& agreement);

 private:
  OutcomeIds& outcomes_;
  Statement excess_;
  Statement totals_;
};

}  // namespace recoup::ledger
