#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "documents/opened_file.h"
#include "record/follow_counts.h"
#include "record/followed.h"
#include "sources/logs/growing_file.h"

// What the logs that are followed have in common: which files there are, which of them are known,
// and what is wrong with some.
namespace recoup::service {

// FoundFile is a file that a path names, as it lies now.
struct FoundFile {
  std::string path;
  documents::FileFacts facts;
};

// The files that the path or pattern names, each once however many names lead to it. Errors: a
// folder cannot be read, or no file fits the pattern.
core::Result<std::vector<FoundFile>> found_files(const std::string& pattern);

// Whether one of the paths may be a rotated copy of what lies, or lay, at the other: in the same
// folder or one below it, "access.log.1", "access-20261003.log.gz" and "access.log".
bool may_be_rotated(const std::string& a, const std::string& b);

// FolderNames finds files by device and inode in the folders where they were; each folder is read
// once.
class FolderNames {
 public:
  // The file of these facts in the folder of the path, under whatever name.
  std::optional<FoundFile> find(const std::string& path, const documents::FileFacts& facts);

 private:
  std::map<std::string, std::vector<FoundFile>> folders_;
};

// Whether it begins as packed data does.
core::Result<bool> is_packed(const documents::OpenedFile& file);

// Calm tells whether files still change: whether they are as they were some time ago.
class Calm {
 public:
  // How long the file has been as it is, by what was seen of it.
  std::chrono::nanoseconds since(const FoundFile& file, core::MonoTime now);
  void forget(const std::string& path) { seen_.erase(path); }

 private:
  std::map<std::string, std::pair<documents::FileFacts, core::MonoTime>> seen_;
};

// FileProblems is what is wrong with files of one log now. What is new is written to the log once,
// and that it is over, too.
class FileProblems {
 public:
  enum class Kind { unreadable, malformed };

  explicit FileProblems(std::string log) : log_(std::move(log)) {}

  void tell(const FoundFile& file, Kind kind, const core::Error& error, core::MonoTime now);
  void clear(const std::string& path, Kind kind);

  // Whether to try a file that could not be read again: it has changed, or some time has passed,
  // first a minute and at last an hour.
  bool is_due(const FoundFile& file, core::MonoTime now) const;

  void show(record::FollowedLog& out) const;

 private:
  struct Problem {
    std::string why;
    documents::FileFacts facts;
    core::MonoTime told;
    int tries = 0;
  };

  std::string log_;
  std::map<std::pair<std::string, Kind>, Problem> problems_;
};

}  // namespace recoup::service
