#pragma once

#include "core/intervals.h"
#include "core/ratio.h"
#include "core/rule.h"

namespace recoup::core {

// How missed probes and lines that could not be read are read: each as a Request that was never
// made, that met an Error, or that was served; and an interval whose Requests were not all seen: by
// those that were, as one in which all failed, or none.
enum class Reading { as_measured, at_worst, at_best };

// Divisor is what the uptime is divided by beyond what a family says of it.
struct Divisor {
  Excluded excluded = Excluded::available;
  std::uint64_t times = 1;  // Version::times_counted()
};

// The Monthly Uptime Percentage of a cycle's intervals as a fraction of 1, one function a family;
// exact. Intervals ahead count as available, and so do excluded ones unless these are left out;
// where all are, nothing is lost. Needs at least one interval.
Ratio uptime_of(const MeanOfIntervals& family, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor = {});
Ratio uptime_of(const DowntimeRuns& family, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor = {});
Ratio uptime_of(const BadWindows& family, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor = {});
Ratio uptime_of(const AllFailed& family, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor = {});
Ratio uptime_of(const RequestRatio& family, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor = {});
Ratio uptime_of(const Formula& formula, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor = {});
Ratio uptime_of(const Version& version, const IntervalRuns& runs, Reading reading);

// The same of resources whose time is summed: what each loses of the time of all of them together
// adds up.
Ratio uptime_of(const Version& version, const ByResource& each, Reading reading);

// Marks the intervals that take from the uptime as measured (IntervalPart::lost). Those of one run
// are lost together or not at all.
void mark_lost(const Formula& formula, IntervalRuns& runs);

}  // namespace recoup::core
