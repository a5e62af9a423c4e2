#pragma once

#include <optional>

#include "core/assessment.h"

namespace recoup::judge {

// Run is a stretch of consecutive minutes that are each above the error rate of a contract that
// counts Downtime Periods: it is one where it is long enough and has enough Requests.
struct Run {
  std::size_t first = 0;  // of the assessment's parts
  std::size_t end = 0;    // not included
  core::Interval span;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  bool downtime = false;  // it is a Downtime Period

  std::size_t minutes() const { return end - first; }
};

// The run that an interval belongs to; nothing where it is in none, and where the contract counts
// no runs.
std::optional<Run> run_of(const core::Formula& formula, const core::Assessment& assessment,
                          std::size_t index);

}  // namespace recoup::judge
