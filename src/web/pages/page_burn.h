#pragma once

#include <string>
#include <vector>

#include "report/snapshot.h"

namespace recoup::web {

// BurnDay is one day of the cycle's zone: what was lost up to its end, as a fraction of 1.
struct BurnDay {
  core::Date date;
  core::Instant end;  // of the day, of the cycle, or of what was judged
  core::Ratio lost;   // in the day
  core::Ratio total;  // since the cycle began
};

// Burn is how a cycle's loss grew, day by day, without what is ahead.
struct Burn {
  core::Interval cycle;
  core::Ratio allowed;  // what may be lost in the whole cycle
  std::vector<BurnDay> days;
};

Burn burn_of(const core::Standing& standing);

// The loss over the month against the straight line from nothing to all that may be lost.
std::string burn_svg(const Burn& burn, const core::Zone& zone);

// The same for those who cannot see it.
std::string burn_table(const Burn& burn);

}  // namespace recoup::web
