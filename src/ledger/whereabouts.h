#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace recoup::ledger {

// Whereabouts is where a ledger lies that several objects of one process have open: it moves when
// it is saved. May be used from any thread.
class Whereabouts {
 public:
  explicit Whereabouts(std::string path) : path_(std::move(path)) {}

  struct Place {
    std::string path;
    int moves = 0;
  };

  Place place() const {
    const std::lock_guard lock(mutex_);
    return {path_, moves_};
  }

  int move_to(const std::string& path) {
    const std::lock_guard lock(mutex_);
    path_ = path;
    return ++moves_;
  }

 private:
  mutable std::mutex mutex_;
  std::string path_;
  int moves_ = 0;
};

}  // namespace recoup::ledger
