#include "core/compare.h"

#include "core/assess.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup;

namespace {

const core::Cycle kOctober = core::cycle_of(std::chrono::year(2026) / 10, core::Zone::utc());

// The interval's begin.
core::Instant begin_of(int interval) {
  return kOctober.span.begin + interval * std::chrono::minutes(5);
}

// Requests and Errors of an interval.
struct Seen {
  int interval;
  std::uint64_t served;
  std::uint64_t errors;
};

core::Assessment assessed(const std::vector<Seen>& all,
                          const std::vector<core::ExclusionWindow>& exclusions = {}) {
  core::Tallies tallies;
  for (const Seen& one : all) {
    tallies.add(core::minute_of(begin_of(one.interval)), core::Answered{200}, one.served);
    tallies.add(core::minute_of(begin_of(one.interval)), core::Answered{503}, one.errors);
  }
  return core::assess(test::kms_like(), core::Zone::utc(), kOctober, tallies, exclusions,
                      kOctober.span.end + std::chrono::hours(1));
}

core::Assessment with(const core::Assessment& counted, const core::Assessment& other) {
  core::Assessment a = counted;
  a.logged = counted.parts;
  a.comparisons = {core::compare("other", a.logged, other)};
  return a;
}

}  // namespace

TEST_CASE("two logs are alike where both saw as many Requests and as many Errors") {
  const auto a = with(assessed({{1, 10, 0}, {2, 10, 2}, {3, 5, 0}, {4, 6, 1}}),
                      assessed({{1, 10, 0}, {2, 10, 2}, {3, 4, 1}, {9, 7, 3}}));
  const core::Comparison& c = a.comparisons.front();
  CHECK(c.alike == 2);
  CHECK(c.differing == 1);
  CHECK(c.only_counted == 1);
  CHECK(c.only_compared == 1);
  CHECK(c.intervals() == 5);
  CHECK(c.counted.requests == 34);
  CHECK(c.counted.errors == 3);
  CHECK(c.compared.requests == 37);
  CHECK(c.compared.errors == 6);
  CHECK(c.more_errors == 4);  // 1 in the third, 3 in the ninth; what it lacks in the fourth is none
}

TEST_CASE("what one log alone would give is the uptime of its own Requests") {
  const auto other = assessed({{1, 0, 10}, {2, 0, 10}});
  const auto a = with(assessed({{1, 10, 0}, {2, 10, 0}}), other);
  const core::Comparison& c = a.comparisons.front();
  CHECK(a.met);
  CHECK_FALSE(c.met);
  REQUIRE(c.uptime);
  CHECK(*c.uptime == core::Ratio(8926, 8928));
  CHECK(c.tier == 0U);
  CHECK_FALSE(with(other, assessed({})).comparisons.front().uptime);
}

TEST_CASE("excluded intervals are compared with nothing") {
  const std::vector<core::ExclusionWindow> excluded{{{begin_of(1), begin_of(2)}, "ours"}};
  const auto a = with(assessed({{1, 10, 0}, {2, 10, 0}}, excluded),
                      assessed({{1, 0, 10}, {2, 10, 0}}, excluded));
  CHECK(a.comparisons.front().intervals() == 1);
  CHECK(a.comparisons.front().alike == 1);
  CHECK(core::differences(a, a.comparisons.front()).empty());
}

TEST_CASE("differences are all there by time, and the gravest come first where few are shown") {
  const auto a = with(assessed({{1, 10, 0}, {2, 10, 0}, {3, 10, 5}, {4, 10, 0}}),
                      assessed({{1, 11, 0}, {2, 13, 0}, {3, 10, 4}, {4, 10, 0}}));
  const auto all = core::differences(a, a.comparisons.front());
  REQUIRE(all.size() == 3);
  CHECK(all[0].span == core::Interval{begin_of(1), begin_of(2)});
  CHECK(all[2].counted.errors == 5);
  CHECK(all[2].compared.errors == 4);
  const auto worst = core::worst(all, 2);
  REQUIRE(worst.size() == 2);
  CHECK(worst[0].span.begin == begin_of(3));  // an Error weighs more than any Requests
  CHECK(worst[1].span.begin == begin_of(2));
}
