#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

struct sqlite3;

namespace recoup::ledger {

// Failure is thrown inside this folder alone, where a call of SQLite failed or the ledger holds
// what it must not hold; the ledger's methods turn it into their Error.
class Failure : public std::runtime_error {
 public:
  explicit Failure(core::Error error)
      : std::runtime_error(error.message), error_(std::move(error)) {}

  const core::Error& error() const { return error_; }

 private:
  core::Error error_;
};

// The failure of a task ("write a batch") on the ledger at `path`, as the user is told.
core::Error describe(std::string_view task, const std::string& path, const Failure& failure);

// Database owns one connection to one SQLite file. For one thread at a time.
class Database {
 public:
  // Opens the file, which is there; ":memory:" is a database of its own. A statement that finds the
  // file locked waits so long for it. Throws Failure.
  Database(const std::string& path, core::Millis busy_timeout);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs statements whose rows nobody wants. Throws Failure.
  void run(const char* sql);

  // Whether the last statement of this connection that writes changed any row.
  bool changed() const;

  // Carries over what the write-ahead log has, as far as readers allow; whether that was all.
  bool checkpoint();

  // Throws what the last call on this connection came to, if `code` is not success.
  void check(int code) const;

  sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

// Transaction is all or nothing: what was not committed at the end of its scope is rolled back.
class Transaction {
 public:
  enum class Kind {
    read,   // everything read inside is of one instant
    write,  // the only writer, from its begin on
  };

  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Durable when it returns. Throws Failure; then nothing was written.
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace recoup::ledger
