#include "ledger/sql/file_watch.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "ledger/sql/sqlite.h"

namespace recoup::ledger {
namespace {

// The wal-index that all connections to a file share (https://sqlite.org/walformat.html, 4.3):
// where its header says the size of a page and how many frames of the log are in use.
constexpr std::size_t kPageSizeAt = 14;
constexpr std::size_t kFramesAt = 16;
constexpr std::uint64_t kLogHeader = 32;
constexpr std::uint64_t kFrameHeader = 24;
constexpr int kIndexRegion = 32 * 1024;

struct LogInUse {
  std::uint64_t frames = 0;
  std::uint64_t page_size = 0;

  bool operator==(const LogInUse&) const = default;
  std::uint64_t bytes() const {
    return frames == 0 ? 0 : kLogHeader + frames * (kFrameHeader + page_size);
  }
};

// How much of the log the connections know to be written.
LogInUse log_in_use(const SqliteConnection& database) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < 2) return {};
  void volatile* mapped = nullptr;
  if (file->pMethods->xShmMap(file, 0, kIndexRegion, 0, &mapped) != SQLITE_OK) return {};
  if (mapped == nullptr) return {};
  const auto* index = static_cast<const char*>(const_cast<void*>(mapped));
  std::uint32_t frames = 0;
  std::uint16_t page_size = 0;
  std::memcpy(&frames, index + kFramesAt, sizeof frames);
  std::memcpy(&page_size, index + kPageSizeAt, sizeof page_size);
  return {frames, page_size == 1 ? 65536U : page_size};
}

}  // namespace

std::optional<FileIdentity> identity_of(const std::string& path) {
  struct stat found {};
  if (path.empty() || stat(path.c_str(), &found) != 0) return std::nullopt;
  return FileIdentity{found.st_dev, found.st_ino};
}

const char* FileWatch::in_words(Fault fault) {
  switch (fault) {
    case Fault::none: break;
    case Fault::gone: return "the file was deleted or moved away";
    case Fault::replaced: return "another file was put in its place";
    case Fault::cut: return "the file was cut short or written over";
    case Fault::log_gone: return "its write-ahead log (-wal) was deleted";
    case Fault::log_replaced:
      return "another file was put in the place of its write-ahead log (-wal)";
    case Fault::log_cut: return "its write-ahead log (-wal) was cut short";
  }
  return "";
}

FileWatch::FileWatch(const SqliteConnection& database, std::string path)
    : database_(database), path_(std::move(path)) {
  const char* real = sqlite3_db_filename(database.handle(), "main");
  if (real == nullptr || *real == '\0') return;
  real_ = real;
  log_path_ = sqlite3_filename_wal(real);
  file_ = identity_of(path_);
  log_ = identity_of(log_path_);
}

FileWatch::Fault FileWatch::look() {
  if (real_.empty()) return Fault::none;
  struct stat found {};
  if (stat(path_.c_str(), &found) != 0) return Fault::gone;
  if (file_ != FileIdentity{found.st_dev, found.st_ino}) return Fault::replaced;
  const auto size = static_cast<std::uint64_t>(found.st_size);
  if (cut(size)) return Fault::cut;
  size_ = size;
  if (!log_) return Fault::none;
  const auto log = identity_of(log_path_);
  if (!log) return Fault::log_gone;
  if (*log != *log_) return Fault::log_replaced;
  return log_cut() ? Fault::log_cut : Fault::none;
}

void FileWatch::check() {
  const Fault fault = look();
  if (fault == Fault::none) return;
  throw Failure(
      {fmt::format("{} while it was in use; what is written to it would be lost", in_words(fault)),
       "",
       "a running service saves what it has by itself and says where; any other command "
       "is to be run again"});
}

// A file becomes shorter when somebody vacuums it, down to the pages that it has from then on.
bool FileWatch::cut(std::uint64_t size) const {
  if (size >= size_) return false;
  const LogInUse log = log_in_use(database_);
  if (size == 0 || log.page_size == 0) return true;
  sqlite3_stmt* statement = nullptr;
  std::uint64_t pages = 0;
  if (sqlite3_prepare_v2(database_.handle(), "PRAGMA page_count", -1, &statement, nullptr) ==
          SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    pages = static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0));
  }
  sqlite3_finalize(statement);
  return size < pages * log.page_size;
}

// Frames are written before they are known to be in use, and are known no longer before the log is
// made shorter: at no instant is a log that nobody touched shorter than what is in use of it.
bool FileWatch::log_cut() const {
  const LogInUse before = log_in_use(database_);
  struct stat found {};
  if (before.frames == 0 || stat(log_path_.c_str(), &found) != 0) return false;
  if (static_cast<std::uint64_t>(found.st_size) >= before.bytes()) return false;
  return log_in_use(database_) == before;
}

}  // namespace recoup::ledger
