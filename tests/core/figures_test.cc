#include "core/figures.h"

#include "core/assess.h"
#include "core/burn.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

const Cycle kApril = cycle_of(std::chrono::year(2026) / 4, Zone::utc());  // 8,640 intervals

// A month of which the first intervals met so many Errors of 10 Requests.
Assessment month_of(const std::vector<std::uint64_t>& errors, Instant now,
                    const Version& version = recoup::test::kms_like()) {
  Tallies tallies;
  Minute at = minute_of(kApril.span.begin);
  for (const std::uint64_t failed : errors) {
    tallies.add(at, Answered{200}, 10 - failed);
    tallies.add(at, Answered{503}, failed);
    at += 5min;
  }
  return assess(version, Zone::utc(), kApril, tallies, {}, now);
}

}  // namespace

TEST_CASE("the Availability is what did not fail, and nothing where no Request was made") {
  CHECK(availability(3, 1) == Ratio(2, 3));
  CHECK(error_rate(3, 1) == Ratio(1, 3));
  CHECK(availability(7, 7) == Ratio());
  CHECK_FALSE(availability(0, 0));
  CHECK_FALSE(error_rate(0, 0));
  CHECK(availability(IntervalPart{4, 1}) == Ratio(3, 4));
  CHECK_FALSE(availability(IntervalPart{}));
}

TEST_CASE("an error rate in millionths is cut, and holds for any counts") {
  CHECK(error_millionths(3, 2) == 666'666);
  CHECK(error_millionths(0, 0) == 0);
  CHECK(error_millionths(kMostCounted, kMostCounted) == 1'000'000);
}

TEST_CASE("Errors are told among outcomes by the contract alone") {
  const Version version = recoup::test::kms_like();
  const std::vector<OutcomeCount> counts{
      {Answered{200}, 7}, {Answered{500}, 3}, {Answered{404}, 5}, {Answered{503}, 2}};
  CHECK(errors_among(version, counts) == 5);
  CHECK(errors_among(version, {}) == 0);
}

TEST_CASE("the last interval that is over is the one before the instant's") {
  const Instant begin = kApril.span.begin;
  const Assessment a = month_of({0, 5, 10}, begin + 20min);
  CHECK_FALSE(last_availability(a, begin + 5min - 1ms));
  CHECK(last_availability(a, begin + 5min) == Ratio(1, 1));
  CHECK(last_availability(a, begin + 14min) == Ratio(1, 2));
  CHECK(last_availability(a, begin + 15min) == Ratio());
  CHECK(last_availability(a, begin + 25min) == Ratio(1, 1));  // silent
  CHECK(last_availability(a, kApril.span.end + 24h) == Ratio(1, 1));
}

TEST_CASE("what is used of the budget and what is left are all of it together") {
  const Version version = recoup::test::kms_like();
  CHECK(allowed_loss(version) == Ratio(1, 100000));
  for (const std::uint64_t failed : {0, 1, 5, 10}) {
    INFO(failed);
    const Assessment a = month_of({failed}, kApril.span.end);
    const Ratio lost = Ratio::whole(failed) * Ratio(1, 10 * 8640);
    CHECK(loss(a) == lost);
    CHECK(budget_used(a, version) == lost * Ratio(100000, 1));
    CHECK(*budget_left(a, version) == Ratio(1, 1) - budget_used(a, version));
  }
}

TEST_CASE("where no loss is allowed, any loss is more than every share of one that is") {
  Version version = recoup::test::kms_like();
  version.commitment = Ratio(1, 1);
  const Assessment none = month_of({0}, kApril.span.end, version);
  const Assessment some = month_of({1}, kApril.span.end, version);
  CHECK(budget_used(none, version) == Ratio());
  CHECK(budget_used(some, version) > Ratio(8640, 1) * Ratio(100000, 1));
  CHECK_FALSE(budget_left(none, version));
  CHECK_FALSE(budget_left(some, version));
}

TEST_CASE("how much of a cycle was measured is a part of all its intervals") {
  CHECK(measured_share(month_of({0, 5, 10, 1}, kApril.span.end)) == Ratio(4, 8640));
  CHECK(measured_share(month_of({}, kApril.span.end)) == Ratio());
  CHECK_FALSE(measured_share(Assessment{}));
}

TEST_CASE("the uptime's terms give the uptime again, in every family") {
  for (const Formula& formula :
       {Formula(MeanOfIntervals{5min, Silent::available}),
        Formula(MeanOfIntervals{5min, Silent::left_out}), Formula(DowntimeRuns{Ratio(1, 10), 1min}),
        Formula(BadWindows{10min, Ratio(1, 10)}), Formula(AllFailed{5min}),
        Formula(RequestRatio{})}) {
    INFO(formula.index());
    Version version = recoup::test::kms_like();
    version.formula = formula;
    const Assessment a = month_of({0, 5, 10, 1}, kApril.span.end, version);
    const UptimeTerms terms = uptime_terms(formula, a);
    CHECK(share_of(terms.all - terms.lost, terms.all) == a.uptime);
    CHECK(terms.lost > Ratio());
  }
}

TEST_CASE("the loss in a span is that of the intervals that begin in it") {
  const Version version = recoup::test::kms_like();
  const Assessment a = month_of({5, 10, 1}, kApril.span.end);
  const Instant begin = kApril.span.begin;
  CHECK(loss_in(kApril.span, version.formula, a) == loss(a));
  CHECK(loss_in({begin + 1ms, begin + 10min}, version.formula, a) == Ratio(1, 8640));
  CHECK(loss_in({begin + 15min, begin + 24h}, version.formula, a) == Ratio());
}

TEST_CASE("an even share of what may be lost grows with the time that has passed") {
  const Version version = recoup::test::kms_like();
  const Burn burn = burn_of(version, Zone::utc(), month_of({5}, kApril.span.begin + 60h));
  REQUIRE(burn.days.size() == 3);
  CHECK(burn.days[0].even == Ratio(1, 30 * 100000));
  CHECK(burn.days[1].even == Ratio(2, 30 * 100000));
  CHECK(burn.days[2].end == kApril.span.begin + 60h);
  CHECK(burn.days[2].even == Ratio(5, 2 * 30 * 100000));
}
