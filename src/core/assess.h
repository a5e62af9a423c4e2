#pragma once

#include <span>
#include <vector>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/rule.h"
#include "core/tally.h"
#include "core/zone.h"

namespace recoup::core {

// How long after its end an interval may still get Requests: an answer may come two minutes after
// its Request was made (the longest timeout of a probe), and is durable a second or two later. From
// then on the interval is closed.
inline constexpr Millis kClosedAfter = std::chrono::seconds(150);

// The cycle as the contract counts it for an agreement that was used from `since` until `until`: a
// part of it by PartMonth::used_time, to the minute; the whole of it otherwise, noted as in part.
Cycle counted_cycle(const Version& version, const Cycle& cycle, const Agreement& agreement);

// Judges one cycle of one agreement by one contract version. `zone` is the zone of the cycle and
// must be the one the cycle was made with; `now` decides what is still ahead; the tallies passed
// Tallies::check_total(). Pure and exact.
Assessment assess(const Version& version, const Zone& zone, const Cycle& cycle,
                  const Tallies& tallies, const std::vector<ExclusionWindow>& exclusions,
                  Instant now);

// The same where the counts of each interval are known already; but what is not counted, which only
// outcomes tell. `parts` are all those of the cycle, in order; their states and what is lost are
// set anew.
Assessment assess_parts(const Version& version, const Zone& zone, const Cycle& cycle,
                        std::vector<IntervalPart> parts, const ProbesDue& probes,
                        const std::vector<ExclusionWindow>& exclusions, Instant now);

// The sums over some of an assessment's parts.
Totals add_up(std::span<const IntervalPart> parts);

}  // namespace recoup::core
