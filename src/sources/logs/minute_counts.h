#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/tally.h"

namespace recoup::sources {

// MinuteCounts adds up requests by minute and outcome, in whatever order a log has them; a log
// mostly stays in one minute for many lines. Who adds sees to it that all of it together stays
// below 2^63.
class MinuteCounts {
 public:
  // The number of an outcome for add().
  std::uint32_t intern(const core::Outcome& outcome) { return tallies_.intern(outcome); }

  void add(core::Minute minute, std::uint32_t outcome, std::uint64_t count);

  // All counts, one row for each minute and outcome, by minute. Call it once, at the end.
  core::Tallies take();

 private:
  using Counts = std::vector<std::pair<std::uint32_t, std::uint64_t>>;  // outcome, count

  core::Tallies tallies_;
  std::unordered_map<core::Minute::rep, Counts> minutes_;
  core::Minute::rep last_minute_ = 0;
  Counts* last_counts_ = nullptr;
};

}  // namespace recoup::sources
