#pragma once

#include <string>

#include "core/snapshot.h"

namespace recoup::cli {

// Prints where an agreement stands, for people: the figure, what it rests on, what it gives, and
// what to do next.
void print_standing(const core::Standing& standing);

// Which agreement and contract it is about, on one line.
std::string title(const core::Standing& standing);

// How the same evidence stands by another contract, on one line: uptime, tier, credit.
std::string difference(const core::Standing& own, const core::Standing& other);

}  // namespace recoup::cli
