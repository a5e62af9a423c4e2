#pragma once

#include <vector>

#include "core/assessment.h"

namespace recoup::core {

// BurnDay is one day of the cycle's zone: what was lost up to its end, as a fraction of 1.
struct BurnDay {
  Date date;
  Instant end;  // of the day, of the cycle, or of what was judged
  Ratio lost;   // in the day
  Ratio total;  // since the cycle began
  Ratio even;   // what may be lost up to the end if every instant has the same share
};

// Burn is how a cycle's loss grew, day by day, without what is ahead.
struct Burn {
  Interval cycle;
  Ratio allowed;  // what may be lost in the whole cycle
  std::vector<BurnDay> days;
};

Burn burn_of(const Version& version, const Zone& zone, const Assessment& assessment);

}  // namespace recoup::core
