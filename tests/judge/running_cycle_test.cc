#include "judge/running_cycle.h"

#include <malloc.h>

#include <random>

#include "config/settings.h"
#include "ledger/open.h"
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

judge::RunningCycle running(const config::AgreementSettings& settings) {
  return judge::RunningCycle(std::make_shared<const config::AgreementSettings>(settings));
}

const core::KnownCharge kNoCharge{std::optional<core::Charge>()};

// In bytes; 0 where a sanitizer allocates.
std::size_t allocated() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace

TEST_CASE("refreshing again and again gives what judging the whole month at once gives") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", record::SeriesKind::probe, "p", "here"});
  const auto agreement = settings();
  billing::Charges charges;
  auto cycle = running(agreement);
  std::mt19937 random(3);
  core::Instant now = *core::parse_instant("2026-10-30T23:00:00Z");
  for (int turn = 0; turn < 300; ++turn) {
    now += std::chrono::seconds(random() % 900);  // through the month's end
    record::Batch batch;
    const auto minute = core::minute_of(now - std::chrono::seconds(random() % 100));
    batch.minutes.push_back(
        {series,
         minute,
         {{core::Answered{200}, 1 + random() % 60}, {core::Answered{503}, random() % 3}}});
    if (turn % 20 == 0) batch.gaps.push_back({series, {{now - 100s, now - 20s}, 3s}});
    REQUIRE(ledger->write(batch).ok());

    const auto refreshed = cycle.refresh(*ledger, charges, now);
    REQUIRE(refreshed.ok());
    const auto judged =
        judge::judge(*ledger, agreement, *judge::month_at(agreement, now), kNoCharge, now);
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
  const auto terms = judge::cycle_terms(settings(), std::chrono::year(2020) / 1);
  REQUIRE_FALSE(terms.ok());
  CHECK(terms.error().help == "the oldest known version is effective since 2022-11-29");
}

TEST_CASE("a gap that lies on both sides of what is closed is counted once") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", record::SeriesKind::probe, "p", "here"});
  const auto agreement = settings();
  core::Instant now = *core::parse_instant("2026-10-30T00:05:26.147Z");
  record::Batch batch;
  batch.gaps.push_back({series, {{now - 18min, now}, 250ms}});
  REQUIRE(ledger->write(batch).ok());
  billing::Charges charges;
  auto cycle = running(agreement);
  for (int turn = 0; turn < 100; ++turn, now += 5s) {
    const auto refreshed = cycle.refresh(*ledger, charges, now);
    REQUIRE(refreshed.ok());
    INFO(core::to_text(now));
    CHECK((*refreshed)->assessment.totals.missed == 18 * 60 * 4);
  }
}

TEST_CASE("exclusions of the settings and of the ledger count together, and both are listed") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", record::SeriesKind::probe, "p", "here"});
  const core::Instant begin = *core::parse_instant("2026-10-03T10:00:00Z");
  const core::Instant now = begin + 1h;
  record::Batch batch;
  for (const auto minute : {0min, 5min}) {
    batch.minutes.push_back({series, core::minute_of(begin) + minute, {{core::Answered{503}, 1}}});
  }
  REQUIRE(ledger->write(batch).ok());
  auto agreement = settings();
  const core::ExclusionWindow of_settings{{begin, begin + 1min}, "in the settings"};
  const core::ExclusionWindow kept{{begin + 5min, begin + 6min}, "in the ledger"};
  agreement.agreement.exclusions = {of_settings};

  billing::Charges charges;
  auto cycle = running(agreement);
  CHECK((*cycle.refresh(*ledger, charges, now))->assessment.totals.below_100 == 1);
  REQUIRE(ledger->exclude("a", kept).ok());
  REQUIRE(ledger->exclude("b", {{begin + 7min, begin + 8min}, "of another agreement"}).ok());
  for (const auto& judgement :
       {**cycle.refresh(*ledger, charges, now + 1s),
        *judge::judge(*ledger, agreement, std::chrono::year(2026) / 10, kNoCharge, now)}) {
    CHECK(judgement.assessment.uptime == core::Ratio(1, 1));
    CHECK(judgement.agreement.exclusions == std::vector{of_settings, kept});
    REQUIRE(judgement.assessment.exclusions.size() == 2);
    CHECK(judgement.assessment.exclusions[1].uptime_without == core::Ratio(8927, 8928));
  }
  REQUIRE(ledger->remove_exclusion("a", kept.span).ok());
  CHECK((*cycle.refresh(*ledger, charges, now + 2s))->assessment.totals.below_100 == 1);
}

