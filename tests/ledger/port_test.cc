// What a database behind the port owes the tables, and what the ledger makes of its failures.
#include <deque>
#include <functional>

#include "ledger/sql/sqlite.h"
#include "ledger/sql/sqlite_database.h"
#include "ledger/sql_ledger.h"
#include "ledger/tables/sqlite_schema.h"
#include "support/catch.h"

namespace {

using namespace recoup;
using namespace recoup::ledger;
using namespace std::chrono_literals;

const core::Instant kStart = std::chrono::sys_days(std::chrono::year(2026) / 10 / 1);
const core::Minute kMinute = core::minute_of(kStart);

// Rival stands before a database whose commits lose against another writer as often as is said.
class Rival final : public Database, private Connection {
 public:
  explicit Rival(int losses)
      : losses_(losses), real_(open_sqlite(":memory:", Missing::make, kSqliteSchema)) {}

  int commits = 0;

  Connection& connection() override { return *this; }
  std::string name() const override { return "the rival's"; }
  bool is_new() const override { return real_->is_new(); }
  bool has_moved() const override { return false; }
  void reopen() override {}
  void check() override {}
  void become_writer(const record::Writer&) override {}
  bool tend() override { return true; }
  record::Saved save(const std::function<bool(Connection&)>&) override { return {}; }
  std::unique_ptr<Database> beside() override { return nullptr; }

 private:
  void run(const std::string& sql) override { real_->connection().run(sql); }
  std::unique_ptr<Prepared> prepare(const std::string& sql) override {
    return real_->connection().prepare(sql);
  }
  void begin(Access access) override { real_->connection().begin(access); }
  void rollback() noexcept override { real_->connection().rollback(); }
  void commit() override {
    ++commits;
    if (losses_-- > 0) throw Failure({"another writer was first"}, Failure::Kind::again);
    real_->connection().commit();
  }

  int losses_;
  std::unique_ptr<Database> real_;
};

struct World {
  Rival* rival;
  std::unique_ptr<SqlLedger> ledger;

  explicit World(int losses) {
    auto database = std::make_unique<Rival>(losses);
    rival = database.get();
    ledger = std::make_unique<SqlLedger>(std::move(database));
  }
};

const record::SeriesKey kKey{"kms", record::SeriesKind::probe, "generate", "berlin"};

}  // namespace

TEST_CASE("a transaction that lost against another one is run anew, and counts once") {
  const World world(3);
  const auto id = world.ledger->series(kKey);
  REQUIRE(id.ok());
  CHECK(world.rival->commits == 4);
  REQUIRE(world.ledger->write({.minutes = {{*id, kMinute, {{core::Answered{200}, 3}}}}}).ok());
  CHECK(world.rival->commits == 5);
  const auto counts = world.ledger->counts(*id, kMinute);
  REQUIRE(counts.ok());
  REQUIRE(counts->size() == 1);
  CHECK(counts->front().count == 3);
}

TEST_CASE("a transaction that loses again and again is an error in the end") {
  const World world(1000);
  const auto id = world.ledger->series(kKey);
  REQUIRE_FALSE(id.ok());
  CHECK(id.error().message == "could not add a series to the ledger: another writer was first");
  CHECK(id.error().where == "the rival's");
  CHECK(world.rival->commits == 10);
}

TEST_CASE("parameters stand in the order of their numbers, for SQLite gives them its own") {
  SqliteConnection connection(":memory:", 0ms);
  connection.run("CREATE TABLE t (a INTEGER, b TEXT)");
  Statement put(connection, "INSERT INTO t VALUES ($1, $2)");
  CHECK(put.change(std::int64_t{7}, std::string_view("x")) == 1);
  Statement twice(connection, "SELECT b FROM t WHERE a = $1 AND b = $2 AND a + 1 > $1");
  Rows rows = twice.query(std::int64_t{7}, std::string_view("x"));
  REQUIRE(rows.next());
  CHECK(rows.string(0) == "x");
  CHECK_FALSE(rows.next());
  CHECK_THROWS_AS(Statement(connection, "SELECT a FROM t WHERE b = $2 AND a = $1"), Failure);
  CHECK_THROWS_AS(Statement(connection, "SELECT a FROM t WHERE a = ?"), Failure);
}

TEST_CASE("what was not committed at the end of its scope is not there") {
  SqliteConnection connection(":memory:", 0ms);
  connection.run("CREATE TABLE t (a INTEGER)");
  Statement put(connection, "INSERT INTO t VALUES ($1)");
  for (const bool commits : {false, true}) {
    Transaction transaction(connection, Connection::Access::write);
    put.run(std::int64_t{1});
    if (commits) transaction.commit();
  }
  CHECK(connection.number("SELECT count(*) FROM t") == 1);
}

TEST_CASE("a count is never negative, and a number never larger than a database keeps") {
  SqliteConnection connection(":memory:", 0ms);
  Statement back(connection, "SELECT $1");
  CHECK_THROWS_AS(back.query(std::uint64_t{1} << 63), Failure);
  Rows rows = back.query(std::int64_t{-1});
  REQUIRE(rows.next());
  CHECK_THROWS_AS(rows.count(0), Failure);
}
