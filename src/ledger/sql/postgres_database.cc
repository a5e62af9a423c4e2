#include "ledger/sql/postgres_database.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ledger/sql/lease.h"
#include "ledger/sql/postgres.h"

namespace recoup::ledger {
namespace {

const std::string kSealing = "sealing";    // the lease of the one that seals
const std::string kVantages = "vantage ";  // begins the names of the others

constexpr int kTriesToOpen = 10;     // against others that make the tables
constexpr int kMostTurnsApart = 30;  // between two tries to connect, of about a second each
constexpr int kTurnsPerRenewal = 5;  // of tend()
constexpr int kTurnsToWait = 35;     // of a second, for a lease that nobody renews

// The version of the ledger there; 0 where there is none. Throws for one that is newer.
std::size_t version_there(PostgresConnection& connection, std::size_t newest) {
  constexpr const char* kHasTable =
      "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'recoup' "
      "AND table_name = 'ledger_version'";
  if (connection.number(kHasTable) == 0) return 0;
  const std::int64_t version = connection.number("SELECT max(version) FROM ledger_version");
  if (version > static_cast<std::int64_t>(newest)) {
    throw Failure(
        {fmt::format("expected a ledger of version {} or older, got version {}", newest, version),
         "", "use the newer recoup that wrote it, or name another database as the ledger"});
  }
  return static_cast<std::size_t>(version);
}

// Makes the tables, or brings them to the newest version; whether there were none.
bool bring_up_to_date(PostgresConnection& connection, const Schema& schema) {
  Transaction transaction(connection, Connection::Access::write);
  const std::size_t version = version_there(connection, schema.size());
  if (version == 0) {
    connection.run(
        "CREATE SCHEMA IF NOT EXISTS recoup;"
        "CREATE TABLE IF NOT EXISTS ledger_version (version bigint PRIMARY KEY)");
  }
  migrate(connection, schema, version);
  Statement note(connection, "INSERT INTO ledger_version (version) VALUES ($1)");
  note.run(std::uint64_t{schema.size()});
  transaction.commit();
  return version == 0;
}

// Several programs may open a new ledger at once: one makes it.
bool prepare_tables(PostgresConnection& connection, Missing missing, const Schema& schema) {
  for (int tries = 1;; ++tries) {
    const std::size_t version = version_there(connection, schema.size());
    if (version == schema.size()) return false;
    if (version == 0 && missing == Missing::refuse) {
      throw Failure({"expected a ledger, got a database without one", "",
                     "see whether `ledger` in the settings names the right database; recoup run "
                     "and recoup import make a new one"});
    }
    try {
      return bring_up_to_date(connection, schema);
    } catch (const Failure& failure) {
      if (failure.kind() != Failure::Kind::again || tries == kTriesToOpen) throw;
    }
  }
}

// Shared is what several objects of one process on the same ledger have in common. May be used from
// any thread.
struct Shared {
  PostgresAddress address;
  Schema schema;
  std::string vantage;                  // the writer's; set before there are others
  std::atomic<std::int64_t> number{0};  // of the lease; 0 where nobody became the writer
  std::atomic<bool> is_away{false};     // so that one alone tries
};

core::Error taken_by(const std::optional<Held>& held, const std::string& vantage) {
  const std::string who = held ? fmt::format("process {} on {} has done so since {}", held->process,
                                             held->host, core::to_text(held->since))
                               : "another process does so";
  return {
      fmt::format("expected to be the only one that records for the vantage '{}', but {}", vantage,
                  who),
      "",
      "stop that process, or give this one a `vantage` or a `ledger` of its own in its settings"};
}

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(std::shared_ptr<Shared> shared, Missing missing)
      : shared_(std::move(shared)),
        connection_(std::make_unique<PostgresConnection>(shared_->address)),
        leases_(std::make_unique<LeaseTable>(*connection_)),
        is_new_(prepare_tables(*connection_, missing, shared_->schema)) {}

  // One whose changes nobody else ever sees.
  explicit PostgresDatabase(std::shared_ptr<Shared> shared)
      : shared_(std::move(shared)),
        connection_(std::make_unique<PostgresConnection>(shared_->address)),
        leases_(std::make_unique<LeaseTable>(*connection_)) {
    connection_->keep_nothing();
    is_new_ = prepare_tables(*connection_, Missing::make, shared_->schema);
  }

  ~PostgresDatabase() override {
    if (connection_->is_lost()) return;
    try {
      if (is_writer_) leases_->end(vantage(), shared_->number);
      if (leads_ != 0) leases_->end(kSealing, leads_);
    } catch (const Failure&) {
      // Then the next one waits until it is over.
    }
  }

  Connection& connection() override { return *connection_; }
  std::string name() const override { return shared_->address.shown; }
  bool is_new() const override { return is_new_; }
  bool has_moved() const override { return connection_->is_lost(); }

