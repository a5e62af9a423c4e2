#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/assessment.h"

namespace recoup::claim {

// LostInterval is an interval that takes from the uptime; where the time of several resources is
// summed, of one of them.
struct LostInterval {
  std::size_t index = 0;  // of Assessment::parts
  std::size_t place = 0;  // of Logged::by_interval
  core::IntervalPart part;
  std::string resource;  // as it is shown; empty where no time is summed, or no source names it
};

// Calls `each` for all of them by time, of several resources one after the other.
void for_each_lost(const core::Assessment& assessment,
                   const std::function<void(const LostInterval&)>& each);

}  // namespace recoup::claim
