#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/sql/connection.h"
#include "ledger/tables/fold_table.h"
#include "ledger/tables/journal_table.h"
#include "ledger/tables/outcome_ids.h"
#include "ledger/tables/resource_table.h"
#include "record/records.h"

namespace recoup::ledger {

// Whether the `series` of a query is compared with others, and not counted.
inline const std::string kIsCompared =
    "EXISTS (SELECT 1 FROM compared WHERE compared.agreement = series.agreement "
    "AND compared.kind = series.kind AND compared.name = series.name)";

// ComparedTable is the table of the logs that see the Requests of others. What changes in it is in
// the journal. All methods throw Failure. For one thread at a time.
class ComparedTable {
 public:
  using Logs = std::map<std::string, std::vector<record::LogName>>;  // by agreement

  // All outlive the table.
  ComparedTable(Connection& connection, OutcomeIds& outcomes, JournalTable& journal,
                ResourceTable& resources);

  // Whether it has those logs of these agreements and no others.
  bool is_as_said(const Logs& logs);

  // As TallyStore::compare, inside a transaction.
  void say(const Logs& logs);

  // As the methods of TallyStore of the same names: sources and compared.
  std::vector<record::SeenSource> sources(const std::string& agreement, const core::Interval& span);
  std::vector<record::LogTallies> tallies(const std::string& agreement, const core::Interval& span);

 private:
  std::vector<record::LogName> of(const std::string& agreement);
  void note(const std::string& agreement, const record::LogName& log,
            record::JournalEntry::Kind kind);

  OutcomeIds& outcomes_;
  JournalTable& journal_;
  ResourceTable& resources_;
  Statement of_;
  Statement add_;
  Statement remove_;
  Statement span_;
  Statement sources_;
  Statement unsure_;
  Statement tallies_;
  Statement folded_;
};

}  // namespace recoup::ledger