  void reopen() override {
    const bool may_try = is_writer_ ? std::exchange(may_try_, false) : !shared_->is_away.load();
    if (!may_try) throw Failure(away_);
    try {
      auto next = std::make_unique<PostgresConnection>(shared_->address);
      prepare_tables(*next, Missing::refuse, shared_->schema);
      leases_.reset();
      connection_ = std::move(next);
      leases_ = std::make_unique<LeaseTable>(*connection_);
    } catch (const Failure& failure) {
      note_away(failure);
      throw;
    }
    turns_apart_ = 1;
    turns_to_wait_ = 0;
    if (is_writer_) shared_->is_away = false;
  }

  void check() override {
    const std::int64_t number = shared_->number;
    if (number == 0 || leases_->is_of(vantage(), number)) return;
    throw Failure(taken_by(leases_->find(vantage()), shared_->vantage));
  }

  void become_writer(const record::Writer& writer) override {
    shared_->vantage = writer.vantage;
    const auto first = leases_->find(vantage());
    for (int turn = 0;; ++turn) {
      if (const auto number = take(vantage(), writer)) {
        shared_->number = *number;
        is_writer_ = true;
        return;
      }
      const auto now = leases_->find(vantage());
      const bool is_renewed = first && now && now->until != first->until;
      // Who renews it lives. One that was killed does not, and is waited for.
      if (is_renewed || turn == kTurnsToWait) throw Failure(taken_by(now, writer.vantage));
      connection_->number("SELECT count(pg_sleep(1))");
    }
  }

  // A try may take as long as nobody answers: whatever else is asked meanwhile fails at once.
  void begin_turn() override { may_try_ = turns_to_wait_-- <= 0; }

  // What was committed is durable. A lease that nobody took in a time without the database is had
  // again; one that another took is not. Who writes nothing learns whether it is there.
  bool tend() override {
    if (turns_++ % kTurnsPerRenewal != 0) return true;
    if (!is_writer_) return connection_->number("SELECT 1") == 1;
    if (leases_->renew(vantage(), shared_->number)) return true;
    throw Failure(taken_by(leases_->find(vantage()), shared_->vantage));
  }

  bool leads(const record::Writer& writer) override {
    if (leads_ != 0 && leases_->renew(kSealing, leads_)) return true;
    leads_ = take(kSealing, writer).value_or(0);
    return leads_ != 0;
  }

  std::vector<record::Holder> holders() override {
    std::vector<record::Holder> all;
    for (const LeaseTable::Named& one : leases_->all()) {
      const bool is_vantage = one.name.starts_with(kVantages);
      if (!is_vantage && one.name != kSealing) continue;
      all.push_back({is_vantage ? one.name.substr(kVantages.size()) : "", one.held.host,
                     one.held.process, one.held.since, one.lasts});
    }
    return all;
  }

  std::int64_t lease() const override { return shared_->number; }

  // Where the tables lie is the database's to look after.
  record::Saved save(const std::function<bool(Connection&)>&) override {
    check();
    return {shared_->address.shown, false, "the database is there again"};
  }

  std::unique_ptr<Database> beside() override {
    return std::make_unique<PostgresDatabase>(shared_, Missing::refuse);
  }

 private:
  std::string vantage() const { return kVantages + shared_->vantage; }

  std::optional<std::int64_t> take(const std::string& name, const record::Writer& writer) {
    try {
      return leases_->take(name, writer);
    } catch (const Failure& failure) {
      if (failure.kind() == Failure::Kind::again) return std::nullopt;
      throw;
    }
  }

  void note_away(const Failure& failure) {
    away_ = failure.error();
    if (!is_writer_) return;
    shared_->is_away = true;
    turns_to_wait_ = turns_apart_;
    turns_apart_ = std::min(turns_apart_ * 2, kMostTurnsApart);
  }

  const std::shared_ptr<Shared> shared_;
  std::unique_ptr<PostgresConnection> connection_;
  std::unique_ptr<LeaseTable> leases_;  // over it
  bool is_new_ = false;
  bool is_writer_ = false;
  std::int64_t leads_ = 0;  // the number of the lease to seal; 0: not had
  int turns_ = 0;
  bool may_try_ = true;    // to connect; the writer, once in a turn
  int turns_apart_ = 1;    // the next time that it cannot be reached
  int turns_to_wait_ = 0;  // before it is tried again
  core::Error away_{"the database cannot be reached", "", "see that it runs: it is tried again"};
};

std::shared_ptr<Shared> shared_of(const std::string& url, const Schema& schema) {
  return std::shared_ptr<Shared>(new Shared{PostgresAddress(url), schema, {}});
}

}  // namespace

std::string shown_postgres(const std::string& url) { return PostgresAddress(url).shown; }

std::unique_ptr<Database> open_postgres(const std::string& url, Missing missing,
                                        const Schema& schema) {
  return std::make_unique<PostgresDatabase>(shared_of(url, schema), missing);
}

std::unique_ptr<Database> open_postgres_copy(const std::string& url, const Schema& schema) {
  return std::make_unique<PostgresDatabase>(shared_of(url, schema));
}

}  // namespace recoup::ledger
