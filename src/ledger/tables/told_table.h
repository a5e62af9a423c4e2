#pragma once

#include <string>
#include <vector>

#include "core/time.h"
#include "ledger/sql/connection.h"

namespace recoup::ledger {

// ToldTable is the table of what people were told. All methods throw Failure. For one thread at a
// time.
class ToldTable {
 public:
  explicit ToldTable(Connection& connection);

  // As Notices::told and note_told.
  std::vector<std::string> all();
  void add(const std::string& name, core::Instant at);

 private:
  Statement all_;
  Statement add_;
};

}  // namespace recoup::ledger
