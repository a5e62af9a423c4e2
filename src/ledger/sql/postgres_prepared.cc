#include <endian.h>
#include <libpq-fe.h>

#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "ledger/sql/postgres.h"
#include "ledger/sql/postgres_text.h"

namespace recoup::ledger {
namespace {

// Types as catalog/pg_type.dat numbers them, for ever: https://www.postgresql.org/docs/15/
// protocol-overview.html counts on it.
constexpr Oid kBytea = 17, kInt8 = 20, kText = 25;

// What is sent before anybody waits: its answers must fit what lies between the server and us, or
// both would wait for the other to read (libpq, 34.5.1.1, on deadlocks).
constexpr std::size_t kMostWaiting = 500;

bool asks_for_rows(std::string_view sql) {
  return sql.starts_with("SELECT") || sql.starts_with("WITH") ||
         sql.find(" RETURNING ") != std::string_view::npos;
}

}  // namespace

PostgresPrepared::PostgresPrepared(PostgresConnection& connection, std::string sql)
    : connection_(connection), sql_(std::move(sql)), has_rows_(asks_for_rows(sql_)) {}

PostgresPrepared::~PostgresPrepared() {
  PQclear(rows_);
  std::erase(connection_.unsure_, this);
}

void PostgresPrepared::bind(int position, std::int64_t value) {
  const std::uint64_t bytes = htobe64(static_cast<std::uint64_t>(value));
  std::string packed(sizeof bytes, '\0');
  std::memcpy(packed.data(), &bytes, sizeof bytes);
  set(position, kInt8, std::move(packed));
}

void PostgresPrepared::bind_text(int position, std::string_view value) {
  set(position, kText, to_postgres_text(value));
}

void PostgresPrepared::bind_blob(int position, std::string_view value) {
  set(position, kBytea, std::string(value));
}

bool PostgresPrepared::step() {
  if (!runs_) {
    run();
    runs_ = true;
  }
  decoded_.clear();
  return rows_ != nullptr && ++row_ < PQntuples(rows_);
}

void PostgresPrepared::reset() noexcept {
  PQclear(std::exchange(rows_, nullptr));
  runs_ = false;
}

std::uint64_t PostgresPrepared::changed() const {
  if (number_ != connection_.last_) throw Failure({"expected the statement that ran last"});
  connection_.finish_and_clear();
  return connection_.changed_;
}

// Of 8 bytes, of 4, or of 1, which is a truth; the greatest byte first.
std::int64_t PostgresPrepared::integer(int column) const {
  const std::string_view bytes = blob(column);
  if (bytes.size() > sizeof(std::int64_t)) {
    throw Failure({"expected a whole number, got another value"});
  }
  const bool is_negative = bytes.size() > 1 && (bytes[0] & 0x80) != 0;
  std::uint64_t value = is_negative ? std::numeric_limits<std::uint64_t>::max() : 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return static_cast<std::int64_t>(value);
}

std::string_view PostgresPrepared::text(int column) const {
  const std::string_view kept = blob(column);
  if (is_plain_postgres_text(kept)) return kept;
  return decoded_.emplace_back(from_postgres_text(kept));
}

std::string_view PostgresPrepared::blob(int column) const {
  if (rows_ == nullptr || PQgetisnull(rows_, row_, column) != 0) return {};
  return {PQgetvalue(rows_, row_, column),
          static_cast<std::size_t>(PQgetlength(rows_, row_, column))};
}

void PostgresPrepared::set(int position, Oid type, std::string value) {
  const auto size = static_cast<std::size_t>(position);
  if (values_.types.size() < size) {
    values_.types.resize(size);
    values_.values.resize(size);
  }
  if (values_.types[size - 1] != type) name_.clear();
  values_.types[size - 1] = type;
  values_.values[size - 1] = std::move(value);
}

void PostgresPrepared::run() {
  row_ = -1;
  if (name_.empty()) {
    name_ = fmt::format("s{}", ++connection_.names_);
    connection_.send_prepare(name_, sql_, values_);
    connection_.unsure_.push_back(this);
  }
  connection_.send(name_, values_);
  number_ = ++connection_.last_;
  if (has_rows_) {
    rows_ = connection_.finish();
  } else if (!connection_.writes_ || connection_.waiting_ >= kMostWaiting) {
    connection_.finish_and_clear();
  }
}

}  // namespace recoup::ledger
