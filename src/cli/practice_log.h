#pragma once

#include <string>

#include "core/time.h"

namespace recoup::cli {

// A made-up access log (combined format) of an application that calls KMS every 30 seconds through
// its own proxy, over the interval: one outage of twelve minutes and two single Errors. The same
// interval gives the same log.
std::string practice_log(const core::Interval& month);

}  // namespace recoup::cli
