#pragma once

#include "core/snapshot.h"

namespace recoup::cli {

// Prints where an agreement stands, for people: the figure, what it rests on, what it gives, and
// what to do next.
void print_standing(const core::Standing& standing);

}  // namespace recoup::cli
