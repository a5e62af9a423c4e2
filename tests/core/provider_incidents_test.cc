// How what was lost lies to what the provider itself told of: no figure comes of it.
#include "core/provider_incidents.h"

#include "core/assess.h"
#include "core/credit.h"
#include "core/judgement.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

const Cycle kOctober = cycle_of(std::chrono::year(2026) / 10, Zone::utc());
const Instant kBegin = kOctober.span.begin;
const Instant kAfterwards = kOctober.span.end + 1h;

// Intervals of five minutes in which every Request failed.
Judgement lost_in(const std::vector<int>& intervals) {
  Tallies tallies;
  for (const int interval : intervals) {
    tallies.add(minute_of(kBegin + interval * 5min), Answered{503}, 10);
  }
  Judgement judgement;
  Rule rule;
  rule.versions = {recoup::test::kms_like()};
  judgement.rule = std::make_shared<const Rule>(rule);
  judgement.version = version_of(judgement.rule, judgement.rule->versions.front());
  judgement.assessment =
      assess(*judgement.version, Zone::utc(), kOctober, tallies, {}, kAfterwards);
  judgement.credit = credit(*judgement.version, judgement.assessment, std::optional<Charge>());
  return judgement;
}

ProviderIncident incident(std::chrono::minutes from, std::chrono::minutes to) {
  ProviderIncident one;
  one.provider = "aws";
  one.id = "one";
  one.begin = kBegin + from;
  one.end = kBegin + to;
  return one;
}

}  // namespace

TEST_CASE("an incident without an end reaches as far as the provider's last word of it") {
  ProviderIncident one = incident(10min, 20min);
  CHECK(one.span() == Interval{kBegin + 10min, kBegin + 20min});
  one.end.reset();
  CHECK(one.span().contains(one.begin));
  CHECK(one.span().length() == 1ms);
  one.announced = kBegin + 12min;
  one.updated = kBegin + 30min;
  CHECK(one.span().end == kBegin + 30min);
  // An end at the begin is an instant, and no error.
  one.end = one.begin;
  CHECK(one.span().length() == 1ms);
}

TEST_CASE("what was said later of an incident holds, and of first words the first") {
  ProviderIncident known = incident(10min, 20min);
  known.number = 7;
  known.announced = kBegin + 15min;
  known.updated = kBegin + 20min;
  known.agreements = {"a"};
  ProviderIncident told = incident(8min, 25min);
  told.announced = kBegin + 16min;
  told.updated = kBegin + 40min;
  told.agreements = {"b", "a"};
  const ProviderIncident now = merged(known, told);
  CHECK(now.number == 7);
  CHECK(now.span() == told.span());
  CHECK(now.announced == known.announced);
  CHECK(now.agreements == std::vector<std::string>{"a", "b"});
  // A message that is older tells nothing new but an earlier first word.
  ProviderIncident older = incident(9min, 19min);
  older.updated = kBegin + 14min;
  older.announced = kBegin + 14min;
  const ProviderIncident again = merged(now, older);
  CHECK(again.span() == told.span());
  CHECK(again.announced == older.announced);
  CHECK(again.updated == told.updated);
}

TEST_CASE("lost intervals inside and outside of incidents are counted, each once") {
  const Judgement judgement = lost_in({10, 11, 12, 200});
  // From within the interval 11 up to the begin of the interval 12, which is not in it.
  const auto seen =
      see_incidents(judgement.assessment, {incident(58min, 60min), incident(50min, 57min),
                                           incident(-600min, -10min), incident(3000min, 3010min)});
  REQUIRE(seen.each.size() == 3);  // the one of September is none
  CHECK(seen.each[0].incident.begin == kBegin + 50min);
  CHECK(seen.each[0].inside == 2);
  CHECK(seen.each[1].inside == 1);
  CHECK(seen.each[2].inside == 0);
  CHECK_FALSE(seen.each[2].first_lost);
  CHECK(seen.inside == 2);
  CHECK(seen.outside == 2);
  CHECK(see_incidents(judgement.assessment, {}).empty());
}

TEST_CASE("the loss that an incident is part of may begin before the provider says it did") {
  // Twelve intervals are an hour: 22 is as near to 10 as one loss may be; 40 is another.
  const Judgement judgement = lost_in({2, 10, 23, 40});
  auto late = incident(117min, 130min);
  late.announced = kBegin + 121min;
  const auto seen = see_incidents(judgement.assessment, {late});
  REQUIRE(seen.each[0].inside == 1);
  CHECK(seen.each[0].first_lost == kBegin + 10min);
  CHECK(seen.each[0].ahead() == 111min);
  auto early = late;
  early.announced = kBegin + 4min;
  CHECK(see_incidents(judgement.assessment, {early}).each[0].ahead() == -6min);
  early.announced.reset();
  CHECK_FALSE(see_incidents(judgement.assessment, {early}).each[0].ahead());
}

TEST_CASE("what was lost outside the incidents is struck as if it had been served") {
  Judgement judgement = lost_in({10, 11, 300});
  judgement.incidents = see_incidents(judgement.assessment, {incident(50min, 60min)});
  const Strike strike = strike_outside(judgement, kAfterwards);
  CHECK(strike.kind == Strike::Kind::outside);
  CHECK(strike.measured);
  CHECK(strike.uptime == Ratio(8928 - 2, 8928));
  CHECK(strike.uptime > judgement.assessment.uptime);
  CHECK(strike.keeps(judgement.credit.share));
  judgement.incidents = see_incidents(judgement.assessment, {incident(3000min, 3010min)});
  CHECK(strike_outside(judgement, kAfterwards).uptime == Ratio(1, 1));
  CHECK_FALSE(strike_outside(judgement, kAfterwards).keeps(judgement.credit.share));
}
