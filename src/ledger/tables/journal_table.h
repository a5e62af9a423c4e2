#pragma once

#include <string>
#include <vector>

#include "ledger/sql/statement.h"
#include "record/records.h"

namespace recoup::ledger {

// JournalTable is the table of what may change a time that is over. All methods throw Failure, and
// stand inside the transaction of what they note. For one thread at a time.
class JournalTable {
 public:
  explicit JournalTable(Database& database);

  // Adds the entry; its id is the table's to give.
  void add(const std::string& agreement, const record::JournalEntry& entry);

  // One entry for each agreement whose series have the gaps, from the first begin to the last end.
  void add_gaps(const std::vector<record::SeriesGap>& gaps);

  std::vector<record::JournalEntry> after(const std::string& agreement, std::uint64_t id);

 private:
  Statement add_;
  Statement find_agreement_;
  Statement after_;
};

}  // namespace recoup::ledger
