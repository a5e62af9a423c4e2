#pragma once

#include <string>

#include "monitor/costs.h"
#include "monitor/explain.h"

namespace recoup::cli {

// What `recoup explain` shows of an interval, and of a day or a month, as JSON. Losses are
// there as percentages, cut after 12 digits, and as exact fractions of 1.
std::string to_json(const monitor::Explanation& about);
std::string to_json(const monitor::Costs& costs);

}  // namespace recoup::cli
