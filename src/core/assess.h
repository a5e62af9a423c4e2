#pragma once

#include <vector>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/rule.h"
#include "core/tally.h"
#include "core/zone.h"

namespace recoup::core {

// Judges one cycle of one agreement by one contract version. `zone` is the zone of the cycle and
// must be the one the cycle was made with; `now` decides what is still ahead. Pure and exact.
Assessment assess(const Version& version, const Zone& zone, const Cycle& cycle,
                  const Tallies& tallies, const std::vector<ExclusionWindow>& exclusions,
                  Instant now);

}  // namespace recoup::core
