#include "ledger/sql/sqlite_database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ledger/sql/file_watch.h"
#include "ledger/sql/save.h"
#include "ledger/sql/sqlite.h"
#include "ledger/sql/writer_lock.h"

namespace recoup::ledger {
namespace {

using core::Millis;

// "RCUP" marks a SQLite file as a ledger.
constexpr std::int64_t kApplicationId = 0x52435550;

// Durable at every commit: the log is synchronised before it is acknowledged. The cache holds the
// leaves that 100,000 series dirty a minute; the log's file shrinks again after a large import.
constexpr const char* kPragmas = R"sql(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -65536;
  PRAGMA journal_size_limit = 67108864;
)sql";

// A quarter of the file, where that is worth it: what was folded today is written again tomorrow.
constexpr std::int64_t kMuchRoom = 4096;     // pages
constexpr std::int64_t kPagesPerTurn = 512;  // a moment's work

// What SQLite calls a database in a file that has no name, and one in memory.
constexpr std::string_view kNameless;
constexpr std::string_view kInMemory = ":memory:";

// In place of a vantage: the judge's lock, and its row. No vantage is called that.
const std::string kJudge;

// Turns of tend(), of about a second each.
constexpr unsigned kTurnsPerCheckpoint = 10;

// Makes the file, for its owner alone, where there is none and one is wanted; SQLite gives the
// files beside it the same mode. What keeps it from being made, SQLite finds again and says.
bool make_file(const std::string& path, Missing missing) {
  struct stat found {};
  if (path == kInMemory || path == kNameless) return true;
  if (stat(path.c_str(), &found) == 0 || errno != ENOENT) return false;
  if (missing == Missing::refuse) {
    throw Failure({"expected a ledger, got no file", "",
                   "see whether `ledger` in the settings names the right file; recoup run and "
                   "recoup import make a new one"});
  }
  // SQLite would delete the log, and with it what a killed service wrote last.
  if (stat((path + "-wal").c_str(), &found) == 0 && found.st_size > 0) {
    throw Failure({"expected a ledger, got no file but its write-ahead log (-wal)", "",
                   "put the ledger back beside its log, or move the log away for a new ledger"});
  }
  if (stat((path + ".saving").c_str(), &found) == 0) {
    throw Failure(
        {"expected a ledger, got no file but one that a service was saving it to (.saving)", "",
         "see with sqlite3 whether it is whole (PRAGMA integrity_check); then put it in the "
         "ledger's place, or move it away for a new ledger"});
  }
  const int made = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made >= 0) close(made);
  return true;
}

// Whether anything is there to be copied.
bool is_there(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0;
}

// The version of the ledger in this file; 0 for an empty file. Throws for what is no ledger, and
// for one that is newer than the schema. Changes nothing.
std::size_t version_of(SqliteConnection& connection, std::size_t newest) {
  const std::int64_t application = connection.number("PRAGMA application_id");
  const std::int64_t version = connection.number("PRAGMA user_version");
  if (application == kApplicationId && version > static_cast<std::int64_t>(newest)) {
    throw Failure(
        {fmt::format("expected a ledger of version {} or older, got version {}", newest, version),
         "", "use the newer recoup that wrote it, or name another file as the ledger"});
  }
  if (application == kApplicationId && version > 0) return static_cast<std::size_t>(version);
  const bool empty = connection.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (application == 0 && version == 0 && empty) return 0;
  throw Failure({"expected a ledger, got a SQLite database of something else", "",
                 "name another file as the ledger"});
}

// Makes the tables in an empty file, or brings an older ledger to the newest version, in one
// transaction. One that is up to date is opened without the lock of a writer. Keys into other
// tables are not looked after yet: a table that others refer to can be made anew.
void prepare(SqliteConnection& connection, const Schema& schema) {
  if (version_of(connection, schema.size()) == schema.size()) return;
  Transaction transaction(connection, Connection::Access::write);
  migrate(connection, schema, version_of(connection, schema.size()));
  connection.run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId,
                             schema.size()));
  transaction.commit();
}

// OpenFile is a ledger's file as it is open, and watched from then on. Throws Failure.
struct OpenFile {
  OpenFile(const std::string& path, Missing missing, const Schema& schema, Millis busy_timeout,
           const std::string& copy_of = {})
      : made(make_file(path, missing)),
        connection(path, busy_timeout),
        watch(ready(missing, schema, busy_timeout, copy_of), path) {}

