#include "sources/logs/sight.h"

#include <algorithm>

#include "sources/logs/format.h"
#include "sources/query/query.h"

namespace recoup::sources {
namespace {

constexpr std::string_view kProbes = "probe";

constexpr Sight kOfProbes{
    "Probes see their own requests alone, and nothing of those that others made."};
// By the documentation of KMS, which said until 2023 that all failed calls were logged.
constexpr Sight kOfTrails{
    "CloudTrail logs calls that failed \"in some scenarios\", by AWS's documentation: its Errors "
    "are "
    "the least there were.",
    kInTrail};
constexpr Sight kOfQueries{
    "A query counts what its engine has: Requests that were not written there are missing."};
constexpr Sight kOfPrometheus{
    "Prometheus samples counters: what a counter grew by in a minute is estimated between samples, "
    "and a status that was never counted before begins with its second Request at the earliest.",
    kAnywhere, true};
constexpr Sight kOfOthers{"A log has only what went through whatever wrote it."};

}  // namespace

const Sight& sight_of(std::string_view kind) {
  if (kind == kProbes) return kOfProbes;
  if (kind == kTrailFormat) return kOfTrails;
  if (kind == to_text(QueryEngine::prometheus)) return kOfPrometheus;
  if (std::find(kQueryEngines.begin(), kQueryEngines.end(), kind) != kQueryEngines.end()) {
    return kOfQueries;
  }
  const Format* format = find_format(kind);
  return format == nullptr ? kOfOthers : format->sight;
}

bool see_the_same(std::string_view one, std::string_view other) {
  return (sight_of(one).places & sight_of(other).places) == 0;
}

bool surely_see_the_same(std::string_view one, std::string_view other) {
  return (sight_of(one).places | sight_of(other).places) == (kAtClient | kInTrail);
}

}  // namespace recoup::sources
