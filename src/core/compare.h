#pragma once

#include <string>
#include <vector>

#include "core/assessment.h"

namespace recoup::core {

// Sets what the log `log` saw, as it would be judged by itself, against `logged`, what the counted
// logs saw. Both are of one cycle, and know of the same exclusions.
Comparison compare(std::string log, const Intervals& logged, const Assessment& other);

// Difference is an interval in which they did not see as much.
struct Difference {
  Interval span;
  Comparison::Sum counted;
  Comparison::Sum compared;
};

// All of a comparison of the assessment, by time.
std::vector<Difference> differences(const Assessment& assessment, const Comparison& comparison);

// The first `most` of them in order of gravity: by how many Errors they differ, then by how many
// Requests, then by time.
std::vector<Difference> worst(std::vector<Difference> differences, std::size_t most);

}  // namespace recoup::core
