#include "core/formula.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "core/ensure.h"

namespace recoup::core {
namespace {

// Seen is what an interval says under one reading.
struct Seen {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
};

bool counts_as_available(const IntervalPart& part) {
  return part.state == IntervalState::excluded || part.state == IntervalState::ahead;
}

bool is_left_out(const IntervalPart& part, const Divisor& divisor) {
  return part.state == IntervalState::excluded && divisor.excluded == Excluded::left_out;
}

Seen read(const IntervalPart& part, Reading reading) {
  if (counts_as_available(part)) return {};
  if (part.unseen && reading != Reading::as_measured) {
    const std::uint64_t all = std::max<std::uint64_t>(1, part.requests + part.unsure());
    return {all, reading == Reading::at_worst ? all : 0};
  }
  switch (reading) {
    case Reading::as_measured: return {part.requests, part.errors};
    case Reading::at_worst: return {part.requests + part.unsure(), part.errors + part.unsure()};
    case Reading::at_best: return {part.requests + part.unsure(), part.errors};
  }
  return {};
}

// Losses adds up fractions errors/requests exactly. Intervals of equal size share one denominator,
// and a probed month has few sizes: most additions are of whole numbers.
class Losses {
 public:
  void add(const Seen& seen, std::uint64_t times) {
    if (seen.errors != 0) by_size_[seen.requests] += seen.errors * times;
  }

  Ratio total() const {
    Ratio sum;
    for (const auto& [size, errors] : by_size_) sum += Ratio::whole(errors) / Ratio::whole(size);
    return sum;
  }

 private:
  std::map<std::uint64_t, std::uint64_t> by_size_;
};

// Threshold compares an error rate with a fraction: without making a fraction of it, where the two
// numbers of the threshold's own are none of more than 64 bits.
class Threshold {
 public:
  explicit Threshold(const Ratio& ratio)
      : ratio_(ratio),
        numerator_(number(ratio.numerator())),
        denominator_(number(ratio.denominator())) {}

  // Whether errors / requests is strictly more; false where there is no Request.
  bool exceeded_by(const Seen& seen) const {
    if (!numerator_ || !denominator_) {
      return Ratio::whole(seen.errors) > ratio_ * Ratio::whole(seen.requests);
    }
    return Wide(seen.errors) * *denominator_ > Wide(*numerator_) * seen.requests;
  }

 private:
  __extension__ using Wide = unsigned __int128;

  static std::optional<std::uint64_t> number(const std::string& digits) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return read.ec == std::errc{} ? std::optional(value) : std::nullopt;
  }

  Ratio ratio_;
  std::optional<std::uint64_t> numerator_;
  std::optional<std::uint64_t> denominator_;
};

Ratio share_left(std::uint64_t lost, std::uint64_t all) {
  return Ratio::whole(all - lost) / Ratio::whole(all);
}

// Of so many lost intervals.
Ratio share_left(std::uint64_t lost, const IntervalRuns& runs, const Divisor& divisor) {
  std::uint64_t all = 0;
  for (const IntervalRun& run : runs) {
    if (!is_left_out(run.part, divisor)) all += run.count;
  }
  return all == 0 ? Ratio(1, 1) : share_left(lost, all * divisor.times);
}

// What makes a run of bad intervals one that counts.
struct Enough {
  std::size_t intervals = 1;
  std::uint64_t requests = 0;
};

Enough enough_for(const DowntimeRuns& family) {
  return {static_cast<std::size_t>(family.at_least.count()), family.minimum_requests};
}

Enough enough_for(const BadWindows& family) {
  const auto windows = (family.at_least + family.window - std::chrono::minutes(1)) / family.window;
  return {static_cast<std::size_t>(windows), 0};
}

// Calls found(first, last + 1), indexes of runs, for each stretch of bad intervals that counts.
template <typename Family, typename Found>
void find_bad_runs(const Family& family, const IntervalRuns& runs, Reading reading, Found found) {
  const Threshold threshold(family.more_than);
  const Enough enough = enough_for(family);
  std::size_t first = 0;
  std::size_t intervals = 0;
  std::uint64_t requests = 0;
  for (std::size_t i = 0; i <= runs.size(); ++i) {
    const Seen seen = i < runs.size() ? read(runs[i].part, reading) : Seen{};
    if (threshold.exceeded_by(seen)) {
      if (intervals == 0) first = i;
      intervals += runs[i].count;
      requests += seen.requests * runs[i].count;
      continue;
    }
    if (intervals > 0 && intervals >= enough.intervals && requests >= enough.requests) {
      found(first, i);
    }
    intervals = 0;
    requests = 0;
  }
}

// How many intervals these are.
template <typename Family>
std::uint64_t lost_in_bad_runs(const Family& family, const IntervalRuns& runs, Reading reading) {
  std::uint64_t lost = 0;
  find_bad_runs(family, runs, reading, [&](std::size_t from, std::size_t to) {
    lost += runs[to - 1].end() - runs[from].first;
  });
  return lost;
}

bool all_failed(const AllFailed& family, const Seen& seen) {
  return seen.requests > 0 && seen.errors == seen.requests &&
         seen.requests >= family.minimum_requests;
}

// Marker marks what takes from the uptime, one function a family.
struct Marker {
  IntervalRuns& runs;

