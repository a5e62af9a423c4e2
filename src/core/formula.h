#pragma once

#include <vector>

#include "core/assessment.h"
#include "core/rule.h"

namespace recoup::core {

// How missed probes are read: each as a Request that was never made, that met an Error, or that was
// served.
enum class Reading { as_measured, at_worst, at_best };

// The Monthly Uptime Percentage of a cycle's parts as a fraction of 1, one function a family;
// exact. Excluded parts and those ahead count as available. Needs at least one part.
Ratio uptime_of(const MeanOfIntervals& family, const std::vector<IntervalPart>& parts,
                Reading reading);
Ratio uptime_of(const DowntimeRuns& family, const std::vector<IntervalPart>& parts,
                Reading reading);
Ratio uptime_of(const BadWindows& family, const std::vector<IntervalPart>& parts, Reading reading);
Ratio uptime_of(const AllFailed& family, const std::vector<IntervalPart>& parts, Reading reading);
Ratio uptime_of(const RequestRatio& family, const std::vector<IntervalPart>& parts,
                Reading reading);
Ratio uptime_of(const Formula& formula, const std::vector<IntervalPart>& parts, Reading reading);

// Marks the parts that take from the uptime as measured (IntervalPart::lost).
void mark_lost(const Formula& formula, std::vector<IntervalPart>& parts);

}  // namespace recoup::core
