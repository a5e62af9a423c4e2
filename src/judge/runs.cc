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
  const auto& parts = assessment.parts;
  if (family == nullptr || !is_above(parts[index], family->more_than)) return std::nullopt;
  Run run;
  run.first = run.end = index;
  while (run.first > 0 && is_above(parts[run.first - 1], family->more_than)) --run.first;
  while (run.end < parts.size() && is_above(parts[run.end], family->more_than)) ++run.end;
  run.span = {assessment.interval_at(run.first).begin, assessment.interval_at(run.end - 1).end};
  for (std::size_t i = run.first; i < run.end; ++i) {
    run.requests += parts[i].requests;
    run.errors += parts[i].errors;
  }
  run.downtime = parts[index].lost;
  return run;
}

}  // namespace recoup::judge
