#pragma once

#include <string>
#include <vector>

#include "ledger/sql/connection.h"
#include "record/records.h"

namespace recoup::ledger {

// SeriesTable is the table of where tallies came from. All methods throw Failure. For one thread at
// a time.
class SeriesTable {
 public:
  // It outlives the table.
  explicit SeriesTable(Connection& connection);

  // The id of the series, which is added when it is new.
  record::SeriesId id(const record::SeriesKey& key);

  // Of the agreement, by kind, name and part.
  std::vector<record::SeriesState> all(const std::string& agreement);

 private:
  Statement find_;
  Statement add_;
  Statement all_;
};

}  // namespace recoup::ledger
