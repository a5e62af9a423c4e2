#pragma once

#include <string>
#include <vector>

#include "core/votes.h"

namespace recoup::report {

// From how many vantage points the lost intervals were seen, in a sentence; empty where nothing was
// lost or there is one vantage point alone.
std::string votes_sentence(const core::Votes& votes);

// The same, and the cycle from each vantage point, a sentence each.
std::vector<std::string> votes_words(const core::Votes& votes);

}  // namespace recoup::report
