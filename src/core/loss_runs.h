#pragma once

#include <cstdint>
#include <vector>

#include "core/assessment.h"

namespace recoup::core {

// LossRun is neighbouring intervals of a cycle of which each takes from the uptime.
struct LossRun {
  Interval span;
  std::uint64_t requests = 0;  // of all its intervals
  std::uint64_t errors = 0;    // of these
};

// Those of the cycle, in order. What one takes from the uptime is loss_in() of its span.
std::vector<LossRun> loss_runs(const Assessment& assessment);

}  // namespace recoup::core
