#pragma once

#include "judge/costs.h"
#include "judge/explain.h"

namespace recoup::cli {

// Prints for people why an interval counts as it does; where the loss of a day or a month comes
// from.
void print_explanation(const judge::Explanation& about);
void print_costs(const judge::Costs& costs);

}  // namespace recoup::cli
