#include "documents/named_files.h"

#include <fnmatch.h>

#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "documents/files.h"

namespace recoup::documents {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAnyFolders = "**";

// Walk gathers the files that a pattern names, folder by folder.
class Walk {
 public:
  explicit Walk(const fs::path& pattern) : names_(pattern.begin(), pattern.end()) {
    if (!names_.empty() && names_.back().empty()) names_.pop_back();  // "logs/"
  }

  void run() { go({}, 0); }
  const std::set<std::string>& files() const { return files_; }
  const core::Result<void>& state() const { return state_; }

  // All files in the folder and below it. What is met on the way through links is no folder: they
  // may lead round in a circle.
  void take_folder(const fs::path& folder) {
    std::error_code failed;
    auto entry = fs::recursive_directory_iterator(folder, failed);
    for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
      std::error_code ignored;
      if (entry->is_regular_file(ignored)) files_.insert(entry->path());
    }
    if (failed) cannot_read(folder, failed);
  }

 private:
  // What the names from the i-th on name, from the folder on.
  void go(const fs::path& folder, std::size_t i) {
    if (i == names_.size()) return take(folder);
    const std::string& name = names_[i].native();
    if (!is_pattern(name)) {
      std::error_code ignored;
      if (fs::exists(folder / name, ignored)) go(folder / name, i + 1);
    } else if (name == kAnyFolders) {
      below(folder, i);
    } else {
      for (const fs::path& each : names_in(folder)) {
        if (fits(name, each)) go(folder / each, i + 1);
      }
    }
  }

  void below(const fs::path& folder, std::size_t i) {
    if (i + 1 == names_.size()) return take_folder(here(folder));
    go(folder, i + 1);
    for (const fs::path& each : names_in(folder)) {
      std::error_code ignored;
      if (each.native().front() != '.' &&
          fs::symlink_status(folder / each, ignored).type() == fs::file_type::directory) {
        below(folder / each, i);
      }
    }
  }

  void take(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      take_folder(path);
    } else if (fs::is_regular_file(path, ignored)) {
      files_.insert(path);
    }
  }

  static bool fits(const std::string& name, const fs::path& file) {
    return fnmatch(name.c_str(), file.c_str(), FNM_PERIOD) == 0;
  }

  static fs::path here(const fs::path& folder) { return folder.empty() ? "." : folder; }

  std::vector<fs::path> names_in(const fs::path& folder) {
    std::vector<fs::path> names;
    std::error_code failed;
    auto entry = fs::directory_iterator(here(folder), failed);
    for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
      names.push_back(entry->path().filename());
    }
    // What is no folder has no names in it.
    if (failed && failed != std::errc::not_a_directory) cannot_read(here(folder), failed);
    return names;
  }

  void cannot_read(const fs::path& folder, const std::error_code& why) {
    if (state_) {
      state_ = core::Error{fmt::format("could not read the folder: {}", reason(why)), folder};
    }
  }

  std::vector<fs::path> names_;
  std::set<std::string> files_;
  core::Result<void> state_;
};

}  // namespace

bool is_pattern(std::string_view path) { return path.find_first_of("*?[") != path.npos; }

core::Result<std::vector<std::string>> named_files(const std::string& path) {
  std::error_code ignored;
  const bool is_folder = fs::is_directory(path, ignored);
  if (!is_folder && (!is_pattern(path) || fs::exists(path, ignored))) return std::vector{path};
  Walk walk(path);
  if (is_folder) {
    walk.take_folder(path);
  } else {
    walk.run();
  }
  if (!walk.state()) return walk.state().error();
  if (walk.files().empty()) {
    return core::Error{is_folder ? "expected files in the folder, got none"
                                 : "expected files that fit the pattern, got none",
                       path};
  }
  return std::vector<std::string>(walk.files().begin(), walk.files().end());
}

}  // namespace recoup::documents
