#include "core/formula.h"

#include <cassert>
#include <charconv>
#include <map>

namespace recoup::core {
namespace {

using Parts = std::vector<IntervalPart>;

// Seen is what a part says under one reading.
struct Seen {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
};

bool counts_as_available(const IntervalPart& part) {
  return part.state == IntervalState::excluded || part.state == IntervalState::ahead;
}

Seen read(const IntervalPart& part, Reading reading) {
  if (counts_as_available(part)) return {};
  switch (reading) {
    case Reading::as_measured: return {part.requests, part.errors};
    case Reading::at_worst: return {part.requests + part.missed, part.errors + part.missed};
    case Reading::at_best: return {part.requests + part.missed, part.errors};
  }
  return {};
}

// Losses adds up fractions errors/requests exactly. Intervals of equal size share one denominator,
// and a probed month has few sizes: most additions are of whole numbers.
class Losses {
 public:
  void add(const Seen& seen) {
    if (seen.errors != 0) by_size_[seen.requests] += seen.errors;
  }

  Ratio total() const {
    Ratio sum;
    for (const auto& [size, errors] : by_size_) sum += Ratio::whole(errors) / Ratio::whole(size);
    return sum;
  }

 private:
  std::map<std::uint64_t, std::uint64_t> by_size_;
};

// Threshold compares an error rate with a fraction without making a fraction of it.
class Threshold {
 public:
  explicit Threshold(const Ratio& ratio)
      : numerator_(number(ratio.numerator())), denominator_(number(ratio.denominator())) {}

  // Whether errors / requests is strictly more; false where there is no Request.
  bool exceeded_by(const Seen& seen) const {
    return Wide(seen.errors) * denominator_ > Wide(numerator_) * seen.requests;
  }

 private:
  __extension__ using Wide = unsigned __int128;

  static std::uint64_t number(const std::string& digits) {
    std::uint64_t value = 0;
    [[maybe_unused]] const auto read =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    assert(read.ec == std::errc{});
    return value;
  }

  std::uint64_t numerator_;
  std::uint64_t denominator_;
};

Ratio share_left(std::uint64_t lost, std::uint64_t all) {
  return Ratio::whole(all - lost) / Ratio::whole(all);
}

// Calls found(first, last + 1) for each Downtime Period.
template <typename Found>
void find_runs(const DowntimeRuns& family, const Parts& parts, Reading reading, Found found) {
  const Threshold threshold(family.more_than);
  const auto enough = static_cast<std::size_t>(family.at_least.count());
  std::size_t length = 0;
  std::uint64_t requests = 0;
  for (std::size_t i = 0; i <= parts.size(); ++i) {
    const Seen seen = i < parts.size() ? read(parts[i], reading) : Seen{};
    if (threshold.exceeded_by(seen)) {
      ++length;
      requests += seen.requests;
      continue;
    }
    if (length >= enough && requests >= family.minimum_requests) found(i - length, i);
    length = 0;
    requests = 0;
  }
}

bool all_failed(const Seen& seen) { return seen.requests > 0 && seen.errors == seen.requests; }

}  // namespace

Ratio uptime_of(const MeanOfIntervals& family, const Parts& parts, Reading reading) {
  assert(!parts.empty());
  Losses losses;
  std::uint64_t counted = 0;
  for (const IntervalPart& part : parts) {
    const Seen seen = read(part, reading);
    const bool silent = seen.requests == 0 && !counts_as_available(part);
    if (silent && family.silent == Silent::left_out) continue;
    ++counted;
    losses.add(seen);
  }
  if (counted == 0) return Ratio(1, 1);
  const Ratio all = Ratio::whole(counted);
  return (all - losses.total()) / all;
}

Ratio uptime_of(const DowntimeRuns& family, const Parts& parts, Reading reading) {
  std::uint64_t down = 0;
  find_runs(family, parts, reading, [&](std::size_t from, std::size_t to) { down += to - from; });
  return share_left(down, parts.size());
}

Ratio uptime_of(const BadWindows& family, const Parts& parts, Reading reading) {
  const Threshold threshold(family.more_than);
  std::uint64_t bad = 0;
  for (const IntervalPart& part : parts) bad += threshold.exceeded_by(read(part, reading)) ? 1 : 0;
  return share_left(bad, parts.size());
}

Ratio uptime_of(const AllFailed&, const Parts& parts, Reading reading) {
  std::uint64_t bad = 0;
  for (const IntervalPart& part : parts) bad += all_failed(read(part, reading)) ? 1 : 0;
  return share_left(bad, parts.size());
}

Ratio uptime_of(const RequestRatio&, const Parts& parts, Reading reading) {
  Seen all;
  for (const IntervalPart& part : parts) {
    const Seen seen = read(part, reading);
    all.requests += seen.requests;
    all.errors += seen.errors;
  }
  return all.requests == 0 ? Ratio(1, 1) : share_left(all.errors, all.requests);
}

Ratio uptime_of(const Formula& formula, const Parts& parts, Reading reading) {
  return std::visit([&](const auto& family) { return uptime_of(family, parts, reading); }, formula);
}

void mark_lost(const Formula& formula, Parts& parts) {
  struct Marker {
    Parts& parts;
    void operator()(const MeanOfIntervals&) const { with_errors(); }
    void operator()(const RequestRatio&) const { with_errors(); }
    void operator()(const BadWindows& family) const {
      const Threshold threshold(family.more_than);
      for (auto& part : parts) part.lost = threshold.exceeded_by(read(part, Reading::as_measured));
    }
    void operator()(const AllFailed&) const {
      for (auto& part : parts) part.lost = all_failed(read(part, Reading::as_measured));
    }
    void operator()(const DowntimeRuns& family) const {
      find_runs(family, parts, Reading::as_measured, [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) parts[i].lost = true;
      });
    }
    void with_errors() const {
      for (auto& part : parts) part.lost = read(part, Reading::as_measured).errors > 0;
    }
  };
  std::visit(Marker{parts}, formula);
}

}  // namespace recoup::core
