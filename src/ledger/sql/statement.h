#pragma once

#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace recoup::ledger {

class Database;

// Blob is bytes that are no text, to be bound.
struct Blob {
  std::string_view bytes;
};

// Rows walks over what a statement found. At the end of its scope the statement is free for the
// next use. All methods throw Failure.
class Rows {
 public:
  Rows(Database& database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  // Goes to the next row; false behind the last one.
  bool next();

  // Columns of the row, from 0.
  std::int64_t integer(int column) const;
  std::uint64_t count(int column) const;
  std::string_view text(int column) const;  // valid until next()
  std::string_view blob(int column) const;  // likewise

 private:
  Database& database_;
  sqlite3_stmt* statement_;
};

// Statement owns one prepared statement; it lives no longer than its database. Values are bound in
// the order of their question marks, and copied. For one use at a time. Throws Failure.
class Statement {
 public:
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Runs it for its effect.
  template <typename... Values>
  void run(const Values&... values) {
    Rows rows = query(values...);
    while (rows.next()) {
    }
  }

  // Runs it for its rows.
  template <typename... Values>
  [[nodiscard]] Rows query(const Values&... values) {
    int position = 0;
    (bind(++position, values), ...);
    return Rows(database_, statement_);
  }

 private:
  void bind(int position, std::int64_t value);
  void bind(int position, std::uint64_t value);  // fails above 2^63 - 1
  void bind(int position, std::string_view value);
  void bind(int position, const Blob& value);
  void bind(int position, const std::string& value) { bind(position, std::string_view(value)); }

  Database& database_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace recoup::ledger
