#include "record/phase_means.h"

namespace recoup::record {

Phases means_of(const Phases& sums, std::uint64_t requests) {
  Phases means{};
  for (std::size_t i = 0; i < sums.size(); ++i) {
    means[i] = sums[i] / static_cast<std::chrono::nanoseconds::rep>(requests);
  }
  return means;
}

}  // namespace recoup::record
