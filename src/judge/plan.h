#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/rule.h"

namespace recoup::judge {

// Resolution is what probes with some periods can show of a contract in a month without other
// traffic. Exact.
struct Resolution {
  core::Ratio requests;  // that count, in one interval; below 1 where not every interval has one
  // The smallest loss of uptime that can be seen; nothing where none can.
  std::optional<core::Ratio> smallest_loss;
  // The fewest failed requests that are a breach of the commitment; nothing where no number is.
  std::optional<std::uint64_t> failures;
  // Where they must lie, in words, or why there are none; empty where they may lie anywhere.
  std::string needs;
};

// Each period is one probe's; one that is shorter than the contract lets count adds nothing.
Resolution resolution_of(const core::Version& version, const std::vector<core::Millis>& periods,
                         std::chrono::days month);

}  // namespace recoup::judge