  void operator()(const MeanOfIntervals&) const { with_errors(); }
  void operator()(const RequestRatio&) const { with_errors(); }
  void operator()(const BadWindows& family) const { in_bad_runs(family); }
  void operator()(const AllFailed& family) const {
    mark([&](const Seen& seen) { return all_failed(family, seen); });
  }
  void operator()(const DowntimeRuns& family) const { in_bad_runs(family); }

  void with_errors() const {
    mark([](const Seen& seen) { return seen.errors > 0; });
  }

  template <typename Family>
  void in_bad_runs(const Family& family) const {
    mark([](const Seen&) { return false; });
    find_bad_runs(family, runs, Reading::as_measured, [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) runs[i].part.lost = 1;
    });
  }

  template <typename IsLost>
  void mark(IsLost is_lost) const {
    for (IntervalRun& run : runs) {
      run.part.lost = is_lost(read(run.part, Reading::as_measured)) ? 1 : 0;
    }
  }
};

}  // namespace

Ratio uptime_of(const MeanOfIntervals& family, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor) {
  RECOUP_ENSURE(!runs.empty());
  Losses losses;
  std::uint64_t counted = 0;
  for (const IntervalRun& run : runs) {
    const Seen seen = read(run.part, reading);
    const bool silent = seen.requests == 0 && !counts_as_available(run.part);
    if (silent && family.silent == Silent::left_out) continue;
    if (is_left_out(run.part, divisor)) continue;
    counted += run.count;
    losses.add(seen, run.count);
  }
  if (counted == 0) return Ratio(1, 1);
  const Ratio all = Ratio::whole(counted * divisor.times);
  return (all - losses.total()) / all;
}

Ratio uptime_of(const DowntimeRuns& family, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor) {
  return share_left(lost_in_bad_runs(family, runs, reading), runs, divisor);
}

Ratio uptime_of(const BadWindows& family, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor) {
  return share_left(lost_in_bad_runs(family, runs, reading), runs, divisor);
}

Ratio uptime_of(const AllFailed& family, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor) {
  std::uint64_t bad = 0;
  for (const IntervalRun& run : runs) {
    if (all_failed(family, read(run.part, reading))) bad += run.count;
  }
  return share_left(bad, runs, divisor);
}

Ratio uptime_of(const RequestRatio&, const IntervalRuns& runs, Reading reading, const Divisor&) {
  Seen all;
  for (const IntervalRun& run : runs) {
    const Seen seen = read(run.part, reading);
    all.requests += seen.requests * run.count;
    all.errors += seen.errors * run.count;
  }
  return all.requests == 0 ? Ratio(1, 1) : share_left(all.errors, all.requests);
}

Ratio uptime_of(const Formula& formula, const IntervalRuns& runs, Reading reading,
                const Divisor& divisor) {
  return std::visit([&](const auto& family) { return uptime_of(family, runs, reading, divisor); },
                    formula);
}

Ratio uptime_of(const Version& version, const IntervalRuns& runs, Reading reading) {
  return uptime_of(version.formula, runs, reading, {version.excluded, version.times_counted()});
}

Ratio uptime_of(const Version& version, const ByResource& each, Reading reading) {
  if (each.size() == 1) return uptime_of(version, each.front(), reading);
  const Ratio all(1, 1);
  Ratio lost;
  for (const IntervalRuns& runs : each) lost += all - uptime_of(version, runs, reading);
  return all - lost;
}

void mark_lost(const Formula& formula, IntervalRuns& runs) { std::visit(Marker{runs}, formula); }

}  // namespace recoup::core
