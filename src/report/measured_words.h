#pragma once

#include <optional>
#include <string>

#include "core/judgement.h"

// How much of a cycle was measured: whoever reads its uptime must know.
namespace recoup::report {

// Of the intervals that have begun the part with Requests that count; nothing where none has begun.
// core::measured_share() is the same of the whole cycle.
std::optional<core::Ratio> measured_so_far(const core::Assessment& assessment);

// "all", "98.2 %", "0.03 %": of the time, so far where the cycle still runs. Cut, so that "all" is
// all of it alone; "nothing" where nothing was measured.
std::string measured_time(const core::Assessment& assessment);

// The same words for a share that is known.
std::string measured_time(const core::Ratio& share);

// Whether less than half of what has begun was measured: a promise of which so little was seen is
// not said to be kept. Not said of a ratio of Requests, in which time has no part.
bool is_hardly_measured(const core::Judgement& judgement);

}  // namespace recoup::report
