#include "core/loss_runs.h"

namespace recoup::core {

std::vector<LossRun> loss_runs(const Assessment& assessment) {
  std::vector<LossRun> found;
  for (const IntervalRun& run : assessment.parts.runs()) {
    if (!run.part.below_100()) continue;
    const Instant begin = assessment.interval_at(run.first).begin;
    const Instant end = assessment.interval_at(run.end() - 1).end;
    if (found.empty() || found.back().span.end != begin) found.push_back({{begin, begin}});
    found.back().span.end = end;
    found.back().requests += run.part.requests * run.count;
    found.back().errors += run.part.errors * run.count;
  }
  return found;
}

}  // namespace recoup::core
