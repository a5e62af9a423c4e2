#include "ledger/sql/sqlite.h"

#include <cassert>

#include <fmt/format.h>
#include <sqlite3.h>

namespace recoup::ledger {
namespace {

// What the user can do about a primary result code.
const char* help_for(int code) {
  switch (code) {
    case SQLITE_FULL: return "free space where the ledger lies, then try again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return "the folder must exist, and this user must be able to write the file and its folder";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process is writing the ledger: wait for it, or stop it, then try again";
    case SQLITE_IOERR: return "check the disk, its free space and this user's limits";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "put a copy in its place that was made with sqlite3 recoup.db \".backup copy.db\", or "
             "name another file as the ledger";
    default: return "";
  }
}

}  // namespace

core::Error describe(std::string_view task, const std::string& path, const Failure& failure) {
  const core::Error& error = failure.error();
  return {fmt::format("could not {}: {}", task, error.message), path, error.help};
}

Database::Database(const std::string& path, core::Millis busy_timeout) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  try {
    check(code);
    check(sqlite3_busy_timeout(handle_, static_cast<int>(busy_timeout.count())));
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close_v2(handle_); }

void Database::run(const char* sql) {
  check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
}

bool Database::changed() const { return sqlite3_changes64(handle_) > 0; }

bool Database::checkpoint() {
  int frames = 0;
  int carried = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &carried);
  if ((code & 0xff) == SQLITE_BUSY) return false;
  check(code);
  return frames == carried;
}

void Database::check(int code) const {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  // No handle at all means that there was no memory for one.
  const char* message = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  throw Failure({message, "", help_for(code & 0xff)});
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
  database_.run(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  // SQLite may have rolled back by itself, after a full disk for example: then this one fails, and
  // has nothing left to do.
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  assert(open_);
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace recoup::ledger
