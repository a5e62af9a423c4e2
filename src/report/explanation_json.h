#pragma once

#include <string>

#include "judge/costs.h"
#include "judge/explain.h"

namespace recoup::report {

// What `recoup explain` shows of an interval, and of a day or a month, as JSON. Losses are
// there as percentages, cut after 12 digits, and as exact fractions of 1.
std::string to_json(const judge::Explanation& about);
std::string to_json(const judge::Costs& costs);

}  // namespace recoup::report