TEST_CASE("where the used time is the cycle, a service that is no longer used keeps its cycle") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  auto agreement = settings();
  core::Rule rule = *agreement.rule;
  rule.versions.front().part_month = core::PartMonth::used_time;
  agreement.rule = std::make_shared<const core::Rule>(rule);
  agreement.agreement.since = *core::parse_instant("2026-10-03T10:00:30Z");
  agreement.agreement.until = *core::parse_instant("2026-10-05T10:00:00Z");
  const auto terms = judge::cycle_terms(agreement, std::chrono::year(2026) / 10);
  REQUIRE(terms.ok());
  CHECK(core::to_text(terms->cycle.span.begin) == "2026-10-03T10:00:00Z");
  CHECK(terms->cycle.span.end == *agreement.agreement.until);
  CHECK(terms->cycle.in_part);

  billing::Charges charges;
  auto cycle = running(agreement);
  for (const char* now : {"2026-10-04T00:00:00Z", "2026-10-20T00:00:00Z", "2026-10-20T00:00:05Z"}) {
    INFO(now);
    const auto judgement = cycle.refresh(*ledger, charges, *core::parse_instant(now));
    REQUIRE(judgement.ok());
    CHECK((*judgement)->assessment.parts.size() == 2 * 288);
    CHECK((*judgement)->assessment.cycle.month == std::chrono::year(2026) / 10);
  }
}

TEST_CASE("the same evidence can be judged by a version that is not in force") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  auto agreement = settings();
  core::Rule rule = *agreement.rule;
  rule.versions.push_back(rule.versions.front());
  rule.versions.back().effective = std::chrono::year(2027) / 1 / 1;
  rule.versions.back().commitment = core::Ratio(1, 2);
  agreement.rule = std::make_shared<const core::Rule>(rule);
  const auto terms = judge::cycle_terms_under(agreement, agreement.rule->versions.back(),
                                              std::chrono::year(2026) / 10);
  REQUIRE(terms.ok());
  const auto judgement = judge::judge(*ledger, agreement, *terms, kNoCharge, core::Instant{});
  REQUIRE(judgement.ok());
  CHECK(judgement->version->commitment == core::Ratio(1, 2));
  CHECK(judgement->assessment.cycle.month == std::chrono::year(2026) / 10);
}

TEST_CASE("a version that comes into force within the month is another reading, with its figures") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", record::SeriesKind::probe, "p", "here"});
  auto agreement = settings();
  core::Rule rule = *agreement.rule;
  rule.versions.push_back(rule.versions.front());
  rule.versions.back().effective = std::chrono::year(2026) / 10 / 15;
  rule.versions.back().commitment = core::Ratio(1, 2);
  rule.versions.back().commitment_text = "50";
  agreement.rule = std::make_shared<const core::Rule>(rule);
  const core::Instant now = *core::parse_instant("2026-10-03T10:00:00Z");
  REQUIRE(ledger
              ->write({.minutes = {{series,
                                    core::minute_of(now - 10min),
                                    {{core::Answered{200}, 5}, {core::Answered{500}, 5}}}}})
              .ok());
  billing::Charges charges;
  auto cycle = running(agreement);
  const auto judged = *cycle.refresh(*ledger, charges, now);
  CHECK_FALSE(judged->assessment.met);
  REQUIRE(judged->other_readings.size() == 1);
  const core::Judgement& other = judged->other_readings.front();
  CHECK(other.version->date() == std::chrono::year(2026) / 10 / 15);
  CHECK(other.assessment.uptime == judged->assessment.uptime);
  CHECK(other.assessment.met);

  const auto at_once =
      judge::judge(*ledger, agreement, std::chrono::year(2026) / 10, kNoCharge, now);
  REQUIRE(at_once.ok());
  CHECK(at_once->other_readings.size() == 1);
  const auto later = judge::judge(*ledger, agreement, std::chrono::year(2026) / 11, kNoCharge, now);
  REQUIRE(later.ok());
  CHECK(later->other_readings.empty());
  CHECK(later->version->date() == std::chrono::year(2026) / 10 / 15);
}

TEST_CASE("the first Errors of an interval make no breach certain, its close does") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", record::SeriesKind::probe, "p", "here"});
  const auto agreement = settings();
  billing::Charges charges;
  auto cycle = running(agreement);
  const core::Instant begin = *core::parse_instant("2026-10-03T10:00:00Z");
  // Two Errors in the first twelve seconds; then, or not, many good answers.
  const auto count = [&](core::Minute minute, std::uint64_t good, std::uint64_t bad) {
    REQUIRE(ledger
                ->write({.minutes = {{series,
                                      minute,
                                      {{core::Answered{200}, good}, {core::Answered{500}, bad}}}}})
                .ok());
  };
  const auto at = [&](core::Instant now) {
    return (*cycle.refresh(*ledger, charges, now))->assessment;
  };
  count(core::minute_of(begin), 10, 2);
  const auto open = at(begin + 12s);
  CHECK_FALSE(open.met);
  CHECK_FALSE(open.breach_certain);
  const core::Instant closed = begin + 5min + 150s;
  CHECK_FALSE(at(closed - 1ms).breach_certain);
  CHECK(at(closed).breach_certain);
  CHECK(at(closed + 24h).breach_certain);

  count(core::minute_of(begin) + 24h, 10, 2);
  for (int minute = 1; minute < 5; ++minute) {
    count(core::minute_of(begin) + 24h + minute * 1min, 60, 0);
  }
  CHECK(at(closed + 24h).breach_certain);
}

