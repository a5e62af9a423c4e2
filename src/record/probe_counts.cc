#include "record/probe_counts.h"

#include <algorithm>
#include <numeric>

namespace recoup::record {

void Histogram::add(std::chrono::nanoseconds duration) {
  const auto bucket =
      std::find_if(kBoundsMs.begin(), kBoundsMs.end(),
                   [&](core::Millis::rep bound) { return duration <= core::Millis(bound); });
  ++counts_[static_cast<std::size_t>(bucket - kBoundsMs.begin())];
  sum_ += duration;
}

std::uint64_t Histogram::count() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

}  // namespace recoup::record
