#include "core/counts.h"

#include <random>

#include "core/assess.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

const Cycle kApril = cycle_of(std::chrono::year(2026) / 4, Zone::utc());

// What two series saw in the span, at random; the second series comes after all of the first.
Tallies seen_in(const Interval& span, std::mt19937& random) {
  Tallies tallies;
  const std::vector<Outcome> outcomes{Answered{200},
                                      Answered{503},
                                      Answered{503, "SlowDown"},
                                      Answered{501},
                                      Failed{NoAnswer::timeout},
                                      Missed{NotSent::late}};
  for (int series = 0; series < 2; ++series) {
    for (Minute minute = minute_of(span.begin); minute < span.end; minute += 1min) {
      if (random() % 3 == 0) continue;
      tallies.add(minute, outcomes[random() % outcomes.size()], random() % 20);
    }
    tallies.add_sent(random() % 1000);
  }
  if (random() % 2 == 0) tallies.add_gap({{span.begin + 10s, span.end - 10s}, 7s});
  return tallies;
}

void check_same(const Assessment& a, const Assessment& b) {
  CHECK(a.parts.unpacked() == b.parts.unpacked());
  CHECK(a.uptime == b.uptime);
  CHECK(a.lower == b.lower);
  CHECK(a.probes.sent == b.probes.sent);
  CHECK(a.probes.missed == b.probes.missed);
  REQUIRE(a.uncounted.outcomes.size() == b.uncounted.outcomes.size());
  for (std::size_t i = 0; i < a.uncounted.outcomes.size(); ++i) {
    CHECK(a.uncounted.outcomes[i].outcome == b.uncounted.outcomes[i].outcome);
    CHECK(a.uncounted.outcomes[i].count == b.uncounted.outcomes[i].count);
  }
}

}  // namespace

TEST_CASE("what is counted bit by bit and packed is what is counted at once") {
  std::mt19937 random(11);
  for (const Formula& formula :
       {Formula(MeanOfIntervals{5min}), Formula(DowntimeRuns{Ratio(1, 10), 2min, 0}),
        Formula(RequestRatio{}), Formula(RequestRatio{3min})}) {
    INFO("formula " << formula.index());
    Version version = recoup::test::kms_like();
    version.formula = formula;
    Counts packed(version, kApril.span);
    Tallies all;
    const Instant end = kApril.span.begin + 20h;
    for (Instant at = kApril.span.begin; at < end;) {
      const Interval span{at, std::min<Instant>(end, at + std::chrono::minutes(1 + random() % 90))};
      const Tallies part = seen_in(span, random);
      packed.add(part);
      packed.pack();
      all.merge(part);
      at = span.end;
    }
    const Instant now = end + 1h;
    check_same(assess(version, Zone::utc(), kApril, packed, {}, now),
               assess(version, Zone::utc(), kApril, all, {}, now));
  }
}

TEST_CASE("counts that add up to more than can be held are refused, however they are added") {
  const Version version = recoup::test::kms_like();
  Counts counts(version, kApril.span);
  Tallies half;
  half.add(minute_of(kApril.span.begin), Answered{200}, kMostCounted / 2 + 1);
  counts.add(half);
  CHECK(counts.check_total().ok());
  counts.add(half);
  CHECK_FALSE(counts.check_total().ok());
}
