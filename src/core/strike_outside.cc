#include <algorithm>

#include "core/assess.h"
#include "core/judgement.h"
#include "core/provider_incidents.h"

namespace recoup::core {
namespace {

IntervalPart served(IntervalPart part) {
  part.errors = 0;
  part.reported_errors = 0;
  part.indirect_errors = 0;
  return part;
}

bool overlaps_one(const SeenIncidents& incidents, const Interval& interval) {
  return std::any_of(incidents.each.begin(), incidents.each.end(), [&](const SeenIncident& one) {
    return one.incident.span().overlaps(interval);
  });
}

// The intervals as if all that was lost outside the incidents had been served.
IntervalRuns served_outside(const IntervalRuns& counts, const Judgement& judgement) {
  const Assessment& a = judgement.assessment;
  IntervalRuns runs;
  for (const IntervalRun& run : counts) {
    if (!run.part.below_100()) {
      append(runs, run.part, run.count);
      continue;
    }
    for (std::size_t i = run.first; i < run.end(); ++i) {
      append(runs,
             overlaps_one(judgement.incidents, a.interval_at(i)) ? run.part : served(run.part));
    }
  }
  return runs;
}

}  // namespace

Strike strike_outside(const Judgement& judgement, Instant now) {
  const Assessment& a = judgement.assessment;
  ByResource each = a.by_resource();
  for (IntervalRuns& one : each) one = served_outside(one, judgement);
  const Assessment rest = assess_runs(*judgement.version, judgement.zone, a.cycle, each, a.probes,
                                      judgement.agreement.exclusions, now);
  return {Strike::Kind::outside, "all that was lost outside the provider's own incidents",
          rest.is_measured(), rest.uptime,
          rest.tier ? judgement.version->credits[*rest.tier].credit : Ratio()};
}

}  // namespace recoup::core
