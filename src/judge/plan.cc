#include "judge/plan.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/figures.h"

namespace recoup::judge {
namespace {

using core::Millis;
using core::Ratio;
using Periods = std::vector<Millis>;

Ratio per(Millis span, Millis every) {
  const auto number = [](Millis time) {
    return Ratio::whole(static_cast<std::uint64_t>(time.count()));
  };
  return number(span) / number(every);
}

std::uint64_t whole(const Ratio& value) {
  const std::string digits = value.to_decimal(0, core::Rounding::cut);
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// The smallest whole number that is strictly more.
std::uint64_t just_above(const Ratio& value) { return whole(value) + 1; }

// Sampling is how many requests fall into one interval.
struct Sampling {
  Ratio mean;
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

Sampling sampling(const Periods& periods, Millis interval) {
  Sampling sampling;
  for (const Millis every : periods) {
    sampling.mean += per(interval, every);
    sampling.least += static_cast<std::uint64_t>(interval / every);
    sampling.most += static_cast<std::uint64_t>((interval + every - Millis(1)) / every);
  }
  return sampling;
}

// Fills in the resolution of one family; `failures` are the fewest, so they are sought in the
// intervals with the fewest requests. An interval without any shows nothing.
struct Resolver {
  const core::Version& version;
  const Periods& periods;
  Millis month;
  Resolution& out;

  Millis interval = version.interval();
  Ratio intervals = per(month, interval) * Ratio::whole(version.times_counted());
  Sampling sampled = sampling(periods, interval);
  std::uint64_t least = std::max<std::uint64_t>(1, sampled.least);
  Ratio allowed = core::allowed_loss(version);

  void operator()(const core::MeanOfIntervals& family) const {
    const bool fewer = family.silent == core::Silent::left_out && sampled.mean < Ratio(1, 1);
    const Ratio counted = fewer ? intervals * sampled.mean : intervals;
    out.smallest_loss = Ratio(1, 1) / (counted * Ratio::whole(sampled.most));
    out.failures = just_above(allowed * counted * Ratio::whole(least));
  }

  void operator()(const core::RequestRatio& family) const {
    Ratio requests;
    for (const Millis every : periods) requests += Ratio::whole(whole(per(month, every)));
    out.smallest_loss = Ratio(1, 1) / requests;
    out.failures = just_above(allowed * requests);
    if (family.repeats.count() > 0) {
      out.needs = fmt::format("each {} or more after the first of the same outcome",
                              core::to_text(Millis(family.repeats)));
    }
  }

  void operator()(const core::BadWindows& family) const {
    const std::uint64_t failed = just_above(family.more_than * Ratio::whole(least));
    const auto run = static_cast<std::uint64_t>(family.at_least / family.window);
    const std::uint64_t lost = lose_whole_intervals(failed, std::max<std::uint64_t>(1, run));
    out.needs =
        fmt::format("in each of {} windows of {}{}, {} of {}", lost, core::to_text(interval),
                    run > 1 ? fmt::format(", in runs of {} or more", run) : "", failed, least);
  }

  void operator()(const core::AllFailed& family) const {
    if (least < family.minimum_requests) {
      out.needs = fmt::format("never: it takes {} Requests in an interval of {}",
                              family.minimum_requests, core::to_text(interval));
      return;
    }
    const std::uint64_t lost = lose_whole_intervals(least);
    out.needs =
        fmt::format("in each of {} intervals of {}, all {}", lost, core::to_text(interval), least);
  }

  void operator()(const core::DowntimeRuns& family) const {
    const std::uint64_t failed = just_above(family.more_than * Ratio::whole(least));
    const auto enough = static_cast<std::uint64_t>(family.at_least.count());
    const std::uint64_t run = std::max(enough, (family.minimum_requests + least - 1) / least);
    if (sampled.least == 0 && run > 1) {
      out.needs = fmt::format(
          "never: a Downtime Period takes {} consecutive minutes with Requests in each", run);
      return;
    }
    const std::uint64_t minutes = std::max(run, just_above(allowed * intervals));
    out.smallest_loss = Ratio::whole(run) / intervals;
    out.failures = minutes * failed;
    out.needs = fmt::format("in each of {} minutes, in runs of {} or more, {} of {}", minutes, run,
                            failed, least);
  }

  // Where an interval is lost by `failed` requests or not at all, together with others to a run:
  // how many must be.
  std::uint64_t lose_whole_intervals(std::uint64_t failed, std::uint64_t run = 1) const {
    const std::uint64_t lost = std::max(run, just_above(allowed * intervals));
    out.smallest_loss = Ratio::whole(run) / intervals;
    out.failures = lost * failed;
    return lost;
  }
};

}  // namespace

Resolution resolution_of(const core::Version& version, const Periods& periods,
                         std::chrono::days month) {
  Periods counted;
  std::copy_if(periods.begin(), periods.end(), std::back_inserter(counted), [&](Millis every) {
    return !version.shortest_period || every >= *version.shortest_period;
  });
  Resolution resolution;
  if (counted.empty()) {
    if (version.shortest_period) {
      resolution.needs = fmt::format("never: Requests closer than {} do not count",
                                     core::to_text(*version.shortest_period));
    }
    return resolution;
  }
  resolution.requests = sampling(counted, version.interval()).mean;
  std::visit(Resolver{version, counted, month, resolution}, version.formula);
  std::uint64_t requests = 0;
  for (const Millis every : counted) requests += whole(per(month, every));
  if (resolution.failures > requests) {
    resolution.failures.reset();
    resolution.needs = fmt::format("never: the month has {} requests, too few", requests);
  }
  return resolution;
}

}  // namespace recoup::judge
