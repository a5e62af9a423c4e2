#include "core/assess.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/classify.h"
#include "core/formula.h"

namespace recoup::core {
namespace {

using Parts = std::vector<IntervalPart>;

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

std::vector<Classified> judge_all(const Version& version, const Tallies& tallies) {
  std::vector<Classified> judged;
  for (const Outcome& outcome : tallies.outcomes()) judged.push_back(classify(version, outcome));
  return judged;
}

std::vector<Verdict> verdicts_of(const std::vector<Classified>& judged) {
  std::vector<Verdict> verdicts;
  for (const Classified& one : judged) verdicts.push_back(one.verdict);
  return verdicts;
}

// The answers of the cycle that are failures to whoever sees them, and no Errors. `judged` is by
// outcome of the tallies.
UncountedFailures uncounted_of(const std::vector<Classified>& judged, const Tallies& tallies,
                               const Interval& cycle) {
  UncountedFailures uncounted;
  const auto is_uncounted = [](const Classified& one) { return one.uncounted.has_value(); };
  if (std::none_of(judged.begin(), judged.end(), is_uncounted)) return uncounted;
  std::vector<std::uint64_t> counts(judged.size());
  for (const Tallies::Row& row : tallies.rows()) {
    if (cycle.contains(row.minute)) counts[row.outcome] += row.count;
  }
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (!is_uncounted(judged[i]) || counts[i] == 0) continue;
    const Uncounted reason = *judged[i].uncounted;
    uncounted.reasons[static_cast<std::size_t>(reason)] += counts[i];
    uncounted.outcomes.push_back({tallies.outcomes()[i], counts[i], reason, judged[i].clause});
  }
  std::sort(uncounted.outcomes.begin(), uncounted.outcomes.end(), [](const auto& a, const auto& b) {
    return a.count != b.count ? a.count > b.count : a.outcome < b.outcome;
  });
  return uncounted;
}

// Cursor finds the part of one row after another. Rows mostly come by minute: the part of the row
// before, and then the next one, are tried before any other.
class Cursor {
 public:
  Cursor(Parts& parts, const Interval& cycle, std::chrono::minutes interval)
      : parts_(parts),
        cycle_(cycle),
        interval_(interval),
        last_(std::chrono::ceil<std::chrono::minutes>(cycle.end)) {}

  // The part that holds the minute; nothing outside the cycle.
  IntervalPart* at(Minute minute) {
    if (minute >= first_ && minute < end_) return part_;
    if (part_ != nullptr && minute >= end_ && minute < std::min(end_ + interval_, last_)) {
      ++part_;
      first_ = end_;
    } else {
      part_ = part_at(parts_, cycle_, interval_, minute);
      if (part_ == nullptr) {
        first_ = end_ = {};
        return nullptr;
      }
      first_ = std::chrono::ceil<std::chrono::minutes>(cycle_.begin) +
               (part_ - parts_.data()) * interval_;
    }
    end_ = std::min(first_ + interval_, last_);
    return part_;
  }