  // A database of something else must be refused before anything in it is changed. The tables are
  // in the file itself at once, so that a copy of it is a ledger.
  SqliteConnection& ready(Missing missing, const Schema& schema, Millis busy_timeout,
                          const std::string& copy_of) {
    if (!copy_of.empty()) {
      SqliteConnection from(copy_of, busy_timeout);
      version_of(from, schema.size());
      copy_all(from, connection);
    }
    if (version_of(connection, schema.size()) == 0) {
      if (missing == Missing::refuse) {
        throw Failure({"expected a ledger, got an empty file", "",
                       "recoup run and recoup import make a ledger of it"});
      }
      made = true;
    }
    connection.run(kPragmas);
    connection.run("PRAGMA foreign_keys = OFF");
    prepare(connection, schema);
    connection.run("PRAGMA foreign_keys = ON");
    if (made) connection.checkpoint();
    return connection;
  }

  bool made;  // there was no file, or an empty one
  SqliteConnection connection;
  FileWatch watch;
};

// Whereabouts is where a ledger lies that several objects of one process have open: it moves when
// it is saved. May be used from any thread.
class Whereabouts {
 public:
  struct Place {
    std::string path;
    int moves = 0;
  };

  explicit Whereabouts(std::string path) : place_{std::move(path)} {}

  Place place() const {
    const std::lock_guard lock(mutex_);
    return place_;
  }

  int moves() const {
    const std::lock_guard lock(mutex_);
    return place_.moves;
  }

  int move_to(const std::string& path) {
    const std::lock_guard lock(mutex_);
    place_.path = path;
    return ++place_.moves;
  }

  // Whether this process is the judge of the file there; and whether anybody has a vantage of it.
  // The locks go with the last of its objects. Throws Failure.
  bool leads(const std::string& path, const FileIdentity& file) {
    const std::lock_guard lock(mutex_);
    return judge_lock(path, file).try_again();
  }
  bool is_held(const std::string& path, const FileIdentity& file, const std::string& vantage) {
    const std::lock_guard lock(mutex_);
    return judge_lock(path, file).is_held(vantage);
  }

 private:
  WriterLock& judge_lock(const std::string& path, const FileIdentity& file) {
    if (judge_.empty() || judged_ != path) {
      judge_.push_back(std::make_unique<WriterLock>(path, file, kJudge, WriterLock::At::will));
      judged_ = path;
    }
    return *judge_.back();
  }

  mutable std::mutex mutex_;
  Place place_;
  std::vector<std::unique_ptr<WriterLock>> judge_;  // the newest one counts
  std::string judged_;                              // of which path it is
};

class SqliteDatabase final : public Database {
 public:
  // `copy_of`: the file that it is to begin as a copy of, or empty.
  SqliteDatabase(std::shared_ptr<Whereabouts> where, Missing missing, const Schema& schema,
                 Millis busy_timeout, const std::string& copy_of = {})
      : where_(std::move(where)),
        schema_(schema),
        busy_timeout_(busy_timeout),
        place_(where_->place()),
        file_(open_file(place_.path, missing, copy_of)),
        is_new_(file_->made) {}

  Connection& connection() override { return file_->connection; }
  std::string name() const override { return place_.path; }
  bool is_new() const override { return is_new_; }

  bool has_moved() const override { return where_->moves() != place_.moves; }

  void reopen() override {
    Whereabouts::Place place = where_->place();
    file_ = open_file(place.path, Missing::refuse);
    place_ = std::move(place);
  }

  void check() override { file_->watch.check(); }

  // Only of a file whose owner made it so. Such a file has pages that say where all others are
  // used, and nothing in them tells a damaged one: a bad read of one would be written back. What
  // was folded leaves room that the next days take, so that a ledger does not grow for want of it.
  bool give_back() override {
    SqliteConnection& connection = file_->connection;
    constexpr std::int64_t kIncremental = 2;
    const std::int64_t free_pages = connection.number("PRAGMA freelist_count");
    if (free_pages < kMuchRoom || free_pages < connection.number("PRAGMA page_count") / 4 ||
        connection.number("PRAGMA auto_vacuum") != kIncremental) {
      return false;
    }
    connection.run(fmt::format("PRAGMA incremental_vacuum({})", kPagesPerTurn));
    return true;
  }

