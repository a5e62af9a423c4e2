#include "ledger/sql/statement.h"

#include <limits>

#include <fmt/format.h>
#include <sqlite3.h>

#include "ledger/sql/sqlite.h"

namespace recoup::ledger {

Rows::~Rows() { sqlite3_reset(statement_); }

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  database_.check(code);
  return code == SQLITE_ROW;
}

std::int64_t Rows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::uint64_t Rows::count(int column) const {
  const std::int64_t value = integer(column);
  if (value < 0) throw Failure({fmt::format("expected a count, got {}", value)});
  return static_cast<std::uint64_t>(value);
}

std::string_view Rows::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return text == nullptr ? std::string_view() : std::string_view(text, size);
}

std::string_view Rows::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
  database.check(sqlite3_prepare_v3(database.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                    &statement_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::bind(int position, std::int64_t value) {
  database_.check(sqlite3_bind_int64(statement_, position, value));
}

void Statement::bind(int position, std::uint64_t value) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (value > static_cast<std::uint64_t>(kMost)) {
    throw Failure({fmt::format("expected a number up to {}, got {}", kMost, value)});
  }
  bind(position, static_cast<std::int64_t>(value));
}

void Statement::bind(int position, std::string_view value) {
  // A view of nothing may have no address, which SQLite would take for NULL.
  const char* data = value.data() != nullptr ? value.data() : "";
  database_.check(
      sqlite3_bind_text64(statement_, position, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind(int position, const Blob& value) {
  database_.check(sqlite3_bind_blob64(statement_, position, value.bytes.data(), value.bytes.size(),
                                      SQLITE_TRANSIENT));
}

}  // namespace recoup::ledger
