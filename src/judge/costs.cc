#include "judge/costs.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/assess.h"
#include "core/figures.h"
#include "core/weights.h"
#include "judge/outcome_counts.h"

namespace recoup::judge {
namespace {

using core::Error;
using core::Instant;
using core::Interval;
using core::Ratio;
using core::Result;

core::Month month_of(const Period& period) {
  if (const auto* day = std::get_if<core::Date>(&period)) return day->year() / day->month();
  return std::get<core::Month>(period);
}

// The period in its month's cycle.
Result<Interval> span_of(const Period& period, const CycleTerms& terms,
                         const std::string& agreement) {
  const Interval& cycle = terms.cycle.span;
  const auto* day = std::get_if<core::Date>(&period);
  if (day == nullptr) return cycle;
  const core::Date next(std::chrono::sys_days(*day) + std::chrono::days(1));
  const Interval whole{terms.zone.begin_of(*day), terms.zone.begin_of(next)};
  if (!whole.overlaps(cycle)) {
    return Error{
        fmt::format("expected a day from {} to {}, in which the service was used, got {}",
                    core::to_text(cycle.begin), core::to_text(cycle.end), core::to_text(*day)),
        agreement};
  }
  return Interval{std::max(whole.begin, cycle.begin), std::min(whole.end, cycle.end)};
}

// The first interval that does not begin before the instant.
std::size_t index_from(const core::Assessment& a, core::Instant at) {
  const core::Millis interval = a.interval;
  return static_cast<std::size_t>((at - a.cycle.span.begin + interval - core::Millis(1)) /
                                  interval);
}

// One outcome's tallies alone.
core::Tallies only(const core::Tallies& all, const core::Outcome& outcome) {
  core::Tallies one;
  const std::uint32_t index = one.intern(outcome);
  std::vector<std::uint32_t> of;
  for (const std::string& name : all.resources()) of.push_back(one.intern_resource(name));
  const auto& outcomes = all.outcomes();
  const auto wanted = std::find(outcomes.begin(), outcomes.end(), outcome) - outcomes.begin();
  for (const auto& row : all.rows()) {
    if (row.outcome == wanted) one.add_row({row.minute, index, row.count, of[row.resource]});
  }
  return one;
}

// Weighing puts what the intervals and the outcomes of a period cost into `costs`.
class Weighing {
 public:
  Weighing(Costs& costs, const core::Tallies& tallies)
      : costs_(costs),
        tallies_(tallies),
        a_(costs.judgement.assessment),
        parts_(a_.parts.unpacked()),
        weights_(costs.judgement.version->formula, a_) {}

  void run(std::size_t top) {
    add_sums();
    add_outcomes();
    keep_costliest(top);
  }

 private:
  void add_sums() {
    core::Weights::Sum sum(weights_);
    for (std::size_t i = costs_.first; i < costs_.end; ++i) {
      const core::IntervalPart& part = parts_[i];
      costs_.totals.add(part);
      if (!part.lost) continue;
      sum.add(part, part.errors);
      costs_.intervals.push_back({i, a_.interval_at(i), weights_.cost(part), {}, 0, {}});
    }
    costs_.loss = sum.total();
    costs_.month_loss = core::loss(a_);
    costs_.budget = core::allowed_loss(*costs_.judgement.version);
  }

  void add_outcomes() {
    const core::Version& version = *costs_.judgement.version;
    const auto excluded = excluded_counts();
    for (const auto& [outcome, count] : outcome_counts(tallies_, costs_.span)) {
      OutcomeCost one{outcome, count, 0, core::classify(version, outcome), {}};
      const auto taken_out = excluded.find(outcome);
      if (taken_out != excluded.end()) one.excluded = taken_out->second;
      if (one.counts_as.verdict == core::Verdict::error) one.cost = add_errors(outcome);
      costs_.outcomes.push_back(std::move(one));
    }
    std::sort(costs_.outcomes.begin(), costs_.outcomes.end(), [](const auto& x, const auto& y) {
      if (x.cost != y.cost) return x.cost > y.cost;
      return x.count != y.count ? x.count > y.count : x.outcome < y.outcome;
    });
  }