  bool leads(const record::Writer& writer) override {
    if (!file_->watch.file()) return true;
    const bool leads = where_->leads(place_.path, *file_->watch.file());
    if (leads && !leads_) {
      note_writer(file_->connection, {kJudge, writer.host, writer.process, writer.since});
    }
    return leads_ = leads;
  }

  std::vector<record::Holder> holders() override {
    if (!file_->watch.file()) return {};
    std::vector<record::Holder> all = noted_writers(file_->connection);
    for (record::Holder& one : all) {
      one.lives = where_->is_held(place_.path, *file_->watch.file(), one.vantage);
    }
    return all;
  }

  void become_writer(const record::Writer& writer) override {
    if (!file_->watch.file()) return;
    // One that is taken stays open too: to close it here would end SQLite's own locks.
    locks_.push_back(
        std::make_unique<WriterLock>(place_.path, *file_->watch.file(), writer.vantage));
    if (!locks_.back()->holds()) throw Failure(refusal(file_->connection, writer.vantage));
    note_writer(file_->connection, writer);
    file_->connection.checkpoint();
    writes_for_ = writer.vantage;
  }

  // What was carried over from the log does not go with it.
  bool tend() override {
    check();
    const bool is_time = turns_++ % kTurnsPerCheckpoint == 0;
    return is_time && file_->connection.checkpoint();
  }

  record::Saved save(const std::function<bool(Connection&)>& write_again) override {
    const auto fault = file_->watch.look();
    if (fault == FileWatch::Fault::none) return record::Saved{place_.path};
    if (!writes_for_) throw Failure({"only the process that records may save it"});
    return move_to(save_copy(file_->connection, file_->watch, fault, *locks_.back(), *writes_for_),
                   fault, write_again);
  }

  std::unique_ptr<Database> beside() override {
    if (!file_->watch.file()) return nullptr;
    return std::make_unique<SqliteDatabase>(where_, Missing::refuse, schema_, busy_timeout_);
  }

 private:
  std::unique_ptr<OpenFile> open_file(const std::string& path, Missing missing,
                                      const std::string& copy_of = {}) const {
    return std::make_unique<OpenFile>(path, missing, schema_, busy_timeout_, copy_of);
  }

  record::Saved move_to(Copy copy, FileWatch::Fault fault,
                        const std::function<bool(Connection&)>& write_again) {
    auto next = open_file(copy.path, Missing::refuse);
    record::Saved saved{
        copy.path, copy.elsewhere,
        fmt::format("{} while it was in use; it was saved to {}, where recording goes on",
                    FileWatch::in_words(fault), copy.path)};
    if (fault == FileWatch::Fault::log_cut) {
      saved.what += fmt::format("; what {} wrote to it in the last seconds may be missing",
                                write_again(next->connection) ? "other commands" : "anybody");
    }
    if (copy.elsewhere) {
      saved.what += fmt::format("; stop the service, put the right file at {}, and start it again",
                                place_.path);
    }
    locks_.push_back(std::move(copy.lock));
    file_ = std::move(next);
    place_ = {copy.path, where_->move_to(copy.path)};
    return saved;
  }

  const std::shared_ptr<Whereabouts> where_;
  const Schema schema_;
  const Millis busy_timeout_;
  Whereabouts::Place place_;                        // of the file that is open
  std::vector<std::unique_ptr<WriterLock>> locks_;  // the newest one counts; end after file_
  std::unique_ptr<OpenFile> file_;
  const bool is_new_;
  std::optional<std::string> writes_for_;  // the vantage
  bool leads_ = false;
  unsigned turns_ = 0;
};

}  // namespace

void check_ledger_version(SqliteConnection& connection, const Schema& schema) {
  if (version_of(connection, schema.size()) > 0) return;
  throw Failure({"expected a ledger, got an empty file", "", "name a file that has one"});
}

std::unique_ptr<Database> open_sqlite(const std::string& path, Missing missing,
                                      const Schema& schema, Millis busy_timeout) {
  return std::make_unique<SqliteDatabase>(std::make_shared<Whereabouts>(path), missing, schema,
                                          busy_timeout);
}

std::unique_ptr<Database> open_sqlite_copy(const std::string& path, const Schema& schema,
                                           Millis busy_timeout) {
  return std::make_unique<SqliteDatabase>(std::make_shared<Whereabouts>(std::string(kNameless)),
                                          Missing::make, schema, busy_timeout,
                                          is_there(path) ? path : std::string());
}

}  // namespace recoup::ledger