 private:
  Parts& parts_;
  const Interval& cycle_;
  const std::chrono::minutes interval_;
  const Minute last_;  // the cycle's end
  IntervalPart* part_ = nullptr;
  Minute first_{};  // of the part
  Minute end_{};    // not included
};

// Each distinct outcome is judged once, however many minutes have it.
void add_rows(Parts& parts, const std::vector<Verdict>& verdicts, const Interval& cycle,
              std::chrono::minutes interval, const Tallies& tallies) {
  Cursor cursor(parts, cycle, interval);
  for (const Tallies::Row& row : tallies.rows()) {
    IntervalPart* part = cursor.at(row.minute);
    if (part != nullptr) count(*part, verdicts[row.outcome], row.count);
  }
}

// Errors that repeat one of the same outcome within `window` after its first are taken out again.
void leave_out_repeats(Parts& parts, const std::vector<Verdict>& verdicts, const Interval& cycle,
                       Millis interval, const Tallies& tallies, std::chrono::minutes window) {
  std::vector<std::map<Minute, std::uint64_t>> errors(verdicts.size());
  for (const Tallies::Row& row : tallies.rows()) {
    if (verdicts[row.outcome] == Verdict::error && row.count > 0) {
      errors[row.outcome][row.minute] += row.count;
    }
  }
  for (const auto& minutes : errors) {
    std::optional<Minute> first;
    for (const auto& [minute, count] : minutes) {
      const bool repeats = first && minute < *first + window;
      if (!repeats) first = minute;
      IntervalPart* part = part_at(parts, cycle, interval, minute);
      if (part == nullptr) continue;
      const std::uint64_t left_out = repeats ? count : count - 1;
      part->errors -= left_out;
      part->requests -= left_out;
      part->not_requests += left_out;
    }
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

// Sets what is known of each part. The windows leave out `without`, where it is given.
void set_states(Assessment& assessment, const std::vector<ExclusionWindow>& exclusions, Instant now,
                const ExclusionWindow* without = nullptr) {
  const auto excluded = [&](const Interval& span) {
    return std::any_of(exclusions.begin(), exclusions.end(), [&](const ExclusionWindow& window) {
      return &window != without && window.span.overlaps(span);
    });
  };
  for (std::size_t i = 0; i < assessment.parts.size(); ++i) {
    IntervalPart& part = assessment.parts[i];
    const Interval span = assessment.interval_at(i);
    if (!exclusions.empty() && excluded(span)) {
      part.state = IntervalState::excluded;
    } else if (part.requests > 0) {
      part.state = IntervalState::measured;
    } else {
      part.state = span.begin < now ? IntervalState::silent : IntervalState::ahead;
    }
  }
}

// What each exclusion that touches the cycle does. Leaves the states as they are with all of them.
void weigh_exclusions(Assessment& a, const Version& version,
                      const std::vector<ExclusionWindow>& exclusions, Instant now) {
  for (const ExclusionWindow& window : exclusions) {
    if (!window.span.overlaps(a.cycle.span)) continue;
    set_states(a, exclusions, now, &window);
    a.exclusions.push_back({window, uptime_of(version.formula, a.parts, Reading::as_measured)});
  }
  if (!a.exclusions.empty()) set_states(a, exclusions, now);
}

// What the rows and gaps of the cycle say of our own probes.
ProbesDue probes_of(const Tallies& tallies, const Interval& cycle) {
  ProbesDue probes;
  probes.sent = tallies.sent();
  const auto& outcomes = tallies.outcomes();
  const auto missed = [](const Outcome& outcome) { return std::get_if<Missed>(&outcome); };
  if (std::any_of(outcomes.begin(), outcomes.end(), missed)) {
    for (const Tallies::Row& row : tallies.rows()) {
      const auto* reason = missed(outcomes[row.outcome]);
      if (reason == nullptr || !cycle.contains(row.minute)) continue;
      probes.missed[static_cast<std::size_t>(reason->reason)] += row.count;
    }
  }
  for (const Gap& gap : tallies.gaps()) {
    probes.missed[static_cast<std::size_t>(gap.reason)] += gap.due(cycle);
  }
  return probes;
}

std::optional<std::size_t> tier_of(const Version& version, const Ratio& uptime) {
  for (std::size_t i = 0; i < version.credits.size(); ++i) {
    const Tier& tier = version.credits[i];
    if (uptime < tier.below && (!tier.at_least || uptime >= *tier.at_least)) return i;
  }
  return std::nullopt;
}

// The first and the last part that takes from the uptime; the cycle where none does.
Interval incident_of(const Assessment& a) {
  const auto lost = [](const IntervalPart& part) { return part.lost; };
  const auto first = std::find_if(a.parts.begin(), a.parts.end(), lost);
  if (first == a.parts.end()) return a.cycle.span;
  const auto last = std::find_if(a.parts.rbegin(), a.parts.rend(), lost);
  return {a.interval_at(static_cast<std::size_t>(first - a.parts.begin())).begin,
          a.interval_at(static_cast<std::size_t>(a.parts.rend() - last - 1)).end};
}

std::optional<DeadlineDates> deadline_of(const Assessment& a, const Version& version,
                                         const Zone& zone) {
  if (!version.claim.deadline) return std::nullopt;
  const Deadline& deadline = *version.claim.deadline;
  const Instant end = a.cycle.span.end;
  const Interval incident = incident_of(a);
  const auto end_after = [&](int cycles) {
    return cycle_of(a.cycle.month + std::chrono::months(cycles), zone).span.end;
  };
  const std::chrono::days safe(deadline.safe);
  const std::chrono::days literal(deadline.literal);
  switch (deadline.from) {
    case DeadlineFrom::cycles:
    case DeadlineFrom::months:
      return DeadlineDates{end_after(deadline.safe), end_after(deadline.literal)};
    case DeadlineFrom::cycle_end: return DeadlineDates{end + safe, end + literal};
    case DeadlineFrom::incident:
      return DeadlineDates{incident.begin + safe, incident.end + literal};
    case DeadlineFrom::eligibility: return DeadlineDates{incident.begin + safe, end + literal};
  }
  return std::nullopt;
}

// One Error more costs least in the best sampled interval; in a ratio, of all Requests. The other
// families see no single Error.
std::optional<Ratio> smallest_loss(const Assessment& a, const Formula& formula) {
  if (a.totals.requests == 0) return std::nullopt;
  if (std::holds_alternative<RequestRatio>(formula))
    return Ratio::whole(1) / Ratio::whole(a.totals.requests);
  if (!std::holds_alternative<MeanOfIntervals>(formula)) return std::nullopt;
  std::uint64_t most = 0;
  for (const IntervalPart& part : a.parts) {
    if (part.state == IntervalState::measured) most = std::max(most, part.requests);
  }
  return Ratio(1, most) / Ratio::whole(a.parts.size());
}

Ratio budget_left(const Assessment& a, const Version& version) {
  const bool of_requests = std::holds_alternative<RequestRatio>(version.formula);
  return (a.uptime - version.commitment) *
         Ratio::whole(of_requests ? a.totals.requests : a.parts.size());
}

// How many intervals, from the first, get no Request any more.
std::size_t closed_parts(const Assessment& a, Instant now) {
  std::size_t closed = 0;
  while (closed < a.parts.size() && a.interval_at(closed).end + kClosedAfter <= now) ++closed;
  return closed;
}

// Whether the commitment is missed though everything that is not closed turns out best. More
// Requests without an Error lift an interval that is open as near to 100 % as one likes, and a
// ratio of Requests as a whole; a closed interval, or a run of them, stays as it is.
bool breach_certain(const Assessment& a, const Version& version, std::size_t closed) {
  if (a.met) return false;
  if (closed == a.parts.size()) return true;
  if (std::holds_alternative<RequestRatio>(version.formula)) return false;
  Parts best = a.parts;
  for (std::size_t i = closed; i < best.size(); ++i) best[i].state = IntervalState::ahead;
  return uptime_of(version.formula, best, Reading::as_measured) < version.commitment;
}

}  // namespace

std::string_view to_text(IntervalState state) {
  switch (state) {
    case IntervalState::measured: return "measured";
    case IntervalState::silent: return "silent";
    case IntervalState::excluded: return "excluded";
    case IntervalState::ahead: return "ahead";
  }
  return "";
}

std::string to_text(const UncountedOutcome& uncounted) {
  const std::string times =
      uncounted.count == 1 ? "once" : fmt::format("{} times", uncounted.count);
  return fmt::format("{} came {}; {}", to_text(uncounted.outcome), times, uncounted.clause);
}

Interval Assessment::interval_at(std::size_t index) const {
  const Instant begin = cycle.span.begin + static_cast<int>(index) * interval;
  return {begin, std::min<Instant>(begin + interval, cycle.span.end)};
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

Assessment assess(const Version& version, const Zone& zone, const Cycle& cycle,
                  const Tallies& tallies, const std::vector<ExclusionWindow>& exclusions,
                  Instant now) {
  assert(tallies.check_total());
  // Counts by outcome become Requests and Errors by interval.
  const std::chrono::minutes interval = version.interval();
  Parts parts = grid(cycle.span, interval);
  const std::vector<Classified> judged = judge_all(version, tallies);
  const std::vector<Verdict> verdicts = verdicts_of(judged);
  add_rows(parts, verdicts, cycle.span, interval, tallies);
  const auto* ratio = std::get_if<RequestRatio>(&version.formula);
  if (ratio != nullptr && ratio->repeats.count() > 0) {
    leave_out_repeats(parts, verdicts, cycle.span, interval, tallies, ratio->repeats);
  }
  add_gaps(parts, cycle.span, interval, tallies.gaps());
  Assessment a = assess_parts(version, zone, cycle, std::move(parts),
                              probes_of(tallies, cycle.span), exclusions, now);
  a.uncounted = uncounted_of(judged, tallies, cycle.span);
  return a;
}

// Nothing is counted any more: the states, the formula, the tiers, the dates.
Assessment assess_parts(const Version& version, const Zone& zone, const Cycle& cycle,
                        std::vector<IntervalPart> parts, const ProbesDue& probes,
                        const std::vector<ExclusionWindow>& exclusions, Instant now) {
  Assessment a;
  a.cycle = cycle;
  a.complete = now >= cycle.span.end;
  a.interval = version.interval();
  a.parts = std::move(parts);
  a.probes = probes;
  set_states(a, exclusions, now);
  weigh_exclusions(a, version, exclusions, now);
  mark_lost(version.formula, a.parts);
  a.totals = add_up(a.parts);
  a.uptime = uptime_of(version.formula, a.parts, Reading::as_measured);
  const bool sure = a.totals.missed == 0;
  a.lower = sure ? a.uptime : uptime_of(version.formula, a.parts, Reading::at_worst);
  a.upper = sure ? a.uptime : uptime_of(version.formula, a.parts, Reading::at_best);
  a.met = a.uptime >= version.commitment;
  a.tier = tier_of(version, a.uptime);
  a.deadline = deadline_of(a, version, zone);
  a.smallest_loss = smallest_loss(a, version.formula);
  a.budget_left = budget_left(a, version);
  const std::size_t closed = closed_parts(a, now);
  a.closed_until = closed == 0 ? cycle.span.begin : a.interval_at(closed - 1).end;
  a.breach_certain = breach_certain(a, version, closed);
  return a;
}

Totals add_up(std::span<const IntervalPart> parts) {
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
    if (!part.below_100()) continue;
    ++totals.below_100;
    totals.errors_below_100 += part.errors;
  }
  return totals;
}

}  // namespace recoup::core
