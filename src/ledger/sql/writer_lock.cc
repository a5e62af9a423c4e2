#include "ledger/sql/writer_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "ledger/sql/sqlite.h"
#include "record/digest.h"

namespace recoup::ledger {
namespace {

// A byte of its own for each vantage, in the upper half of what a file may have: SQLite's own locks
// lie at one gigabyte.
constexpr off_t kFirst = off_t{1} << 62;

off_t byte_of(const std::string& vantage) {
  const std::string digits = record::sha256_hex(vantage).substr(0, 15);
  return kFirst + static_cast<off_t>(std::stoull(digits, nullptr, 16));
}

struct flock lock_of(const std::string& vantage) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte_of(vantage);
  lock.l_len = 1;
  return lock;
}

}  // namespace

WriterLock::WriterLock(const std::string& path, const FileIdentity& expected,
                       const std::string& vantage, At take_at)
    : vantage_(vantage), descriptor_(open(path.c_str(), O_RDWR | O_CLOEXEC)) {
  if (descriptor_ < 0) throw Failure({std::strerror(errno)});
  struct stat found {};
  if (fstat(descriptor_, &found) != 0 || FileIdentity{found.st_dev, found.st_ino} != expected) {
    close(descriptor_);
    throw Failure({"another file was put in its place just now", "", "try again"});
  }
  if (take_at == At::will || take()) return;
  const int error = errno;
  close(descriptor_);
  throw Failure({std::string("the file cannot be locked: ") + std::strerror(error), "",
                 "keep the ledger on a disk of this machine"});
}

WriterLock::~WriterLock() { close(descriptor_); }

bool is_being_written(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) {
    throw Failure({std::strerror(errno), "", "this user must be able to write the file"});
  }
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kFirst;
  const bool taken = fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close(descriptor);
  return taken;
}

// False where the system said something else than whether somebody has it.
bool WriterLock::take() {
  struct flock lock = lock_of(vantage_);
  holds_ = fcntl(descriptor_, F_OFD_SETLK, &lock) == 0;
  return holds_ || errno == EAGAIN || errno == EACCES;
}

bool WriterLock::try_again() {
  if (!holds_) take();
  return holds_;
}

bool WriterLock::is_held(const std::string& vantage) const {
  if (holds_ && vantage == vantage_) return true;
  struct flock lock = lock_of(vantage);
  return fcntl(descriptor_, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

core::Error refusal(SqliteConnection& database, const std::string& vantage) {
  Statement find(database, "SELECT process, host, since_ms FROM writer WHERE vantage = $1");
  Rows rows = find.query(vantage);
  const std::string who =
      rows.next()
          ? fmt::format("process {} on {} has done so since {}", rows.integer(0), rows.text(1),
                        core::to_text(core::Instant(core::Millis(rows.integer(2)))))
          : "another process does so";
  return {
      fmt::format("expected to be the only one that records for the vantage '{}', but {}", vantage,
                  who),
      "",
      "stop that process, or give this one a `vantage` or a `ledger` of its own in its settings"};
}

void note_writer(SqliteConnection& database, const record::Writer& writer) {
  Statement note(database,
                 "INSERT INTO writer (vantage, host, process, since_ms) VALUES ($1, $2, $3, $4) "
                 "ON CONFLICT (vantage) DO UPDATE SET host = excluded.host, "
                 "process = excluded.process, since_ms = excluded.since_ms");
  note.run(writer.vantage, writer.host, writer.process,
           std::int64_t{writer.since.time_since_epoch().count()});
}

std::vector<record::Holder> noted_writers(SqliteConnection& database) {
  std::vector<record::Holder> all;
  Statement read(database, "SELECT vantage, host, process, since_ms FROM writer ORDER BY vantage");
  for (Rows rows = read.query(); rows.next();) {
    all.push_back({rows.string(0), rows.string(1), rows.count(2),
                   core::Instant(core::Millis(rows.integer(3)))});
  }
  return all;
}

}  // namespace recoup::ledger
