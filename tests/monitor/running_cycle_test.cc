#include "monitor/running_cycle.h"

#include <random>

#include "config/settings.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

config::AgreementSettings settings() {
  core::Rule rule;
  rule.id = "kms-like";
  rule.versions = {test::kms_like()};
  config::AgreementSettings settings;
  settings.agreement.id = "a";
  settings.rule = std::make_shared<const core::Rule>(rule);
  return settings;
}

}  // namespace

TEST_CASE("refreshing again and again gives what judging the whole month at once gives") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", ledger::SeriesKind::probe, "p", "here"});
  const auto agreement = settings();
  monitor::RunningCycle cycle(agreement);
  std::mt19937 random(3);
  core::Instant now = *core::parse_instant("2026-10-30T23:00:00Z");
  for (int turn = 0; turn < 300; ++turn) {
    now += std::chrono::seconds(random() % 900);  // through the month's end
    ledger::Batch batch;
    const auto minute = core::minute_of(now - std::chrono::seconds(random() % 100));
    batch.minutes.push_back(
        {series,
         minute,
         {{core::Answered{200}, 1 + random() % 60}, {core::Answered{503}, random() % 3}}});
    if (turn % 20 == 0) batch.gaps.push_back({series, {{now - 100s, now - 20s}, 3s}});
    REQUIRE(ledger->write(batch).ok());

    const auto refreshed = cycle.refresh(*ledger, now);
    REQUIRE(refreshed.ok());
    const auto judged = monitor::judge(*ledger, agreement, *monitor::month_at(agreement, now), now);
    REQUIRE(judged.ok());
    INFO("turn " << turn << " at " << core::to_text(now));
    CHECK((*refreshed)->assessment.cycle.month == judged->assessment.cycle.month);
    CHECK((*refreshed)->assessment.uptime == judged->assessment.uptime);
    CHECK((*refreshed)->assessment.lower == judged->assessment.lower);
    CHECK((*refreshed)->assessment.totals.requests == judged->assessment.totals.requests);
  }
}

TEST_CASE(
    "a month before the oldest version of the contract cannot be judged, and the error says since "
    "when") {
  const auto bench = monitor::bench_for(settings(), std::chrono::year(2020) / 1);
  REQUIRE_FALSE(bench.ok());
  CHECK(bench.error().help == "the oldest known version is effective since 2022-11-29");
}

TEST_CASE("a gap that lies on both sides of what is closed is counted once") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", ledger::SeriesKind::probe, "p", "here"});
  const auto agreement = settings();
  core::Instant now = *core::parse_instant("2026-10-30T00:05:26.147Z");
  ledger::Batch batch;
  batch.gaps.push_back({series, {{now - 18min, now}, 250ms}});
  REQUIRE(ledger->write(batch).ok());
  monitor::RunningCycle cycle(agreement);
  for (int turn = 0; turn < 100; ++turn, now += 5s) {
    const auto refreshed = cycle.refresh(*ledger, now);
    REQUIRE(refreshed.ok());
    INFO(core::to_text(now));
    CHECK((*refreshed)->assessment.totals.missed == 18 * 60 * 4);
  }
}
