#pragma once

#include <cstdint>

#include "record/phases.h"

namespace recoup::record {

// How long each phase took of one of so many requests in the mean, cut; `requests` is not 0.
Phases means_of(const Phases& sums, std::uint64_t requests);

}  // namespace recoup::record
