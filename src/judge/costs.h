#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "core/classify.h"
#include "core/figures.h"
#include "judge/judge.h"
#include "judge/runs.h"

namespace recoup::judge {

// A day or a month of the contract's zone.
using Period = std::variant<core::Date, core::Month>;

// CostlyInterval is an interval that takes from the Monthly Uptime Percentage.
struct CostlyInterval {
  std::size_t index = 0;  // of the assessment's parts
  core::Interval span;
  core::Ratio cost;                 // of the month's uptime, as a fraction of 1
  core::Outcome mostly;             // what most of its Errors came to
  std::uint64_t mostly_errors = 0;  // how many did
  std::optional<Run> run;           // the Downtime Period it belongs to
};

// OutcomeCost is what requests of one outcome came to in the period.
struct OutcomeCost {
  core::Outcome outcome;
  std::uint64_t count = 0;     // as seen, those of excluded intervals among them
  std::uint64_t excluded = 0;  // how many of them were in excluded intervals: they count as nothing
  core::Classified counts_as;
  core::Ratio cost;  // of the month's uptime, as a fraction of 1
};

// Costs is where a month's loss comes from, in the month or in one day of it.
struct Costs {
  core::Judgement judgement;  // of the month
  Period period;
  core::Interval span;    // the period, as far as the service was used
  std::size_t first = 0;  // of the assessment's parts: those that begin in the period
  std::size_t end = 0;    // not included
  core::Totals totals;    // of these intervals

  core::Ratio loss;        // what they take from the month's uptime, as a fraction of 1
  core::Ratio month_loss;  // what the whole month lost
  core::Ratio budget;      // what it may lose before the commitment is not met
  std::vector<CostlyInterval> intervals;          // the costliest first, not more than asked for
  std::vector<OutcomeCost> outcomes;              // all, the costliest first
  std::vector<core::ExclusionWindow> exclusions;  // that touch the period

  // `part` of what the month lost, and of what it may lose; nothing where that is nothing.
  std::optional<core::Ratio> share_of_loss(const core::Ratio& part) const {
    return core::share_of(part, month_loss);
  }
  std::optional<core::Ratio> share_of_budget(const core::Ratio& part) const {
    return core::share_of(part, budget);
  }
};

// Finds the `top` intervals of the period that cost most, from all that the ledger has of its
// month. A day in which the service was not used is an error.
core::Result<Costs> costs(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                          const Period& period, std::size_t top, core::Instant now);

}  // namespace recoup::judge
