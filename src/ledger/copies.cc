#include "ledger/copies.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "ledger/sql/file_watch.h"
#include "ledger/sql/sqlite.h"
#include "ledger/sql/sqlite_database.h"
#include "ledger/sql/writer_lock.h"
#include "ledger/tables/sqlite_schema.h"

namespace recoup::ledger {
namespace {

namespace fs = std::filesystem;

Failure system_failure(const std::string& what) {
  return Failure({what + ": " + std::strerror(errno), "",
                  "the folder must be there, with room for a copy, and this user must be able to "
                  "write it"});
}

// PartFile is a new file of the owner's alone, under a name of its own until it is whole; what is
// not put in its place is gone at the end of the scope.
class PartFile {
 public:
  explicit PartFile(const std::string& place) : place_(place), path_(place + ".part") {
    unlink(path_.c_str());
    const int made = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0) throw system_failure("could not make " + path_);
    close(made);
  }
  ~PartFile() {
    for (const char* tail : {"", "-journal", "-wal", "-shm"}) unlink((path_ + tail).c_str());
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const { return path_; }

  // Durably in its place.
  void put() const {
    sync(path_, O_RDONLY);
    if (std::rename(path_.c_str(), place_.c_str()) != 0) {
      throw system_failure("could not make " + place_);
    }
    const fs::path folder = fs::path(place_).parent_path();
    sync(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
  }

 private:
  static void sync(const std::string& path, int flags) {
    const int file = open(path.c_str(), flags | O_CLOEXEC);
    const bool done = file >= 0 && fsync(file) == 0;
    const int error = errno;
    if (file >= 0) close(file);
    errno = error;
    if (!done) throw system_failure("could not write " + path);
  }

  std::string place_;
  std::string path_;
};

std::map<std::string, std::uint64_t> rows_of(SqliteConnection& database) {
  std::vector<std::string> tables;
  {
    Statement find(database,
                   "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                   "name NOT LIKE 'sqlite%' ORDER BY name");
    for (Rows rows = find.query(); rows.next();) tables.push_back(rows.string(0));
  }
  std::map<std::string, std::uint64_t> counts;
  for (const std::string& table : tables) {
    counts[table] =
        static_cast<std::uint64_t>(database.number("SELECT count(*) FROM \"" + table + '"'));
  }
  return counts;
}

// Copies the ledger in the file, as it is at one instant, and looks through the copy, which is one
// file without a log beside it.
std::map<std::string, std::uint64_t> copy_whole(const std::string& from, const std::string& to) {
  SqliteConnection source(from, kBusyTimeout);
  check_ledger_version(source, kSqliteSchema);
  SqliteConnection copy(to, core::Millis(0));
  std::map<std::string, std::uint64_t> rows;
  {
    // What is read in it is of one instant, and the copy is of the same.
    const Transaction instant(source, Connection::Access::read);
    rows = rows_of(source);
    copy_all(source, copy);
  }
  copy.run("PRAGMA journal_mode = DELETE");
  if (const auto damage = damage_in(copy, "integrity_check"); !damage.empty()) {
    throw Failure({"the copy is damaged: " + damage.front(), "",
                   "recoup ledger check looks whether the original is, too; if it is not, see to "
                   "the disk of the copy"});
  }
  if (rows_of(copy) != rows) throw Failure({"the copy has not as many rows as the ledger"});
  return rows;
}

Copied copied(const std::string& file, std::map<std::string, std::uint64_t> rows) {
  std::error_code unknown;
  Copied result;
  result.file = file;
  result.bytes = fs::file_size(file, unknown);
  result.rows = std::move(rows);
  return result;
}

// The path of the file that a SQLite ledger is in.
std::string file_of(const Address& ledger, const char* instead) {
  const auto file = ledger.file();
  if (!file) {
    throw Failure({"expected a ledger in a SQLite file, got " + ledger.shown(), "", instead});
  }
  return *file;
}

constexpr const char* kDump =
    "PostgreSQL has a tool for that: pg_dump --schema=recoup --format=custom --file=FILE DATABASE "
    "writes all of it as of one instant, while the service runs";
constexpr const char* kPgRestore =
    "PostgreSQL has a tool for that: pg_restore --dbname=DATABASE FILE, into a database without "
    "the "
    "schema recoup, while no service runs";

// Moves a ledger that is there aside, with its log. A name for it that nothing has.
std::string move_aside(const std::string& path) {
  std::string aside;
  for (int i = 1; aside.empty(); ++i) {
    const std::string name = fmt::format("{}.before-restore-{}", path, i);
    if (link(path.c_str(), name.c_str()) == 0) {
      aside = name;
    } else if (errno != EEXIST) {
      throw system_failure("could not move " + path + " aside");
    }
  }
  for (const char* tail : {"-wal", "-shm"}) {
    if (std::rename((path + tail).c_str(), (aside + tail).c_str()) != 0 && errno != ENOENT) {
      throw system_failure("could not move " + path + tail + " aside");
    }
  }
  return aside;
}

core::Error already_there(const std::string& file, const char* help) {
  return {"expected no file of that name, got one", file, help};
}

}  // namespace

core::Result<Copied> back_up(const Address& ledger, const std::string& file, Existing existing) {
  try {
    const std::string from = file_of(ledger, kDump);
    const auto source = identity_of(from);
    if (!source) {
      throw Failure({"expected a ledger, got no file", "",
                     "see whether `ledger` in the settings names the right file"});
    }
    if (const auto there = identity_of(file)) {
      if (there == source) {
        return core::Error{"expected another file than the ledger itself", file,
                           "name a new file, on another disk if there is one"};
      }
      if (existing == Existing::keep) {
        return already_there(file, "name another file, or have it replaced with --replace");
      }
    }
    const PartFile part(file);
    auto rows = copy_whole(from, part.path());
    part.put();
    return copied(file, std::move(rows));
  } catch (const Failure& failure) {
    return describe("back up the ledger", ledger.file().value_or(ledger.shown()), failure);
  }
}

core::Result<Copied> restore(const std::string& file, const Address& ledger, Existing existing) {
  try {
    const std::string place = file_of(ledger, kPgRestore);
    const auto copy = identity_of(file);
    if (!copy) {
      throw Failure({"expected a copy of a ledger in " + file + ", got no file", "",
                     "name a file that recoup backup wrote"});
    }
    const auto there = identity_of(place);
    if (there == copy) {
      return core::Error{"expected another file than the ledger itself", file,
                         "name a file that recoup backup wrote"};
    }
    if (there && existing == Existing::keep) {
      return already_there(place,
                           "stop the service, and have the ledger replaced with --replace: "
                           "what is there is kept beside it");
    }
    if (!there && fs::exists(place + "-wal")) {
      return already_there(place + "-wal",
                           "it is the write-ahead log of a ledger that was there: "
                           "move it away, or put that ledger back beside it");
    }
    if (there && is_being_written(place)) {
      return core::Error{
          "expected a ledger into which nobody records, got one that a service "
          "writes",
          place, "stop the service, restore, and start it again"};
    }
    const PartFile part(place);
    auto rows = copy_whole(file, part.path());
    std::string aside = there ? move_aside(place) : std::string();
    part.put();
    Copied result = copied(place, std::move(rows));
    result.aside = std::move(aside);
    return result;
  } catch (const Failure& failure) {
    return describe("restore the ledger", ledger.file().value_or(ledger.shown()), failure);
  }
}

}  // namespace recoup::ledger
