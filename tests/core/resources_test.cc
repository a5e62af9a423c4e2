// Time that a contract sums over several resources, each of which has counts of its own.
#include "core/assess.h"
#include "core/weights.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

const Cycle kApril = cycle_of(std::chrono::year(2026) / 4, Zone::utc());
constexpr std::uint64_t kMinutes = 30 * 1440;

Version three_vaults() {
  Version version = recoup::test::kms_like();
  version.formula = AllFailed{1min};
  version.commitment = Ratio(999, 1000);
  version.error.needs_request_id.clear();
  version.summed_over = "key vaults";
  version.resources = {"a", "b", "c"};
  return version;
}

Minute minute(int of_month) { return minute_of(kApril.span.begin + of_month * 1min); }

Assessment judged(const Version& version, const Tallies& tallies,
                  const std::vector<ExclusionWindow>& exclusions = {},
                  Instant now = kApril.span.end + 1h) {
  return assess(version, Zone::utc(), kApril, tallies, exclusions, now);
}

}  // namespace

TEST_CASE("what each of several resources loses adds up, also in one and the same minute") {
  const Version version = three_vaults();
  Tallies tallies;
  for (const int at : {10, 11}) tallies.add(minute(at), Answered{503}, 4, "a");
  tallies.add(minute(11), Answered{503}, 3, "b");
  // Those that answer elsewhere do not save a minute in which one does not.
  tallies.add(minute(10), Answered{200}, 900, "b");
  const Assessment a = judged(version, tallies);
  CHECK(a.counted == 3 * kMinutes);
  CHECK(a.uptime == Ratio(3 * kMinutes - 3, 3 * kMinutes));
  CHECK(a.totals.below_100 == 3);
  CHECK(a.totals.errors_below_100 == 11);
  CHECK(a.totals.requests == 911);
  CHECK(a.parts[11].lost == 2);
  CHECK(a.parts[11].requests == 7);
  REQUIRE(a.resources.size() == 3);
  CHECK(a.resources[0].totals.below_100 == 2);
  CHECK(a.resources[1].totals.below_100 == 1);
  CHECK(a.resources[1].totals.requests == 903);
  CHECK_FALSE(a.resources[2].is_measured());
  // A resource of which nothing is known counts as available; so does what an exclusion touches.
  const Interval first{kApril.span.begin + 10min, kApril.span.begin + 11min};
  CHECK(judged(version, tallies, {{first, "ours"}}).uptime ==
        Ratio(3 * kMinutes - 2, 3 * kMinutes));
}

TEST_CASE("what a minute costs is as much as resources lost it, and together what the month lost") {
  const Version version = three_vaults();
  Tallies tallies;
  tallies.add(minute(5), Answered{503}, 4, "a");
  tallies.add(minute(5), Answered{503}, 2, "b");
  tallies.add(minute(6), Answered{503}, 1, "c");
  const Assessment a = judged(version, tallies);
  const Weights weights(version.formula, a);
  CHECK(weights.cost(a.parts[5]) == Ratio(2, 3 * kMinutes));
  Weights::Sum sum(weights);
  for (const auto& [i, part] : a.parts) sum.add(part, part.errors);
  CHECK(sum.total() == Ratio(1, 1) - a.uptime);
}

TEST_CASE("a miss is unsure for the resource that it is of alone") {
  const Version version = three_vaults();
  Tallies tallies;
  tallies.add(minute(1), Answered{200}, 1, "a");
  tallies.add(minute(2), Missed{NotSent::late}, 1, "b");
  tallies.add_gap(
      {{kApril.span.begin + 3min, kApril.span.begin + 4min}, 1min, NotSent::stopped, "c"});
  const Assessment a = judged(version, tallies);
  CHECK(a.uptime == Ratio(1, 1));
  CHECK(a.lower == Ratio(3 * kMinutes - 2, 3 * kMinutes));
  CHECK(a.resources[1].totals.missed == 1);
  CHECK(a.resources[2].totals.missed == 1);
}

TEST_CASE("a source that names no resource is one of them, until another one names its own") {
  const Version version = three_vaults();
  Tallies tallies;
  tallies.add(minute(1), Answered{503}, 2);
  const Assessment before = judged(version, tallies);
  CHECK(before.uptime == Ratio(3 * kMinutes - 1, 3 * kMinutes));
  CHECK(before.resources.empty());
  CHECK(before.unnamed == 0);
  tallies.add(minute(7), Answered{503}, 1, "b");
  tallies.add(minute(8), Answered{503}, 1, "removed");
  const Assessment after = judged(version, tallies);
  CHECK(after.uptime == Ratio(3 * kMinutes - 1, 3 * kMinutes));
  CHECK(after.unnamed == 3);
  CHECK(after.totals.requests == 1);
}

TEST_CASE("counts that are added bit by bit and packed give the same of each resource") {
  const Version version = three_vaults();
  Tallies all;
  Counts counts(version, kApril.span);
  for (int at = 0; at < 300; ++at) {
    Tallies some;
    some.add(minute(at), Answered{at % 7 == 0 ? 503 : 200}, 3, "a");
    if (at > 100) some.add(minute(at), Answered{at % 11 == 0 ? 503 : 200}, 2, "b");
    all.merge(some);
    counts.add(some);
    counts.pack();
  }
  const Assessment one = judged(version, all);
  const Assessment other = assess(version, Zone::utc(), kApril, counts, {}, kApril.span.end + 1h);
  CHECK(one.uptime == other.uptime);
  CHECK(one.totals.below_100 == other.totals.below_100);
  CHECK(one.resources[1].totals.below_100 == other.resources[1].totals.below_100);
  // Judged anew from what an assessment keeps.
  const Assessment again = assess_runs(version, Zone::utc(), kApril, one.by_resource(), one.probes,
                                       {}, kApril.span.end + 1h);
  CHECK(again.uptime == one.uptime);
  CHECK(again.resources.size() == 3);
}

TEST_CASE("a breach by several resources is certain once their closed minutes are enough") {
  Version version = three_vaults();
  Tallies tallies;
  for (int at = 0; at < 70; ++at) {
    tallies.add(minute(at), Answered{503}, 1, "a");
    tallies.add(minute(at), Answered{503}, 1, "b");
  }
  // 140 of 129,600 are more than a thousandth.
  CHECK(judged(version, tallies, {}, kApril.span.begin + 80min).breach_certain);
  CHECK_FALSE(judged(version, tallies, {}, kApril.span.begin + 40min).breach_certain);
}

TEST_CASE("an interval that is lost more than once is packed with how often") {
  IntervalPart part;
  part.requests = 9;
  part.errors = 9;
  part.lost = 300;
  part.state = IntervalState::measured;
  IntervalPart unseen = part;
  unseen.unseen = true;
  unseen.missed = 4;
  Intervals packed;
  packed.append(part, 3);
  packed.append(unseen);
  packed.append({}, 2);
  CHECK(packed[1] == part);
  CHECK(packed[3] == unseen);
  CHECK(packed[4] == IntervalPart());
}