  // How many of each outcome were in intervals that an exclusion touches.
  std::map<core::Outcome, std::uint64_t> excluded_counts() const {
    std::map<core::Outcome, std::uint64_t> counts;
    if (costs_.totals.excluded == 0) return counts;
    const Instant begin = a_.cycle.span.begin;
    for (const auto& row : tallies_.rows()) {
      if (!costs_.span.contains(row.minute) || row.minute < begin) continue;
      const auto index = static_cast<std::size_t>((Instant(row.minute) - begin) / a_.interval);
      if (parts_[index].state != core::IntervalState::excluded) continue;
      counts[tallies_.outcomes()[row.outcome]] += row.count;
    }
    return counts;
  }

  // What an outcome's Errors cost. Judged alone, they are those of it that count: repeats are left
  // out.
  Ratio add_errors(const core::Outcome& outcome) {
    const core::Judgement& judgement = costs_.judgement;
    const auto alone = core::assess(*judgement.version, judgement.zone, a_.cycle,
                                    only(tallies_, outcome), {}, a_.cycle.span.end)
                           .parts.unpacked();
    core::Weights::Sum sum(weights_);
    for (CostlyInterval& interval : costs_.intervals) {
      const std::uint64_t errors = alone[interval.index].errors;
      sum.add(parts_[interval.index], errors);
      if (errors > interval.mostly_errors) {
        interval.mostly = outcome;
        interval.mostly_errors = errors;
      }
    }
    return sum.total();
  }

  void keep_costliest(std::size_t top) {
    const auto costlier = [&](const CostlyInterval& x, const CostlyInterval& y) {
      if (x.cost != y.cost) return x.cost > y.cost;
      const std::uint64_t x_errors = parts_[x.index].errors;
      const std::uint64_t y_errors = parts_[y.index].errors;
      return x_errors != y_errors ? x_errors > y_errors : x.index < y.index;
    };
    auto& intervals = costs_.intervals;
    const auto kept =
        intervals.begin() + static_cast<std::ptrdiff_t>(std::min(top, intervals.size()));
    std::partial_sort(intervals.begin(), kept, intervals.end(), costlier);
    intervals.erase(kept, intervals.end());
    for (CostlyInterval& one : intervals) {
      one.run = run_of(costs_.judgement.version->formula, a_, one.index);
    }
  }

  Costs& costs_;
  const core::Tallies& tallies_;
  const core::Assessment& a_;
  const std::vector<core::IntervalPart> parts_;
  core::Weights weights_;
};

}  // namespace

Result<Costs> costs(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                    const Period& period, std::size_t top, core::Instant now) {
  const std::string& agreement = settings.agreement.id;
  const auto terms = cycle_terms(settings, month_of(period));
  if (!terms) return terms.error();
  const auto span = span_of(period, *terms, agreement);
  if (!span) return span.error();
  const auto tallies = ledger.tallies(agreement, terms->cycle.span);
  if (!tallies) return tallies.error();
  const auto kept = ledger.exclusions(agreement);
  if (!kept) return kept.error();

  core::Counts counts(*terms->version, terms->cycle.span);
  counts.add(*tallies);
  Costs costs;
  costs.judgement =
      judgement_of(settings, *terms, counts, nullptr, *kept, std::optional<core::Charge>(), now);
  costs.period = period;
  costs.span = *span;
  costs.first = index_from(costs.judgement.assessment, span->begin);
  costs.end = index_from(costs.judgement.assessment, span->end);
  Weighing(costs, *tallies).run(top);
  for (const auto& window : costs.judgement.agreement.exclusions) {
    if (window.span.overlaps(costs.span)) costs.exclusions.push_back(window);
  }
  return costs;
}

}  // namespace recoup::judge
