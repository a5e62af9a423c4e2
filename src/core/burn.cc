#include "core/burn.h"

#include <algorithm>

#include "core/figures.h"
#include "core/weights.h"

namespace recoup::core {
namespace {

Ratio share_of_time(Millis part, Millis whole) {
  return Ratio::whole(static_cast<std::uint64_t>(part.count())) /
         Ratio::whole(static_cast<std::uint64_t>(whole.count()));
}

}  // namespace

Burn burn_of(const Version& version, const Zone& zone, const Assessment& a) {
  const Weights weights(version.formula, a);
  Burn burn{a.cycle.span, allowed_loss(version), {}};
  Ratio total;
  const std::vector<IntervalPart> parts = a.parts.unpacked();
  std::size_t i = 0;
  while (i < parts.size() && parts[i].state != IntervalState::ahead) {
    const Instant begin = a.interval_at(i).begin;
    const Date date(std::chrono::floor<std::chrono::days>(begin + zone.offset_at(begin)));
    const Instant midnight = zone.begin_of(std::chrono::sys_days(date) + std::chrono::days(1));
    Weights::Sum sum(weights);
    Instant end = begin;
    for (; i < parts.size() && parts[i].state != IntervalState::ahead; ++i) {
      const Interval interval = a.interval_at(i);
      if (interval.begin >= midnight) break;
      sum.add(parts[i], parts[i].errors);
      end = std::min(interval.end, burn.cycle.end);
    }
    const Ratio lost = sum.total();
    total += lost;
    burn.days.push_back(
        {date, end, lost, total,
         burn.allowed * share_of_time(end - burn.cycle.begin, burn.cycle.length())});
  }
  return burn;
}

}  // namespace recoup::core
