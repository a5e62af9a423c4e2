#include "core/formula.h"

#include <cassert>
#include <map>

namespace recoup::core {
namespace {

// Losses adds up fractions errors/requests exactly. Intervals of equal size share one denominator,
// and a probed month has few sizes: most additions are of whole numbers.
class Losses {
 public:
  void add(std::uint64_t errors, std::uint64_t requests) {
    if (errors != 0) by_size_[requests] += errors;
  }

  Ratio total() const {
    Ratio sum;
    for (const auto& [size, errors] : by_size_) sum += Ratio::whole(errors) / Ratio::whole(size);
    return sum;
  }

 private:
  std::map<std::uint64_t, std::uint64_t> by_size_;
};

bool counts_as_perfect(const IntervalPart& part) {
  return part.state == IntervalState::excluded || part.state == IntervalState::ahead;
}

}  // namespace

Uptime mean_of_intervals(const std::vector<IntervalPart>& parts) {
  assert(!parts.empty());
  Losses measured;
  Losses at_worst;
  Losses at_best;
  for (const IntervalPart& part : parts) {
    if (counts_as_perfect(part)) continue;
    const std::uint64_t possible = part.requests + part.missed;
    measured.add(part.errors, part.requests);
    at_worst.add(part.errors + part.missed, possible);
    at_best.add(part.errors, possible);
  }
  const Ratio all = Ratio::whole(parts.size());
  const auto mean = [&](const Losses& losses) { return (all - losses.total()) / all; };
  return {mean(measured), mean(at_worst), mean(at_best)};
}

Uptime uptime_of(const Formula& formula, const std::vector<IntervalPart>& parts) {
  struct Family {
    const std::vector<IntervalPart>& parts;
    Uptime operator()(const MeanOfIntervals&) const { return mean_of_intervals(parts); }
  };
  return std::visit(Family{parts}, formula);
}

}  // namespace recoup::core
