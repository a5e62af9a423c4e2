#pragma once

#include <vector>

#include "core/assessment.h"
#include "core/rule.h"

namespace recoup::core {

// Uptime is what a family makes of a cycle's intervals: the figure and its bounds.
struct Uptime {
  Ratio uptime;
  Ratio lower;
  Ratio upper;
};

// The mean of the parts' Availabilities; silent, excluded and coming intervals are 100 %. A bound
// takes every missed probe as one more Request: an Error for the lower, served for the upper; an
// interval with nothing but missed probes is 0 % or 100 %. Needs at least one part.
Uptime mean_of_intervals(const std::vector<IntervalPart>& parts);

// The figure by the version's own family.
Uptime uptime_of(const Formula& formula, const std::vector<IntervalPart>& parts);

}  // namespace recoup::core
