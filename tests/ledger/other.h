#pragma once

#include <string>

#include <sqlite3.h>

#include "support/catch.h"

namespace recoup::test {

// Other is a connection to the file that is not the ledger's.
class Other {
 public:
  explicit Other(const std::string& path) {
    REQUIRE(sqlite3_open(path.c_str(), &db_) == SQLITE_OK);
  }
  ~Other() { sqlite3_close(db_); }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;

  void run(const char* sql) {
    INFO(sql);
    REQUIRE(may_run(sql));
  }

  // Whether the statements could be run.
  bool may_run(const char* sql) {
    return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  }

  std::string text(const char* sql) {
    std::string value;
    sqlite3_exec(
        db_, sql,
        [](void* out, int, char** columns, char**) {
          *static_cast<std::string*>(out) = columns[0];
          return 0;
        },
        &value, nullptr);
    return value;
  }

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace recoup::test
