#include "core/assess.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/ensure.h"
#include "core/formula.h"

namespace recoup::core {
namespace {

// Grid says where the intervals of a cycle lie.
struct Grid {
  Interval cycle;
  Millis length;     // of an interval; the last one may be cut short
  std::size_t size;  // intervals

  // The interval that holds the instant; the first one before the cycle.
  std::size_t at(Instant instant) const {
    const auto index = std::max<Millis::rep>(0, (instant - cycle.begin) / length);
    return std::min(size, static_cast<std::size_t>(index));
  }

  // The first interval that begins at the instant or later.
  std::size_t from(Instant instant) const { return at(instant + length - Millis(1)); }

  // How many intervals, from the first, get no Request any more.
  std::size_t closed(Instant now) const {
    return cycle.end + kClosedAfter <= now ? size : std::min(size - 1, at(now - kClosedAfter));
  }
};

bool is_excluded(const Interval& span, const std::vector<ExclusionWindow>& exclusions,
                 const ExclusionWindow* without) {
  return std::any_of(exclusions.begin(), exclusions.end(), [&](const ExclusionWindow& window) {
    return &window != without && window.span.overlaps(span);
  });
}

// Where what is known of an interval may be another than of the one before, whatever was counted.
std::vector<std::size_t> changes(const Grid& grid, const std::vector<ExclusionWindow>& exclusions,
                                 Instant now) {
  std::vector<std::size_t> all{grid.from(now)};
  for (const ExclusionWindow& window : exclusions) {
    if (!window.span.overlaps(grid.cycle)) continue;
    all.push_back(grid.at(window.span.begin));
    all.push_back(grid.from(window.span.end));
  }
  std::sort(all.begin(), all.end());
  return all;
}

// The intervals with what is known of each. The windows leave out `without`, where it is given.
IntervalRuns with_states(const IntervalRuns& counts, const Grid& grid,
                         const std::vector<ExclusionWindow>& exclusions, Instant now,
                         const ExclusionWindow* without = nullptr) {
  const std::vector<std::size_t> cuts = changes(grid, exclusions, now);
  auto cut = cuts.begin();
  IntervalRuns runs;
  runs.reserve(counts.size() + cuts.size());
  for (const IntervalRun& run : counts) {
    for (std::size_t first = run.first; first < run.end();) {
      while (cut != cuts.end() && *cut <= first) ++cut;
      const std::size_t end = cut == cuts.end() ? run.end() : std::min(run.end(), *cut);
      IntervalRun& piece = runs.emplace_back(IntervalRun{first, end - first, run.part});
      const Instant begin = grid.cycle.begin + static_cast<Millis::rep>(first) * grid.length;
      const Interval span{begin, std::min(begin + grid.length, grid.cycle.end)};
      if (is_excluded(span, exclusions, without)) {
        piece.part.state = IntervalState::excluded;
      } else if (piece.part.requests > 0) {
        piece.part.state = IntervalState::measured;
      } else {
        piece.part.state = begin < now ? IntervalState::silent : IntervalState::ahead;
      }
      first = end;
    }
  }
  return runs;
}

ByResource with_states(const ByResource& counts, const Grid& grid,
                       const std::vector<ExclusionWindow>& exclusions, Instant now,
                       const ExclusionWindow* without = nullptr) {
  ByResource each;
  for (const IntervalRuns& one : counts) {
    each.push_back(with_states(one, grid, exclusions, now, without));
  }
  return each;
}

// The same intervals where calls that other services made count if they did not, and do not if they
// did. An interval in which nothing else was counted is silent then.
IntervalRuns with_indirect_otherwise(IntervalRuns runs, bool are_counted) {
  for (IntervalRun& run : runs) {
    IntervalPart& part = run.part;
    if (are_counted) {
      part.requests -= part.indirect;
      part.errors -= part.indirect_errors;
    } else {
      part.requests += part.indirect;
      part.errors += part.indirect_errors;
    }
    if (part.state == IntervalState::measured && part.requests == 0) {
      part.state = IntervalState::silent;
    } else if (part.state == IntervalState::silent && part.requests > 0) {
      part.state = IntervalState::measured;
    }
  }
  return runs;
}

std::optional<IndirectCalls> indirect_of(const Version& version, const Totals& totals,
                                         const ByResource& each) {
  if (totals.indirect == 0) return std::nullopt;
  ByResource otherwise;
  for (const IntervalRuns& runs : each) {
    otherwise.push_back(with_indirect_otherwise(runs, version.count_indirect));
  }
  return IndirectCalls{totals.indirect, totals.indirect_errors, version.count_indirect,
                       uptime_of(version, otherwise, Reading::as_measured)};
}

std::optional<std::size_t> tier_of(const Version& version, const Ratio& uptime) {
  for (std::size_t i = 0; i < version.credits.size(); ++i) {
    const Tier& tier = version.credits[i];
    if (uptime < tier.below && (!tier.at_least || uptime >= *tier.at_least)) return i;
  }
  return std::nullopt;
}

// From the first to the last interval that takes from the uptime; the cycle where none does.
Interval incident_of(const Assessment& a, const IntervalRuns& runs) {
  const auto lost = [](const IntervalRun& run) { return run.part.below_100(); };
  const auto first = std::find_if(runs.begin(), runs.end(), lost);
  if (first == runs.end()) return a.cycle.span;
  const auto last = std::find_if(runs.rbegin(), runs.rend(), lost);
  return {a.interval_at(first->first).begin, a.interval_at(last->end() - 1).end};
}

// Until when the provider must be told of the incidents: the first one is the safe one.
std::optional<DeadlineDates> notice_of(const Assessment& a, const IntervalRuns& runs,
                                       const Version& version) {
  const auto& notice = version.claim.notice;
  const auto lost = [](const IntervalRun& run) { return run.part.below_100(); };
  if (!notice || std::none_of(runs.begin(), runs.end(), lost)) return std::nullopt;
  const Interval incident = incident_of(a, runs);
  return DeadlineDates{incident.begin + notice->within, incident.end + notice->within};
}

// The date of that day some months later; in a month without that day its last.
Date months_later(Date day, int months) {
  const Month month = day.year() / day.month() + std::chrono::months(months);
  const Date same = month / day.day();
  return same.ok() ? same : Date(month / std::chrono::last);
}

std::optional<DeadlineDates> deadline_of(const Assessment& a, const IntervalRuns& runs,
                                         const Version& version, const Zone& zone) {
  if (!version.claim.deadline) return std::nullopt;
  const Deadline& deadline = *version.claim.deadline;
  const Instant end = a.cycle.span.end;
  const Interval incident = incident_of(a, runs);
  const auto end_after = [&](int cycles) {
    return cycle_of(zone.month_after(a.cycle.month, cycles), zone).span.end;
  };
  const auto months_after = [&](int months) {
    return zone.begin_of(months_later(zone.day_of(end_after(0)), months));
  };
  const std::chrono::days safe(deadline.safe);
  const std::chrono::days literal(deadline.literal);
  switch (deadline.from) {
    case DeadlineFrom::cycles:
      return DeadlineDates{end_after(deadline.safe), end_after(deadline.literal)};
    case DeadlineFrom::months:
      return DeadlineDates{months_after(deadline.safe), months_after(deadline.literal)};
    case DeadlineFrom::cycle_end: return DeadlineDates{end + safe, end + literal};
    case DeadlineFrom::incident:
      return DeadlineDates{incident.begin + safe, incident.end + literal};
    case DeadlineFrom::eligibility: return DeadlineDates{incident.begin + safe, end + literal};
  }
  return std::nullopt;
}

// The end of the n-th day from Monday to Friday from that day on.
Instant after_business_days(int n, Date from, const Zone& zone) {
  auto day = std::chrono::sys_days(from);
  for (int left = n; left > 0; day += std::chrono::days(1)) {
    const std::chrono::weekday weekday(day);
    if (weekday != std::chrono::Saturday && weekday != std::chrono::Sunday) --left;
  }
  return zone.begin_of(Date(day));
}

std::optional<Instant> not_before_of(const Cycle& cycle, const Version& version, const Zone& zone) {
  const auto& earliest = version.claim.not_before;
  if (!earliest) return std::nullopt;
  if (!earliest->business_days) return cycle.span.end + std::chrono::days(earliest->count);
  // What was used of a cycle may end before it does.
  const Date next = zone.day_of(cycle_of(cycle.month, zone).span.end);
  return after_business_days(earliest->count, next, zone);
}

std::uint64_t counted_of(const Version& version, const Totals& totals, std::size_t intervals) {
  const auto* mean = std::get_if<MeanOfIntervals>(&version.formula);
  std::uint64_t counted = intervals;
  if (mean != nullptr && mean->silent == Silent::left_out) counted -= totals.silent;
  if (version.excluded == Excluded::left_out) counted -= totals.excluded;
  return counted * version.times_counted();
}

// One Error more costs least in the best sampled interval; in a ratio, of all Requests. The other
// families see no single Error.
std::optional<Ratio> smallest_loss(const Assessment& a, const IntervalRuns& runs,
                                   const Formula& formula) {
  const Totals& totals = a.totals;
  if (totals.requests == 0) return std::nullopt;
  if (std::holds_alternative<RequestRatio>(formula))
    return Ratio::whole(1) / Ratio::whole(totals.requests);
  if (!std::holds_alternative<MeanOfIntervals>(formula)) return std::nullopt;
  std::uint64_t most = 0;
  for (const IntervalRun& run : runs) {
    if (run.part.state == IntervalState::measured) most = std::max(most, run.part.requests);
  }
  return Ratio(1, most) / Ratio::whole(a.counted);
}

Ratio budget_left(const Assessment& a, const Version& version) {
  const bool of_requests = std::holds_alternative<RequestRatio>(version.formula);
  return (a.uptime - version.commitment) *
         Ratio::whole(of_requests ? a.totals.requests : a.counted);
}

// What each of several resources has in it, and what only they tell of the sums.
void add_resources(const Version& version, const ByResource& each, Assessment& a) {
  a.totals.errors_below_100 = 0;
  for (std::size_t i = 0; i < each.size(); ++i) {
    ResourceShare share{version.resources[i], Intervals(each[i]), {}};
    for (const IntervalRun& run : each[i]) share.totals.add(run.part, run.count);
    a.totals.errors_below_100 += share.totals.errors_below_100;
    a.resources.push_back(std::move(share));
  }
}

// Whether the commitment is missed though everything that is not closed turns out best. More
// Requests without an Error lift an interval that is open as near to 100 % as one likes, and a
// ratio of Requests as a whole; a closed interval, or a run of them, stays as it is.
bool breach_certain(const Assessment& a, const ByResource& each, const Version& version,
                    std::size_t closed) {
  if (a.met) return false;
  if (closed == a.parts.size()) return true;
  if (std::holds_alternative<RequestRatio>(version.formula)) return false;
  IntervalPart ahead;
  ahead.state = IntervalState::ahead;
  ByResource best;
  for (const IntervalRuns& runs : each) {
    IntervalRuns& one = best.emplace_back();
    for (const IntervalRun& run : runs) {
      if (run.first >= closed) break;
      one.push_back({run.first, std::min(run.end(), closed) - run.first, run.part});
    }
    one.push_back({closed, a.parts.size() - closed, ahead});
  }
  return uptime_of(version, best, Reading::as_measured) < version.commitment;
}

}  // namespace

void Totals::add(const IntervalPart& part, std::uint64_t count) {
  not_requests += part.not_requests * count;
  unattributed += part.unattributed * count;
  missed += part.missed * count;
  unread += part.unread * count;
  refused += part.refused * count;
  switch (part.state) {
    case IntervalState::measured: measured += count; break;
    case IntervalState::silent: silent += count; break;
    case IntervalState::ahead: ahead += count; break;
    case IntervalState::excluded: excluded += count; return;
  }
  requests += part.requests * count;
  errors += part.errors * count;
  unseen += part.unseen ? count : 0;
  indirect += part.indirect * count;
  indirect_errors += part.indirect_errors * count;
  // Repeats that are not counted are Errors no more.
  reported_errors += std::min(part.reported_errors, part.errors) * count;
  if (!part.below_100()) return;
  below_100 += part.lost * count;
  errors_below_100 += part.errors * count;
}

std::string to_text(const UncountedOutcome& uncounted) {
  const std::string times =
      uncounted.count == 1 ? "once" : fmt::format("{} times", uncounted.count);
  return fmt::format("{} came {}; {}", to_text(uncounted.outcome), times, uncounted.clause);
}

std::optional<DeadlineDates> first_deadline(const std::optional<DeadlineDates>& deadline,
                                            const std::optional<DeadlineDates>& notice) {
  if (!deadline || !notice) return deadline ? deadline : notice;
  return DeadlineDates{std::min(deadline->safe, notice->safe), deadline->literal};
}

std::optional<DeadlineDates> Assessment::first_deadline() const {
  return core::first_deadline(deadline, notice);
}

ByResource Assessment::by_resource() const {
  const auto counts_of = [](const Intervals& intervals) {
    IntervalRuns runs;
    for (const IntervalRun& run : intervals.runs()) runs.push_back(run);
    return runs;
  };
  if (resources.empty()) return {counts_of(parts)};
  ByResource each;
  for (const ResourceShare& one : resources) each.push_back(counts_of(one.parts));
  return each;
}

Interval Assessment::interval_at(std::size_t index) const {
  const Instant begin = cycle.span.begin + static_cast<int>(index) * interval;
  return {begin, std::min<Instant>(begin + interval, cycle.span.end)};
}

Zone with_cycles(const Zone& zone, const Version& version, const Agreement& agreement) {
  // Where nobody said when one began, it is the first of a month.
  constexpr Date kFirst = std::chrono::year(2000) / std::chrono::January / std::chrono::day(1);
  return zone.billed_by(
      {version.calendar, agreement.cycle_start.value_or(kFirst), version.cycle_days});
}

Cycle counted_cycle(const Version& version, const Cycle& cycle, const Agreement& agreement) {
  const Interval used{agreement.since.value_or(cycle.span.begin),
                      agreement.until.value_or(cycle.span.end)};
  Cycle counted = cycle;
  counted.in_part = used.begin > cycle.span.begin || used.end < cycle.span.end;
  if (counted.in_part && version.part_month == PartMonth::used_time) {
    counted.span.begin = std::max<Instant>(cycle.span.begin, minute_of(used.begin));
    counted.span.end =
        std::max(counted.span.begin, std::min<Instant>(cycle.span.end, minute_of(used.end)));
    if (counted.span.empty()) counted.span = cycle.span;
  }
  return counted;
}

std::optional<CreditDue> due_of(const Interval& cycle, const Version& version) {
  const auto& automatic = version.claim.automatic;
  if (!automatic) return std::nullopt;
  CreditDue due{cycle.end + std::chrono::days(automatic->within_days), std::nullopt};
  if (automatic->disputed_days) {
    due.disputed = cycle.end + std::chrono::days(*automatic->disputed_days);
  }
  return due;
}

Instant payment_due(const Payment& payment, Instant from, const Zone& zone) {
  if (payment.cycles) {
    return cycle_of(zone.month_of(from) + std::chrono::months(payment.count), zone).span.end;
  }
  const auto day = std::chrono::floor<std::chrono::days>(from + zone.offset_at(from));
  return zone.begin_of(Date(day + std::chrono::days(payment.count + 1)));
}

Assessment assess(const Version& version, const Zone& zone, const Cycle& cycle,
                  const Tallies& tallies, const std::vector<ExclusionWindow>& exclusions,
                  Instant now) {
  Counts counts(version, cycle.span);
  counts.add(tallies);
  return assess(version, zone, cycle, counts, exclusions, now);
}

Assessment assess(const Version& version, const Zone& zone, const Cycle& cycle,
                  const Counts& counts, const std::vector<ExclusionWindow>& exclusions,
                  Instant now) {
  RECOUP_ENSURE(counts.check_total());
  Assessment a =
      assess_runs(version, zone, cycle, counts.by_resource(), counts.probes(), exclusions, now);
  a.unnamed = counts.unnamed();
  a.uncounted = counts.uncounted();
  a.unseen = counts.unseen();
  a.key_store = counts.key_store();
  a.refused = counts.refused();
  a.unclassified = counts.unclassified();
  return a;
}

// Nothing is counted any more: the states, the formula, the tiers, the dates.
Assessment assess_runs(const Version& version, const Zone& zone, const Cycle& cycle,
                       const ByResource& counts, const ProbesDue& probes,
                       const std::vector<ExclusionWindow>& exclusions, Instant now) {
  RECOUP_ENSURE(counts.size() == 1 || counts.size() == version.resources.size());
  Assessment a;
  a.cycle = cycle;
  a.complete = now >= cycle.span.end;
  a.interval = version.interval();
  a.probes = probes;
  const Grid grid{cycle.span, a.interval, size_of(counts.front())};
  ByResource each = with_states(counts, grid, exclusions, now);
  for (IntervalRuns& one : each) mark_lost(version.formula, one);
  const IntervalRuns summed = each.size() > 1 ? together(each) : IntervalRuns();
  const IntervalRuns& runs = each.size() > 1 ? summed : each.front();
  a.parts = Intervals(runs);
  for (const IntervalRun& run : runs) a.totals.add(run.part, run.count);
  if (each.size() > 1) add_resources(version, each, a);
  a.counted = counted_of(version, a.totals, a.parts.size());
  a.uptime = uptime_of(version, each, Reading::as_measured);
  a.indirect = indirect_of(version, a.totals, each);
  const bool sure = a.totals.is_sure();
  a.lower = sure ? a.uptime : uptime_of(version, each, Reading::at_worst);
  a.upper = sure ? a.uptime : uptime_of(version, each, Reading::at_best);
  a.met = a.uptime >= version.commitment;
  a.tier = tier_of(version, a.uptime);
  a.deadline = deadline_of(a, runs, version, zone);
  a.notice = notice_of(a, runs, version);
  a.not_before = not_before_of(cycle, version, zone);
  a.due = due_of(cycle.span, version);
  a.smallest_loss = smallest_loss(a, runs, version.formula);
  a.budget_left = budget_left(a, version);
  const std::size_t closed = grid.closed(now);
  a.closed_until = closed == 0 ? cycle.span.begin : a.interval_at(closed - 1).end;
  a.breach_certain = breach_certain(a, each, version, closed);
  for (const ExclusionWindow& window : exclusions) {
    if (!window.span.overlaps(cycle.span)) continue;
    const ByResource without = with_states(counts, grid, exclusions, now, &window);
    a.exclusions.push_back({window, uptime_of(version, without, Reading::as_measured)});
  }
  return a;
}

}  // namespace recoup::core
