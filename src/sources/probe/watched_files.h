#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/result.h"
#include "sources/probe/tls_material.h"

namespace recoup::sources::probe {

// What tells a file that was written or replaced from the one before, without reading it.
std::string stamp_of(const std::string& file);

// WatchedFiles is a material and the files that it is made from, anew when one of them changes. The
// last good one stays in force until the next is good. refresh() is for one thread at a time, the
// rest for any.
class WatchedFiles {
 public:
  using Made = std::shared_ptr<const Material>;
  // Makes it from the files' bytes, in the order of the files.
  using Make = std::function<core::Result<Made>(const std::vector<std::string>& texts)>;
  using Say = std::function<void(const std::string&)>;

  WatchedFiles(std::vector<std::string> files, Make make);

  // Null until the files were good once.
  Made current() const;

  // How often it became another one; 0 while there is none.
  std::uint64_t version() const { return version_; }

  // Reads the files unless they are as they were last read. Says that they are not good any more,
  // that they are good again, and that they became others.
  void refresh(const Say& say);

 private:
  std::vector<std::string> stamps() const;
  core::Result<void> read();
  void note(const core::Result<void>& done, std::uint64_t before, const Say& say);

  const std::vector<std::string> files_;
  const Make make_;
  std::vector<std::string> stamps_;  // of the files when they were last read
  std::string digest_;               // of what `current_` was made from
  int failures_ = 0;                 // since it was last good

  mutable std::mutex mutex_;
  Made current_;  // guarded by mutex_
  std::atomic<std::uint64_t> version_{0};
};

}  // namespace recoup::sources::probe
