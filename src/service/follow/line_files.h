#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "documents/opened_file.h"
#include "record/followed.h"
#include "service/follow/followed_files.h"
#include "sources/logs/growing_file.h"

namespace recoup::service {

// LineFiles tells which file of a followed log is which, whatever it is called by now: by device
// and inode, and where these say nothing, by its edges (sources::FileEdges). What is renamed is the
// same file; what became shorter, or begins otherwise, is another one; a copy goes on where that
// was left of which it is one. One thread.
class LineFiles {
 public:
  // What is to be read as a whole, or may be a copy that is being written, has been as it is so
  // long.
  static constexpr auto kCalm = std::chrono::seconds(10);

  // A file that is known, and what is remembered of it beside its state.
  struct File {
    record::FollowedFile state;
    std::optional<documents::OpenedFile> open = {};
    sources::LineSearch search = {};
    std::optional<FoundFile> found = {};  // where it lies now
    bool is_lost = false;                 // it was looked for everywhere
    bool has_more = false;
    core::MonoTime grew = {};
    sources::Nearby nearby = {};  // where a line belongs that cannot be read; lost with the process
  };

  // `reader` is whose states they are (record::FollowedFile), `format` what a new file is read as.
  // The clock outlives it.
  LineFiles(std::string reader, const core::Clock& clock, std::string format);

  // Has the files of `before`, which has none then: what is open stays open.
  void take(LineFiles& before);

  // Where each known file lies now; those among the found ones that are not known are new_ones().
  void find(const std::vector<FoundFile>& found);
  const std::vector<FoundFile>& new_ones() const { return new_ones_; }

  // The known ones. What is added lies behind all others.
  std::size_t size() const { return files_.size(); }
  File& operator[](std::size_t i) { return *files_[i]; }
  File& add(record::FollowedFile state);
  void clear() { files_.clear(); }

  // Makes a new file a known one: where it is read on, from its begin or where a file was left that
  // it is, or is a copy of. Null where it has to be waited for: it may be a copy that is being
  // written. The error is the file's.
  core::Result<File*> adopt(const FoundFile& found, const documents::OpenedFile& opened);

  // The state of a file of which nothing is known.
  record::FollowedFile fresh(const FoundFile& found) const;

  // How long the file has been as it is, by what was seen of it.
  std::chrono::nanoseconds calm_since(const FoundFile& found) {
    return calm_.since(found, clock_.mono());
  }

  // The ledger's numbers of files that are gone for so long that no copy of them will come, and
  // forgetting these.
  std::vector<std::int64_t> forgotten(core::Instant now) const;
  void forget(core::Instant now);

  // Closes files that did not grow for some time, and all but the newest where there are many.
  void close_old();

 private:
  std::string reader_;
  const core::Clock& clock_;
  std::string format_;
  std::vector<std::unique_ptr<File>> files_;
  std::vector<FoundFile> new_ones_;
  Calm calm_;
};

// Puts where the file lies, and how it is, in its state.
void set_facts(record::FollowedFile& state, const FoundFile& found);

}  // namespace recoup::service
