#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

// The port between the tables of a ledger and the database that keeps them. The tables' SQL is
// written once, in what SQLite and PostgreSQL both understand: parameters are $1, $2, … in the
// order in which they stand; whole numbers are of 64 bits; text is UTF-8 and in the order of its
// bytes. What a database calls otherwise stands in its schema alone.
namespace recoup::ledger {

// Failure is thrown inside this folder alone, where a database refused or the ledger holds what it
// must not hold; the ledger's methods turn it into their Error.
class Failure : public std::runtime_error {
 public:
  enum class Kind {
    lasting,  // the same call would fail again
    again,    // the transaction lost against another one: it may succeed when it is run anew
  };

  explicit Failure(core::Error error, Kind kind = Kind::lasting)
      : std::runtime_error(error.message), error_(std::move(error)), kind_(kind) {}

  const core::Error& error() const { return error_; }
  Kind kind() const { return kind_; }

 private:
  core::Error error_;
  Kind kind_;
};

// The failure of a task ("write a batch") on the ledger at `where`, as the user is told.
core::Error describe(std::string_view task, const std::string& where, const Failure& failure);

// Prepared is one statement as its database has it. Positions of parameters are from 1, columns
// from 0. All methods throw Failure. It ends before its connection does.
class Prepared {
 public:
  virtual ~Prepared() = default;

  // Values are copied, and stay bound until others take their place.
  virtual void bind(int position, std::int64_t value) = 0;
  virtual void bind_text(int position, std::string_view value) = 0;
  virtual void bind_blob(int position, std::string_view value) = 0;

  // Runs the statement up to its first row, or goes to the next one; false behind the last. Other
  // statements may be run in between.
  virtual bool step() = 0;

  // Ends the run: the next step() begins anew.
  virtual void reset() noexcept = 0;

  // How many rows the run that ended last inserted, updated or deleted.
  virtual std::uint64_t changed() const = 0;

  // Columns of the row; text and blob are valid until the next step() or reset(). NULL reads as 0
  // or as empty.
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::string_view blob(int column) const = 0;
};

// Connection is one way to one database. For one thread at a time. All methods throw Failure.
class Connection {
 public:
  enum class Access {
    read,   // everything read inside is of one instant
    write,  // no other writer comes between, or commit() fails with Kind::again
  };

  virtual ~Connection() = default;

  // Runs statements, divided by semicolons, whose rows nobody wants.
  virtual void run(const std::string& sql) = 0;

  virtual std::unique_ptr<Prepared> prepare(const std::string& sql) = 0;

  // Transactions do not nest. After commit() returned what was written is durable; if it threw,
  // nothing of it is there. rollback() without a transaction does nothing.
  virtual void begin(Access access) = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
};

// Transaction is all or nothing: what was not committed at the end of its scope is rolled back.
class Transaction {
 public:
  Transaction(Connection& connection, Connection::Access access) : connection_(connection) {
    connection_.begin(access);
  }
  ~Transaction() {
    if (open_) connection_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() {
    connection_.commit();
    open_ = false;
  }

 private:
  Connection& connection_;
  bool open_ = true;
};

// Blob is bytes that are no text, to be bound.
struct Blob {
  std::string_view bytes;
};

// Rows walks over what a statement found. At the end of its scope the statement is free for the
// next use. All methods throw Failure.
class Rows {
 public:
  explicit Rows(Prepared& statement) : statement_(statement) {}
  ~Rows() { statement_.reset(); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  // Goes to the next row; false behind the last one.
  bool next() { return statement_.step(); }

  // Columns of the row, from 0.
  std::int64_t integer(int column) const { return statement_.integer(column); }
  std::uint64_t count(int column) const;                                       // not negative
  std::string_view text(int column) const { return statement_.text(column); }  // until next()
  std::string_view blob(int column) const { return statement_.blob(column); }  // likewise
  std::string string(int column) const { return std::string(text(column)); }

 private:
  Prepared& statement_;
};

// Statement owns one prepared statement; it lives no longer than its connection. Values are bound
// in the order of $1, $2, …, and copied. For one use at a time. Throws Failure.
class Statement {
 public:
  Statement(Connection& connection, const char* sql) : prepared_(connection.prepare(sql)) {}

  // Runs it for its effect.
  template <typename... Values>
  void run(const Values&... values) {
    Rows rows = query(values...);
    while (rows.next()) {
    }
  }

  // The same; how many rows it changed.
  template <typename... Values>
  std::uint64_t change(const Values&... values) {
    run(values...);
    return prepared_->changed();
  }

  // Runs it for its rows.
  template <typename... Values>
  [[nodiscard]] Rows query(const Values&... values) {
    int position = 0;
    (bind(++position, values), ...);
    return Rows(*prepared_);
  }

 private:
  void bind(int position, std::int64_t value) { prepared_->bind(position, value); }
  void bind(int position, std::uint64_t value);  // fails above 2^63 - 1
  void bind(int position, std::string_view value) { prepared_->bind_text(position, value); }
  void bind(int position, const std::string& value) { prepared_->bind_text(position, value); }
  void bind(int position, const Blob& value) { prepared_->bind_blob(position, value.bytes); }

  std::unique_ptr<Prepared> prepared_;
};

}  // namespace recoup::ledger
