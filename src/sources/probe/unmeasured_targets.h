#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "core/tally.h"
#include "core/time.h"
#include "sources/minute_counters.h"

namespace recoup::sources {

// UnmeasuredTargets gathers what was unmeasured of single targets into gaps of their series. Gaps
// of one series must not overlap, and these miss together exactly what all of its targets miss: in
// one time each target was due so many times, or once more, by where its due instants lie; that is
// all of them for so many periods, and in the rest of the time those that were due once more.
class UnmeasuredTargets {
 public:
  void add(CounterId series, const core::Gap& gap) {
    const auto place = std::pair(series, gap.span.end);
    Together& all = all_.try_emplace(place, Together{gap, 0, 0}).first->second;
    all.gap.span.begin = std::min(all.gap.span.begin, gap.span.begin);
    ++all.targets;
    all.due += gap.due(gap.span);
  }

  // Calls each(series, gap) with the gaps of all that was added, and forgets it.
  template <typename Each>
  void take(Each each) {
    for (const auto& [place, all] : all_) {
      const core::Gap& gap = all.gap;
      const std::uint64_t least = all.due / all.targets;
      const auto more = static_cast<std::uint32_t>(all.due % all.targets);
      const core::Instant middle =
          gap.span.begin + static_cast<core::Millis::rep>(least) * gap.every;
      const core::Interval whole{gap.span.begin, std::min(middle, gap.span.end)};
      if (least > 0) each(place.first, core::Gap{whole, gap.every, gap.reason, {}, all.targets});
      if (more > 0) {
        each(place.first, core::Gap{{middle, gap.span.end}, gap.every, gap.reason, {}, more});
      }
    }
    all_.clear();
  }

 private:
  struct Together {
    core::Gap gap;  // from the first of them on
    std::uint32_t targets;
    std::uint64_t due;  // over all of them
  };
  std::map<std::pair<CounterId, core::Instant>, Together> all_;  // by series and end
};

}  // namespace recoup::sources
