#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace recoup::report {

// TargetListState is what a probe's list of targets is now.
struct TargetListState {
  std::string agreement;
  std::string probe;
  std::uint64_t targets = 0;  // that are probed
  std::string problem = {};   // why its files are not taken as they are now; empty: they are
};

// SettingsState is which settings a service goes by, and what became of those after them.
struct SettingsState {
  core::Instant since;       // when those in force were taken over, or the service started
  std::uint64_t good = 0;    // how often others were taken over since the start
  std::uint64_t failed = 0;  // how often what was written was none to go by
  // Why the newest ones were not taken over, with its places, and when; empty: they were.
  std::string problem = {};
  std::optional<core::Instant> problem_at = {};
  std::vector<TargetListState> lists = {};
};

}  // namespace recoup::report
