#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/sql/connection.h"
#include "record/followed.h"

namespace recoup::ledger {

// FollowedTable is the table of where the reading of followed files goes on. All methods throw
// Failure, and those that change something stand inside a transaction. For one thread at a time.
class FollowedTable {
 public:
  explicit FollowedTable(Connection& connection);

  // As FollowStore::followed.
  std::vector<record::FollowedFile> all(const std::string& reader);

  // Keeps the state in the place of the one of its number, or as a new one; its number.
  std::int64_t put(const record::FollowedFile& file);
  void forget(std::int64_t id);

  // Counts that a file of the agreement has gained something: FileTable::last_import().
  void count_growth(const std::string& agreement);

 private:
  Statement all_;
  Statement add_;
  Statement change_;
  Statement forget_;
  Statement count_growth_;
};

}  // namespace recoup::ledger
