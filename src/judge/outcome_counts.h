#pragma once

#include <map>

#include "core/tally.h"

namespace recoup::judge {

// How many requests came to each outcome in a time of whole minutes. What was due in a gap, which
// stands in no row, is among them as missed.
std::map<core::Outcome, std::uint64_t> outcome_counts(const core::Tallies& tallies,
                                                      const core::Interval& span);

}  // namespace recoup::judge
