#include "ledger/sql/sqlite.h"

#include <map>
#include <utility>

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
      return "put a copy in its place that was made before (recoup restore --replace COPY), or "
             "name "
             "another file as the ledger";
    default: return "";
  }
}

class SqlitePrepared final : public Prepared {
 public:
  SqlitePrepared(SqliteConnection& connection, const std::string& sql) : connection_(connection) {
    connection.check(sqlite3_prepare_v3(connection.handle(), sql.c_str(),
                                        static_cast<int>(sql.size()) + 1, SQLITE_PREPARE_PERSISTENT,
                                        &statement_, nullptr));
    check_order();
  }
  ~SqlitePrepared() override { sqlite3_finalize(statement_); }
  SqlitePrepared(const SqlitePrepared&) = delete;
  SqlitePrepared& operator=(const SqlitePrepared&) = delete;

  void bind(int position, std::int64_t value) override {
    connection_.check(sqlite3_bind_int64(statement_, position, value));
  }

  void bind_text(int position, std::string_view value) override {
    // A view of nothing may have no address, which SQLite would take for NULL.
    const char* data = value.data() != nullptr ? value.data() : "";
    connection_.check(sqlite3_bind_text64(statement_, position, data, value.size(),
                                          SQLITE_TRANSIENT, SQLITE_UTF8));
  }

  void bind_blob(int position, std::string_view value) override {
    const char* data = value.data() != nullptr ? value.data() : "";
    connection_.check(
        sqlite3_bind_blob64(statement_, position, data, value.size(), SQLITE_TRANSIENT));
  }

  bool step() override {
    const int code = sqlite3_step(statement_);
    connection_.check(code);
    return code == SQLITE_ROW;
  }

  void reset() noexcept override { sqlite3_reset(statement_); }

  std::uint64_t changed() const override {
    return static_cast<std::uint64_t>(sqlite3_changes64(connection_.handle()));
  }

  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }

  std::string_view text(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr ? std::string_view() : std::string_view(text, size(column));
  }

  std::string_view blob(int column) const override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, size(column));
  }

 private:
  std::size_t size(int column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  }

  // SQLite numbers $1, $2, … by where they first stand, whatever they are called.
  void check_order() const {
    for (int i = sqlite3_bind_parameter_count(statement_); i > 0; --i) {
      const char* name = sqlite3_bind_parameter_name(statement_, i);
      if (name == nullptr || name != fmt::format("${}", i)) {
        Failure failure({fmt::format("expected ${} as parameter {}, got '{}'", i, i,
                                     name != nullptr ? name : "?")});
        sqlite3_finalize(statement_);  // no destructor does where the constructor throws
        throw failure;
      }
    }
  }

  SqliteConnection& connection_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, core::Millis busy_timeout) {
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

SqliteConnection::~SqliteConnection() { sqlite3_close_v2(handle_); }

void SqliteConnection::run(const std::string& sql) {
  check(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

std::unique_ptr<Prepared> SqliteConnection::prepare(const std::string& sql) {
  return std::make_unique<SqlitePrepared>(*this, sql);
}

void SqliteConnection::begin(Access access) {
  forget_damaged();
  run(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

void SqliteConnection::commit() { run("COMMIT"); }

void SqliteConnection::rollback() noexcept {
  // SQLite may have rolled back by itself, after a full disk for example: then this one fails, and
  // has nothing left to do.
  sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

// SQLite keeps the pages that it has read for as long as nobody else writes, damaged ones too.
// Between transactions none is in use, and all of them are let go.
void SqliteConnection::forget_damaged() {
  if (!std::exchange(read_damaged_, false)) return;
  sqlite3_db_release_memory(handle_);
}

std::int64_t SqliteConnection::number(const std::string& sql) {
  SqlitePrepared statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

bool SqliteConnection::checkpoint() {
  int frames = 0;
  int carried = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &carried);
  if ((code & 0xff) == SQLITE_BUSY) return false;
  check(code);
  return frames == carried;
}

void SqliteConnection::check(int code) const {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  // No handle at all means that there was no memory for one.
  const int primary = code & 0xff;
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) read_damaged_ = true;
  const char* message = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  throw Failure({message, "", help_for(primary)});
}

// SQLite of before 3.41 looks for the column that follows a primary key whose last column stands
// behind it in the table, and finds nothing (event_again): whether there is a NULL is seen by
// asking.
std::vector<std::string> damage_in(Connection& database, const std::string& check) {
  constexpr std::size_t kMost = 20;
  constexpr std::string_view kNull = "NULL value in ";
  std::map<std::string, bool> nulls;
  std::vector<std::string> found;
  // The limit is of what it finds falsely, too.
  Statement statement(database, ("PRAGMA " + check + "(1000000000)").c_str());
  for (Rows rows = statement.query(); found.size() < kMost && rows.next();) {
    const std::string said = rows.string(0);
    if (said == "ok") break;
    if (said.starts_with(kNull)) {
      const std::string column = said.substr(kNull.size());
      const auto dot = column.find('.');
      const auto [known, is_new] = nulls.try_emplace(column, true);
      if (is_new && dot != std::string::npos) {
        Statement look(database, fmt::format("SELECT 1 FROM \"{}\" WHERE \"{}\" IS NULL LIMIT 1",
                                             column.substr(0, dot), column.substr(dot + 1))
                                     .c_str());
        known->second = look.query().next();
      }
      if (!known->second) continue;
    }
    found.push_back(said);
  }
  return found;
}

void copy_all(SqliteConnection& from, SqliteConnection& to) {
  sqlite3_backup* copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (copying == nullptr) return to.check(sqlite3_errcode(to.handle()));
  const int copied = sqlite3_backup_step(copying, -1);
  const int finished = sqlite3_backup_finish(copying);
  to.check(copied == SQLITE_DONE ? finished : copied);
}

}  // namespace recoup::ledger
