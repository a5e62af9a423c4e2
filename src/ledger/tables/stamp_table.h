#pragma once

#include <string>
#include <vector>

#include "ledger/sql/connection.h"
#include "record/stamp.h"

namespace recoup::ledger {

// StampTable is the table of what a third party signed the time of. All methods throw Failure. For
// one thread at a time.
class StampTable {
 public:
  explicit StampTable(Connection& connection);

  // As StampStore::add_stamp and stamps. Inside a transaction.
  void add(const record::Stamp& stamp);
  std::vector<record::Stamp> from(const std::string& agreement, core::Instant from);

 private:
  Statement newest_;
  Statement add_;
  Statement from_;
};

}  // namespace recoup::ledger
