#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>

#include "core/outcome.h"
#include "record/failing_target.h"

namespace recoup::sources {

// FailingTracker knows which targets of lists fail now, or did a short while ago: so that a list of
// a hundred thousand is one series, and the few that fail have some of their own. Costs nothing
// while none fails. One thread at a time.
class FailingTracker {
 public:
  // So many are shown at most, of all lists: those that began first. Others are counted alone.
  static constexpr std::size_t kMostShown = 1000;
  // One is well again when so many of its requests in a row went well.
  static constexpr unsigned kWellAfter = 10;

  // By what the board numbers targets.
  using Id = std::uint32_t;

  // A request of the target ended, well or not.
  void well(Id target);
  void failed(Id target, const core::Outcome& outcome);

  // It is not probed any more.
  void forget(Id target);

  // What is known of all; `name` fills in whose a target is.
  record::FailingTargets all(const std::function<void(Id, record::FailingTarget&)>& name) const;

 private:
  struct One {
    std::uint64_t place = 0;  // in the order in which they began to fail
    unsigned well = 0;        // requests in a row
    bool shown = false;
    std::uint64_t requests = 0;
    std::uint64_t failed = 0;
    core::Outcome last_failure = {};
  };

  void erase(std::unordered_map<Id, One>::iterator one);

  std::unordered_map<Id, One> all_;
  std::size_t shown_ = 0;
  std::uint64_t began_ = 0;
};

}  // namespace recoup::sources
