#include "core/assess.h"

#include <algorithm>

#include "core/classify.h"
#include "core/formula.h"

namespace recoup::core {
namespace {

using Parts = std::vector<IntervalPart>;

std::chrono::minutes interval_of(const Formula& formula) {
  return std::visit([](const auto& family) { return family.interval; }, formula);
}

Parts grid(const Interval& cycle, Millis interval) {
  const auto count = (cycle.length() + interval - Millis(1)) / interval;
  return Parts(static_cast<std::size_t>(count));
}

// The part an instant falls into; nothing outside the cycle.
IntervalPart* part_at(Parts& parts, const Interval& cycle, Millis interval, Instant at) {
  if (!cycle.contains(at)) return nullptr;
  return &parts[static_cast<std::size_t>((at - cycle.begin) / interval)];
}

void count(IntervalPart& part, Verdict verdict, std::uint64_t n) {
  switch (verdict) {
    case Verdict::error: part.errors += n; [[fallthrough]];
    case Verdict::served: part.requests += n; return;
    case Verdict::not_a_request: part.not_requests += n; return;
    case Verdict::unattributed: part.unattributed += n; return;
    case Verdict::missed: part.missed += n; return;
  }
}

// Each distinct outcome is judged once, however many minutes have it.
void add_rows(Parts& parts, const Version& version, const Interval& cycle, Millis interval,
              const Tallies& tallies) {
  std::vector<Verdict> verdicts;
  for (const Outcome& outcome : tallies.outcomes()) {
    verdicts.push_back(classify(version, outcome).verdict);
  }
  for (const Tallies::Row& row : tallies.rows()) {
    IntervalPart* part = part_at(parts, cycle, interval, row.minute);
    if (part != nullptr) count(*part, verdicts[row.outcome], row.count);
  }
}

void add_gaps(Parts& parts, const Interval& cycle, Millis interval, const std::vector<Gap>& gaps) {
  for (const Gap& gap : gaps) {
    const Instant begin = std::max(gap.span.begin, cycle.begin);
    const Instant end = std::min(gap.span.end, cycle.end);
    if (end <= begin) continue;
    for (auto index = (begin - cycle.begin) / interval;; ++index) {
      const Instant start = cycle.begin + index * interval;
      if (start >= end) break;
      parts[static_cast<std::size_t>(index)].missed += gap.due({start, start + interval});
    }
  }
}

void set_states(Assessment& assessment, const std::vector<ExclusionWindow>& exclusions,
                Instant now) {
  for (std::size_t i = 0; i < assessment.parts.size(); ++i) {
    IntervalPart& part = assessment.parts[i];
    const Interval span = assessment.interval_at(i);
    const bool excluded =
        std::any_of(exclusions.begin(), exclusions.end(),
                    [&](const auto& window) { return window.span.overlaps(span); });
    if (excluded) {
      part.state = IntervalState::excluded;
    } else if (part.requests > 0) {
      part.state = IntervalState::measured;
    } else {
      part.state = span.begin < now ? IntervalState::silent : IntervalState::ahead;
    }
  }
}

Totals add_up(const Parts& parts) {
  Totals totals;
  for (const IntervalPart& part : parts) {
    totals.not_requests += part.not_requests;
    totals.unattributed += part.unattributed;
    totals.missed += part.missed;
    switch (part.state) {
      case IntervalState::measured: ++totals.measured; break;
      case IntervalState::silent: ++totals.silent; break;
      case IntervalState::ahead: ++totals.ahead; break;
      case IntervalState::excluded: ++totals.excluded; continue;
    }
    totals.requests += part.requests;
    totals.errors += part.errors;
    if (part.below_100()) ++totals.below_100;
  }
  return totals;
}

std::optional<std::size_t> tier_of(const Version& version, const Ratio& uptime) {
  for (std::size_t i = 0; i < version.credits.size(); ++i) {
    const Tier& tier = version.credits[i];
    if (uptime < tier.below && (!tier.at_least || uptime >= *tier.at_least)) return i;
  }
  return std::nullopt;
}

std::optional<DeadlineDates> deadline_of(const Version& version, const Zone& zone, Month month) {
  if (!version.claim.deadline) return std::nullopt;
  const auto end_after = [&](int cycles) {
    return cycle_of(month + std::chrono::months(cycles), zone).span.end;
  };
  return DeadlineDates{end_after(version.claim.deadline->safe),
                       end_after(version.claim.deadline->literal)};
}

std::optional<Ratio> smallest_loss(const Parts& parts) {
  std::uint64_t most = 0;
  for (const IntervalPart& part : parts) {
    if (part.state == IntervalState::measured) most = std::max(most, part.requests);
  }
  if (most == 0) return std::nullopt;
  return Ratio(1, most) / Ratio::whole(parts.size());
}

}  // namespace

Interval Assessment::interval_at(std::size_t index) const {
  const Instant begin = cycle.span.begin + static_cast<int>(index) * interval;
  return {begin, std::min<Instant>(begin + interval, cycle.span.end)};
}

Assessment assess(const Version& version, const Zone& zone, const Cycle& cycle,
                  const Tallies& tallies, const std::vector<ExclusionWindow>& exclusions,
                  Instant now) {
  Assessment a;
  a.cycle = cycle;
  a.complete = now >= cycle.span.end;
  a.interval = interval_of(version.formula);

  // Counts by outcome become Requests and Errors by interval.
  a.parts = grid(cycle.span, a.interval);
  add_rows(a.parts, version, cycle.span, a.interval, tallies);
  add_gaps(a.parts, cycle.span, a.interval, tallies.gaps());
  set_states(a, exclusions, now);
  a.totals = add_up(a.parts);

  // From here on nothing is counted any more: the formula, the tiers, the dates.
  const Uptime uptime = uptime_of(version.formula, a.parts);
  a.uptime = uptime.uptime;
  a.lower = uptime.lower;
  a.upper = uptime.upper;
  a.met = a.uptime >= version.commitment;
  a.tier = tier_of(version, a.uptime);
  a.deadline = deadline_of(version, zone, cycle.month);
  a.smallest_loss = smallest_loss(a.parts);
  return a;
}

}  // namespace recoup::core
