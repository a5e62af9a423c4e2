#pragma once

#include <string>
#include <vector>

#include "ledger/records.h"
#include "ledger/statement.h"

namespace recoup::ledger {

// SeriesTable is the table of where tallies came from. All methods throw Failure. For one thread at
// a time.
class SeriesTable {
 public:
  // It outlives the table.
  explicit SeriesTable(Database& database);

  // The id of the series, which is added when it is new.
  SeriesId id(const SeriesKey& key);

  // Of the agreement, by kind, name and part.
  std::vector<SeriesState> all(const std::string& agreement);

 private:
  Statement find_;
  Statement add_;
  Statement all_;
};

}  // namespace recoup::ledger
