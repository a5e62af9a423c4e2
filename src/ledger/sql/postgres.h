#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/sql/connection.h"

struct pg_conn;
struct pg_result;

namespace recoup::ledger {

class PostgresPrepared;

// PostgresAddress is an address of libpq's, "postgresql://USER:PASSWORD@HOST:PORT/DATABASE?…",
// taken apart. Nothing that it says holds a password.
struct PostgresAddress {
  // Throws Failure for what libpq does not understand, without a word of it.
  explicit PostgresAddress(std::string url);

  std::string url;    // as it was given, with what is secret in it
  std::string shown;  // "postgresql://user@host:5432/database"
};

// PostgresConnection is a connection to one PostgreSQL database by libpq. What is written inside a
// transaction is sent without waiting for each answer (pipeline mode): a statement that failed is
// told by the next one that is asked for rows, or by commit(). A transaction that writes is
// serializable, and ends with Failure::Kind::again where it lost against another one.
class PostgresConnection final : public Connection {
 public:
  // Throws Failure where nobody answers, and for a database that does not keep UTF-8.
  explicit PostgresConnection(const PostgresAddress& address);
  ~PostgresConnection() override;
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  void run(const std::string& sql) override;
  std::unique_ptr<Prepared> prepare(const std::string& sql) override;
  void begin(Access access) override;
  void commit() override;
  void rollback() noexcept override;

  // From here on nothing is ever committed: transactions are savepoints of one that ends with the
  // connection, and read what those before them wrote.
  void keep_nothing();

  // The whole number that a query finds first; 0 where it finds nothing.
  std::int64_t number(const std::string& sql);

  // Whether it is of no use any longer: the server ended it, or cannot be reached.
  bool is_lost() const;

 private:
  friend class PostgresPrepared;

  // Parameters of a statement, as libpq wants them.
  struct Values;

  // Has a statement prepared, or run, behind what was sent before; nobody waits for it.
  void send_prepare(const std::string& name, const std::string& sql, const Values& values);
  void send(const std::string& name, const Values& values);
  void send_plain(const char* sql);

  // Waits for all that was sent. The result of the last statement, the caller's to clear. Throws
  // the first failure of them.
  pg_result* finish();
  void finish_and_clear();

  void sent(int ok);
  [[noreturn]] void fail() const;

  pg_conn* link_ = nullptr;
  bool is_broken_ = false;
  bool writes_ = false;  // inside a transaction that writes
  bool keeps_nothing_ = false;
  std::size_t waiting_ = 0;                // statements sent whose results were not read
  std::vector<PostgresPrepared*> unsure_;  // sent to be prepared, and not known to be
  std::uint64_t names_ = 0;                // of prepared statements
  std::uint64_t last_ = 0;                 // number of the statement that was run last
  std::uint64_t changed_ = 0;              // rows by the last statement whose result was read
};

// Parameters, as libpq sends them.
struct PostgresConnection::Values {
  std::vector<unsigned> types;  // Oid
  std::vector<std::string> values;
};

// PostgresPrepared is prepared where it is run first: then the types of its parameters are known.
// What asks for rows is waited for, with all of them; the rest at the end of its transaction. The
// server keeps it as long as the connection lasts.
class PostgresPrepared final : public Prepared {
 public:
  PostgresPrepared(PostgresConnection& connection, std::string sql);
  ~PostgresPrepared() override;
  PostgresPrepared(const PostgresPrepared&) = delete;
  PostgresPrepared& operator=(const PostgresPrepared&) = delete;

  void bind(int position, std::int64_t value) override;
  void bind_text(int position, std::string_view value) override;
  void bind_blob(int position, std::string_view value) override;
  bool step() override;
  void reset() noexcept override;
  std::uint64_t changed() const override;
  std::int64_t integer(int column) const override;
  std::string_view text(int column) const override;
  std::string_view blob(int column) const override;

  // What was to be prepared behind a failure was not.
  void forget_name() { name_.clear(); }

 private:
  void set(int position, unsigned type, std::string value);
  void run();

  PostgresConnection& connection_;
  std::string sql_;
  bool has_rows_;
  std::string name_;  // empty where it is to be prepared
  PostgresConnection::Values values_;
  pg_result* rows_ = nullptr;
  int row_ = -1;
  bool runs_ = false;
  std::uint64_t number_ = 0;                 // of its last run
  mutable std::deque<std::string> decoded_;  // texts of the row that were not kept as they are
};

}  // namespace recoup::ledger
