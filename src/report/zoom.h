#pragma once

#include <string>
#include <vector>

#include "core/assessment.h"
#include "report/html.h"

namespace recoup::report {

// Outage is a stretch of lost intervals of which none is further than an hour from the next.
struct Outage {
  std::size_t first;           // index of an interval
  std::size_t last;            // included
  std::uint64_t lost = 0;      // intervals
  std::uint64_t requests = 0;  // of the lost ones
  std::uint64_t errors = 0;    // of the lost ones
  std::uint64_t loss = 0;      // the sum of their error shares, in millionths
};

// The outages of the cycle, from the worst.
std::vector<Outage> outages_of(const core::Assessment& assessment);

// One outage and an hour around it, as an SVG element like picture_svg's: the Requests and the
// Errors of each interval as bars; Errors that took nothing from the uptime have another colour.
// Where there are more than 288, a bar is several intervals.
Html zoom_svg(const core::Assessment& assessment, const Outage& outage,
              const std::string& id_prefix, const std::string& noun);

}  // namespace recoup::report
