#include "core/loss_runs.h"

#include <map>

#include "core/assess.h"
#include "core/figures.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

const Cycle kOfRuns = cycle_of(std::chrono::year(2026) / 4, Zone::utc());

// A month of which intervals met so many Errors of 10 Requests; none of those that are not named.
Assessment with_errors(const std::map<int, std::uint64_t>& errors) {
  Tallies tallies;
  for (const auto& [interval, failed] : errors) {
    const Minute at = minute_of(kOfRuns.span.begin + interval * 5min);
    tallies.add(at, Answered{200}, 10 - failed);
    if (failed > 0) tallies.add(at, Answered{503}, failed);
  }
  return assess(recoup::test::kms_like(), Zone::utc(), kOfRuns, tallies, {}, kOfRuns.span.end);
}

}  // namespace

TEST_CASE("neighbouring intervals that lose are one run, with all their Requests") {
  const Assessment a = with_errors({{0, 1}, {1, 0}, {2, 3}, {3, 10}, {5, 2}, {8639, 1}});
  const auto runs = loss_runs(a);
  REQUIRE(runs.size() == 4);
  const Instant begin = kOfRuns.span.begin;
  CHECK(runs[0].span == Interval{begin, begin + 5min});
  CHECK(runs[1].span == Interval{begin + 10min, begin + 20min});
  CHECK(runs[1].requests == 20);
  CHECK(runs[1].errors == 13);
  CHECK(runs[2].span == Interval{begin + 25min, begin + 30min});
  CHECK(runs[3].span.end == kOfRuns.span.end);
  CHECK(loss_runs(with_errors({{7, 0}})).empty());
}

TEST_CASE("what the runs take is all that the cycle lost") {
  const Version version = recoup::test::kms_like();
  const Assessment a = with_errors({{0, 1}, {2, 3}, {3, 10}, {5, 2}});
  Ratio sum;
  for (const LossRun& run : loss_runs(a)) sum += loss_in(run.span, version.formula, a);
  CHECK(sum == loss(a));
}
