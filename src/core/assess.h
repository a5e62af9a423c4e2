#pragma once

#include <vector>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/counts.h"
#include "core/rule.h"
#include "core/tally.h"
#include "core/zone.h"

namespace recoup::core {

// How long after its end an interval may still get Requests: an answer may come two minutes after
// its Request was made (the longest timeout of a probe), and is durable a second or two later. From
// then on the interval is closed.
inline constexpr Millis kClosedAfter = std::chrono::seconds(150);

// The zone with the cycles that the version counts in it for the agreement.
Zone with_cycles(const Zone& zone, const Version& version, const Agreement& agreement);

// The cycle as the contract counts it for an agreement that was used from `since` until `until`: a
// part of it by PartMonth::used_time, to the minute; the whole of it otherwise, noted as in part.
Cycle counted_cycle(const Version& version, const Cycle& cycle, const Agreement& agreement);

// Until when a credit for the cycle is due that comes by itself; nothing where it has to be
// claimed.
std::optional<CreditDue> due_of(const Interval& cycle, const Version& version);

// The first instant at which a credit is late that was asked for, or confirmed, at `from`: the end
// of the last day, or of the last cycle, of the contract's zone.
Instant payment_due(const Payment& payment, Instant from, const Zone& zone);

// Judges one cycle of one agreement by one contract version. `zone` is the zone of the cycle and
// must be the one the cycle was made with; `now` decides what is still ahead; the tallies passed
// Tallies::check_total(). Pure and exact.
Assessment assess(const Version& version, const Zone& zone, const Cycle& cycle,
                  const Tallies& tallies, const std::vector<ExclusionWindow>& exclusions,
                  Instant now);

// The same where the tallies were counted already, by that version and for that cycle. They passed
// Counts::check_total().
Assessment assess(const Version& version, const Zone& zone, const Cycle& cycle,
                  const Counts& counts, const std::vector<ExclusionWindow>& exclusions,
                  Instant now);

// The same where the counts of each interval are all that is known, without what is not counted.
// `counts` are all intervals of the cycle, once, or of each of several resources in the order of
// Version::resources; their states and what is lost are set anew.
Assessment assess_runs(const Version& version, const Zone& zone, const Cycle& cycle,
                       const ByResource& counts, const ProbesDue& probes,
                       const std::vector<ExclusionWindow>& exclusions, Instant now);

}  // namespace recoup::core
