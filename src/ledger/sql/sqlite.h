#pragma once

#include <string>
#include <vector>

#include "core/time.h"
#include "ledger/sql/connection.h"

struct sqlite3;

namespace recoup::ledger {

// SqliteConnection is a connection to one SQLite file. A transaction that writes is the only one
// from its begin on, so that none ends with Failure::Kind::again. What it has read of a file that
// turned out to be damaged is read again by the next transaction: a disk that failed for a moment
// fails no longer than that.
class SqliteConnection final : public Connection {
 public:
  // Opens the file, which is there; ":memory:" is a database of its own. A statement that finds the
  // file locked waits so long for it. Throws Failure.
  SqliteConnection(const std::string& path, core::Millis busy_timeout);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  void run(const std::string& sql) override;
  std::unique_ptr<Prepared> prepare(const std::string& sql) override;
  void begin(Access access) override;
  void commit() override;
  void rollback() noexcept override;

  // The whole number that a query finds first; 0 where it finds nothing.
  std::int64_t number(const std::string& sql);

  // Carries over what the write-ahead log has, as far as readers allow; whether that was all.
  bool checkpoint();

  // Throws what the last call on this connection came to, if `code` is not success.
  void check(int code) const;

  sqlite3* handle() const { return handle_; }

 private:
  void forget_damaged();

  sqlite3* handle_ = nullptr;
  mutable bool read_damaged_ = false;  // pages that are kept in memory may be
};

// What SQLite's own check ("integrity_check" or "quick_check") finds of the database, sentences,
// the first twenty; empty where it is whole. Throws Failure.
std::vector<std::string> damage_in(Connection& database, const std::string& check);

// Makes `to` a copy of all that is in `from`, as of one instant. Throws Failure.
void copy_all(SqliteConnection& from, SqliteConnection& to);

}  // namespace recoup::ledger