TEST_CASE("a gap that is written late is in the figures at once, however old it is") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", record::SeriesKind::probe, "p", "here"});
  const auto agreement = settings();
  billing::Charges charges;
  auto cycle = running(agreement);
  const core::Instant now = *core::parse_instant("2026-10-03T10:00:00Z");
  const auto missed = [&](core::Instant at) {
    return (*cycle.refresh(*ledger, charges, at))->assessment.totals.missed;
  };
  CHECK(missed(now) == 0);
  // The machine was suspended; what is behind that is closed before the gap is written.
  CHECK(missed(now + 1h) == 0);
  const core::Gap slept{{now, now + 1h}, 1s, core::NotSent::suspended};
  REQUIRE(ledger->write({.gaps = {{series, slept}}}).ok());
  cycle.note_written(slept.span.begin);
  CHECK(missed(now + 1h + 5s) == 3600);
}

TEST_CASE("what is counted in minutes that a clock shows again is in the figures at once") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", record::SeriesKind::probe, "p", "here"});
  const auto agreement = settings();
  billing::Charges charges;
  auto cycle = running(agreement);
  const core::Instant now = *core::parse_instant("2026-10-03T10:00:00Z");
  const auto requests = [&](core::Instant at) {
    return (*cycle.refresh(*ledger, charges, at))->assessment.totals.requests;
  };
  CHECK(requests(now) == 0);
  CHECK(requests(now + 9min) == 0);
  const core::Instant set_back = now + 2min;
  REQUIRE(
      ledger->write({.minutes = {{series, core::minute_of(set_back), {{core::Answered{200}, 7}}}}})
          .ok());
  CHECK(requests(set_back) == 7);
}

TEST_CASE("an agreement is judged by its settings after whoever gave them has dropped them") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  auto shared = std::make_shared<config::Settings>();
  shared->agreements = {settings()};
  billing::Charges charges;
  const core::Instant now = *core::parse_instant("2026-10-03T10:00:00Z");
  const std::weak_ptr<const config::Settings> kept = shared;
  {
    judge::RunningCycle cycle(config::find_shared(shared, "a"));
    shared = nullptr;
    CHECK_FALSE(kept.expired());
    const auto judgement = cycle.refresh(*ledger, charges, now);
    REQUIRE(judgement.ok());
    CHECK((*judgement)->agreement.id == "a");
  }
  CHECK(kept.expired());
}

TEST_CASE("a month of one probe takes less than 50 KB of an agreement's memory") {
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto series = *ledger->series({"a", record::SeriesKind::probe, "p", "here"});
  const auto agreement = settings();
  // A probe every seven seconds: no two intervals in a row need have as many Requests.
  const core::Instant begin = *core::parse_instant("2026-10-01T00:00:00Z");
  const core::Instant now = begin + 30 * 24h;
  record::Batch batch;
  for (core::Minute minute = core::minute_of(begin); minute < now; minute += 1min) {
    const auto until = [](core::Instant at) { return at.time_since_epoch() / 7s; };
    const auto sent = static_cast<std::uint64_t>(until(minute + 1min) - until(minute));
    batch.minutes.push_back({series, minute, {{core::Answered{200}, sent}}});
  }
  REQUIRE(ledger->write(batch).ok());

  billing::Charges charges;
  const auto cycles_of = [&](std::size_t count) {
    std::vector<judge::RunningCycle> cycles(count, running(agreement));
    std::vector<std::shared_ptr<const core::Judgement>> judgements;
    for (auto& cycle : cycles) judgements.push_back(*cycle.refresh(*ledger, charges, now));
    CHECK(judgements.front()->assessment.totals.requests == 30 * 24 * 3600 / 7);
    return std::pair(std::move(cycles), std::move(judgements));
  };
  cycles_of(1);  // what the ledger keeps for the next reader
  constexpr std::size_t kCycles = 10;
  const std::size_t before = allocated();
  const auto kept = cycles_of(kCycles);
  CHECK(allocated() - before < kCycles * 50'000);
}
