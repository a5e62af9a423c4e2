#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/tally.h"

namespace recoup::metrics {

// Counts by outcome as a label has it. What an alert waits for is there with 0 before it first
// occurs. A provider may make up names of errors without end: beyond fifty, the most frequent ones,
// an outcome counts as its status without a name.
std::map<std::string, std::uint64_t> by_label(const std::vector<core::OutcomeCount>& outcomes);

}  // namespace recoup::metrics
