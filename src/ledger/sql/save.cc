#include "ledger/sql/save.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "ledger/sql/sqlite.h"

namespace recoup::ledger {
namespace {

constexpr const char* kHelp =
    "see that the folder is there and has room for a copy of the ledger: it is tried again";

Failure system_failure(const char* what, const std::string& path) {
  // Where files lie is for the log alone; the rest of an error is shown to whoever asks.
  const std::string name = std::filesystem::path(path).filename().string();
  return Failure({fmt::format("{} {}: {}", what, name, std::strerror(errno)), "", kHelp});
}

// Descriptor closes at the end of its scope.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, mode_t mode = 0)
      : number_(open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (number_ < 0) throw system_failure("could not open", path);
  }
  ~Descriptor() { close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

void backup(SqliteConnection& from, const std::string& path) {
  SqliteConnection to(path, core::Millis(0));
  copy_all(from, to);
}

// The file alone, as it is: what was carried over from the log.
void copy_file(int from, const std::string& path) {
  const Descriptor to(path, O_WRONLY);
  std::vector<char> bytes(1 << 20);
  for (off_t at = 0;;) {
    const ssize_t read = pread(from, bytes.data(), bytes.size(), at);
    if (read < 0) throw system_failure("could not read for", path);
    if (read == 0) break;
    if (pwrite(to.number(), bytes.data(), static_cast<std::size_t>(read), at) != read) {
      throw system_failure("could not write", path);
    }
    at += read;
  }
  if (fsync(to.number()) != 0) throw system_failure("could not write", path);
}

// A copy of something that changed meanwhile by other means is no ledger.
void check_copy(const std::string& path) {
  SqliteConnection copy(path, core::Millis(0));
  if (damage_in(copy, "quick_check").empty()) return;
  throw Failure({"what is left of the ledger is damaged", "",
                 "stop the service, put a copy of the ledger in its place, and start it again"});
}

// Whether nothing but the watched file and its log is in the old place.
bool is_ours(const FileWatch& watch) {
  const auto file = identity_of(watch.real_path());
  if (file && file != watch.file()) return false;
  struct stat log {};
  if (stat((watch.real_path() + "-wal").c_str(), &log) != 0 || log.st_size == 0) return true;
  return watch.log() == FileIdentity{log.st_dev, log.st_ino};
}

// Puts the file there if nothing is; whether it could.
bool put_into_free(const std::string& file, const std::string& place) {
  if (link(file.c_str(), place.c_str()) != 0) {
    if (errno == EEXIST) return false;
    throw system_failure("could not make", place);
  }
  unlink(file.c_str());
  return true;
}

// The old log is in the copy; left there it would be taken for the own one of whatever file is in
// the old place, now or when the right one is put there.
void drop_log(const FileWatch& watch) {
  struct stat log {};
  const std::string path = watch.real_path() + "-wal";
  if (stat(path.c_str(), &log) != 0 || watch.log() != FileIdentity{log.st_dev, log.st_ino}) return;
  unlink(path.c_str());
  unlink((watch.real_path() + "-shm").c_str());
}

bool put_back(const std::string& file, const FileWatch& watch) {
  const std::string& place = watch.real_path();
  if (!is_ours(watch)) return false;
  unlink((place + "-wal").c_str());
  unlink((place + "-shm").c_str());
  if (!identity_of(place)) return put_into_free(file, place);
  if (std::rename(file.c_str(), place.c_str()) != 0) throw system_failure("could not make", place);
  return true;
}

std::string put_beside(const std::string& file, const std::string& place) {
  for (int i = 1;; ++i) {
    std::string path = fmt::format("{}.saved-{}", place, i);
    if (put_into_free(file, path)) return path;
  }
}

}  // namespace

Copy save_copy(SqliteConnection& database, const FileWatch& watch, FileWatch::Fault fault,
               const WriterLock& lock, const std::string& vantage) {
  if (fault == FileWatch::Fault::cut) {
    throw Failure({"what was in the file is gone", "",
                   "stop the service, put a copy of the ledger in its place, and start it again"});
  }
  const std::string file = watch.real_path() + ".saving";
  struct stat old {};
  fstat(lock.descriptor(), &old);
  unlink(file.c_str());
  { const Descriptor made(file, O_WRONLY | O_CREAT | O_EXCL, old.st_mode & 0777); }
  try {
    if (fault == FileWatch::Fault::log_cut) {
      copy_file(lock.descriptor(), file);
    } else {
      // Whoever writes to the old file at this moment ends before it is read; whoever comes later
      // finds the fault as well, and does not write.
      { const Transaction barrier(database, Connection::Access::write); }
      backup(database, file);
    }
    check_copy(file);
    auto locked = std::make_unique<WriterLock>(file, *identity_of(file), vantage);
    Copy copy{watch.path(), false, std::move(locked)};
    if (!put_back(file, watch)) {
      copy.path = put_beside(file, watch.real_path());
      copy.elsewhere = true;
      drop_log(watch);
    } else if (identity_of(watch.path()) != identity_of(watch.real_path())) {
      // The symbolic link that led to it is what went.
      copy.path = watch.real_path();
      copy.elsewhere = true;
    }
    const Descriptor folder(std::filesystem::path(watch.real_path()).parent_path().string(),
                            O_RDONLY | O_DIRECTORY);
    fsync(folder.number());
    return copy;
  } catch (const Failure&) {
    unlink(file.c_str());
    throw;
  }
}

}  // namespace recoup::ledger
