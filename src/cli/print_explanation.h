#pragma once

#include "monitor/costs.h"
#include "monitor/explain.h"

namespace recoup::cli {

// Prints for people why an interval counts as it does; where the loss of a day or a month comes
// from.
void print_explanation(const monitor::Explanation& about);
void print_costs(const monitor::Costs& costs);

}  // namespace recoup::cli
