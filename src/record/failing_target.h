#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/time.h"

namespace recoup::record {

// FailingTarget is one target of a list that is counted as one series, from its first request that
// did not go as its probe expects until it has been well again for a while.
struct FailingTarget {
  std::string agreement;
  std::string probe;           // the list's
  std::string target;          // as its files name it, without secrets
  std::uint64_t requests = 0;  // that ended since it is shown
  std::uint64_t failed = 0;    // of these
  bool last_failed = true;
  core::Outcome last_failure;  // what the last one that failed came to
};

// FailingTargets are all of them, as far as there is room.
struct FailingTargets {
  std::vector<FailingTarget> shown;  // those that began to fail first
  std::uint64_t not_shown = 0;       // others that fail as well
};

}  // namespace recoup::record
