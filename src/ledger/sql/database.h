#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ledger/sql/connection.h"
#include "record/records.h"
#include "record/roles.h"

namespace recoup::ledger {

// Migration is one step from a version of the tables to the next.
struct Migration {
  const char* sql;
  void (*carry)(Connection&) = nullptr;  // then moves what SQL alone cannot
  // Its words for PostgreSQL, where those above are not to be had from SQLite's by the rules of
  // tables/postgres_schema.h: a table that is made anew, a trigger.
  const char* postgres = nullptr;
};

// Schema is how one kind of database makes the tables: element i brings them from version i to
// i + 1, and version 0 has none. What was published is never edited: a change is a new element.
using Schema = std::span<const Migration>;

// Takes the steps from `version` to the newest. Inside a transaction. Throws Failure.
inline void migrate(Connection& connection, const Schema& schema, std::size_t version) {
  for (const Migration& step : schema.subspan(version)) {
    connection.run(step.sql);
    if (step.carry != nullptr) step.carry(connection);
  }
}

// What becomes of a ledger that is not there.
enum class Missing {
  make,    // a new one is made
  refuse,  // an error: what only reads must not make an empty ledger of a mistyped path
};

// Database is one open way to a ledger's tables with all that is its kind's own: how it is made and
// opened, who may write it, how it is looked after, and where it went. For one thread at a time.
// All methods throw Failure.
class Database {
 public:
  virtual ~Database() = default;

  // What the tables' statements are prepared on. All of them end before reopen(), save() and the
  // database: it is another one afterwards.
  virtual Connection& connection() = 0;

  // As errors name it: the path of its file.
  virtual std::string name() const = 0;

  // Whether opening it made it.
  virtual bool is_new() const = 0;

  // Whether connection() is of no use any longer, because the tables lie elsewhere or it was lost;
  // and goes to where they are.
  virtual bool has_moved() const = 0;
  virtual void reopen() = 0;

  // In a transaction that writes, before anything is written: fails where that would be lost.
  virtual void check() = 0;

  // As Ledger::become_writer.
  virtual void become_writer(const record::Writer& writer) = 0;

  // As Ledger::leads. Of a database that one process alone can have, it is the one.
  virtual bool leads(const record::Writer&) { return true; }

  // As Ledger::holders.
  virtual std::vector<record::Holder> holders() { return {}; }

  // Of the lease by which it writes: larger each time that another has it; 0 where it needs none.
  virtual std::int64_t lease() const { return 0; }

  // Once before each tend(): the writer may look again for what it lost.
  virtual void begin_turn() {}

  // As Ledger::tend. Whether nothing that was written so far can be lost by less than the loss of
  // the tables themselves.
  virtual bool tend() = 0;

  // As Upkeep::give_back.
  virtual bool give_back() { return false; }

  // As Ledger::save. What was written since tend() returned true may not be in what is saved:
  // then `write_again` writes it to the new connection, and says whether that was all.
  virtual record::Saved save(const std::function<bool(Connection&)>& write_again) = 0;

  // As Ledger::beside; null where there can be none.
  virtual std::unique_ptr<Database> beside() = 0;
};

}  // namespace recoup::ledger
