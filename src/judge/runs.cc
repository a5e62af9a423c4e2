#include "judge/runs.h"

#include "core/figures.h"

namespace recoup::judge {
namespace {

using core::Ratio;

// What is lost is above: the formula has compared it already.
bool is_above(const core::IntervalPart& part, const Ratio& threshold) {
  return part.lost || (part.state == core::IntervalState::measured &&
                       core::error_rate(part.requests, part.errors) > threshold);
}

}  // namespace

std::optional<Run> run_of(const core::Formula& formula, const core::Assessment& assessment,
                          std::size_t index) {
  const auto* family = std::get_if<core::DowntimeRuns>(&formula);
  if (family == nullptr) return std::nullopt;
  Run run;
  bool holds = false;  // the interval
  for (const core::IntervalRun& alike : assessment.parts.runs()) {
    if (!is_above(alike.part, family->more_than)) {
      if (holds) break;
      run = {};
      continue;
    }
    if (run.minutes() == 0) run.first = alike.first;
    run.end = alike.end();
    run.requests += alike.part.requests * alike.count;
    run.errors += alike.part.errors * alike.count;
    // All of a Downtime Period is lost, and nothing of another run.
    run.downtime = alike.part.lost;
    holds = holds || (alike.first <= index && index < alike.end());
  }
  if (!holds) return std::nullopt;
  run.span = {assessment.interval_at(run.first).begin, assessment.interval_at(run.end - 1).end};
  return run;
}

}  // namespace recoup::judge
