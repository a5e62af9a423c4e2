#pragma once

#include <cstdint>
#include <string>
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

}  // namespace recoup::ledger
