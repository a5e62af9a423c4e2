#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

namespace recoup::ledger {

class SqliteConnection;

// FileIdentity tells one file of the system from all others, whatever it is called.
struct FileIdentity {
  dev_t device = 0;
  ino_t number = 0;

  bool operator==(const FileIdentity&) const = default;
};

// The file at the path, through symbolic links; nothing where there is none.
std::optional<FileIdentity> identity_of(const std::string& path);

// FileWatch tells whether an open SQLite file still is what others find under its name: the file
// and its write-ahead log. SQLite itself goes on without a word when one is deleted, and all that
// it writes then ends with the process. For the thread of its database.
class FileWatch {
 public:
  // What was found.
  enum class Fault {
    none,
    gone,          // there is no file under the name
    replaced,      // there is another one
    cut,           // it is shorter than what was written to it
    log_gone,      // the write-ahead log was removed
    log_replaced,  // another one has its place
    log_cut,       // it is shorter than what was written to it
  };

  // "the file was deleted or moved away"; empty for none.
  static const char* in_words(Fault fault);

  // Of a database that was read from. It outlives the watch; one in memory is always in order.
  FileWatch(const SqliteConnection& database, std::string path);

  // Some system calls and no read of the file.
  Fault look();

  // Throws Failure with what look() found, if that is a fault.
  void check();

  // The path as it was given, and the path of the file that symbolic links led to.
  const std::string& path() const { return path_; }
  const std::string& real_path() const { return real_; }

  // The files, as they were when they were opened.
  const std::optional<FileIdentity>& file() const { return file_; }
  const std::optional<FileIdentity>& log() const { return log_; }

 private:
  bool cut(std::uint64_t size) const;
  bool log_cut() const;

  const SqliteConnection& database_;
  std::string path_;
  std::string real_;
  std::string log_path_;
  std::optional<FileIdentity> file_;
  std::optional<FileIdentity> log_;
  std::uint64_t size_ = 0;  // of the file, when it was last looked at
};

}  // namespace recoup::ledger
