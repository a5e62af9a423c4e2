#include "judge/costs.h"

#include "core/formula.h"
#include "judge/seen_world.h"
#include "support/catch.h"

using namespace recoup;
using namespace std::chrono_literals;
using core::Ratio;
using test::kAfter;
using test::kTen;
using World = test::SeenWorld;

namespace {

constexpr core::Month kOctober = std::chrono::year(2026) / 10;
constexpr std::size_t kAll = 100'000;
const core::Outcome kSlow = core::Answered{503, "SlowDown"};
const core::Outcome kBroken = core::Answered{500};
const core::Outcome kServed = core::Answered{200};

judge::Costs costs_of(const World& world, const judge::Period& period, std::size_t top = kAll,
                      core::Instant now = kAfter) {
  auto costs = judge::costs(*world.ledger, world.settings, period, top, now);
  INFO((costs ? "" : costs.error().message));
  REQUIRE(costs.ok());
  return *std::move(costs);
}

// Errors of two kinds, in short and long runs, on three days, some of them excluded.
void fill(const World& world) {
  for (const int day : {-2, 0, 5}) {
    const int at = day * 24 * 60;
    for (int i = 0; i < 7; ++i) world.add(at + i, {{kSlow, 9}, {kBroken, 1}});
    for (int i = 10; i < 30; ++i) {
      world.add(at + i, {{kServed, 19}, {i % 3 == 0 ? kSlow : kBroken, 1}});
    }
    for (int i = 40; i < 43; ++i) world.add(at + i, {{kBroken, 100}});
    for (int i = 60; i < 75; ++i) world.add(at + i, {{kServed, 3}, {kSlow, 2}, {kBroken, 2}});
  }
  REQUIRE(world.ledger->exclude("a", {{kTen + 62min, kTen + 64min}, "ours"}).ok());
}

const std::vector<core::Formula> kFamilies{core::MeanOfIntervals{5min},
                                           core::MeanOfIntervals{5min, core::Silent::left_out},
                                           core::BadWindows{5min, Ratio(5, 100)},
                                           core::AllFailed{5min},
                                           core::RequestRatio{},
                                           core::RequestRatio{5min},
                                           core::DowntimeRuns{Ratio(10, 100), 5min, 10}};

}  // namespace

TEST_CASE("a month's loss is the sum over its intervals, its days, and its outcomes") {
  for (const core::Formula& formula : kFamilies) {
    INFO("formula " << formula.index());
    const World world(formula);
    fill(world);
    const auto month = costs_of(world, kOctober);
    CHECK(month.loss > Ratio());
    CHECK(month.loss == Ratio(1, 1) - month.judgement.assessment.uptime);
    CHECK(month.loss == month.month_loss);
    CHECK(month.intervals.size() == month.totals.below_100);
    CHECK(month.totals.requests == month.judgement.assessment.totals.requests);

    Ratio of_intervals;
    for (const auto& one : month.intervals) of_intervals += one.cost;
    CHECK(of_intervals == month.loss);
    Ratio of_outcomes;
    for (const auto& one : month.outcomes) of_outcomes += one.cost;
    CHECK(of_outcomes == month.loss);
    Ratio of_days;
    std::uint64_t intervals = 0;
    for (unsigned day = 1; day <= 31; ++day) {
      const auto costs = costs_of(world, kOctober / std::chrono::day(day));
      of_days += costs.loss;
      intervals += costs.end - costs.first;
      CHECK(costs.month_loss == month.loss);
    }
    CHECK(of_days == month.loss);
    CHECK(intervals == month.judgement.assessment.parts.size());
  }
}

TEST_CASE("an interval costs what the uptime would gain without its Errors") {
  for (const core::Formula& formula : kFamilies) {
    INFO("formula " << formula.index());
    const World world(formula);
    fill(world);
    const auto month = costs_of(world, kOctober);
    const core::Assessment& a = month.judgement.assessment;
    for (const auto& one : month.intervals) {
      if (std::holds_alternative<core::DowntimeRuns>(formula)) {
        // Without one minute the rest of a run may be none: each counts as its share of the month.
        CHECK(one.cost == Ratio(1, 44640));
        continue;
      }
      auto without = a.parts.unpacked();
      without[one.index].errors = 0;
      CHECK(one.cost ==
            core::uptime_of(formula, core::runs_of(without), core::Reading::as_measured) -
                a.uptime);
    }
  }
}

TEST_CASE("the costliest intervals come first, with what most of their Errors came to") {
  const World world(core::MeanOfIntervals{5min});
  world.add(0, {{kServed, 90}, {kSlow, 9}, {kBroken, 1}});
  world.add(5, {{kServed, 1}, {kBroken, 1}});
  world.add(10, {{kServed, 2}, {kSlow, 2}});
  world.add(15, {{kBroken, 4}, {core::Failed{core::NoAnswer::timeout}, 50}});
  world.add(20, {{kServed, 7}});
  const auto costs = costs_of(world, kOctober, 3);
  REQUIRE(costs.intervals.size() == 3);
  CHECK(costs.totals.below_100 == 4);
  struct Row {
    int minute;
    Ratio cost;
    core::Outcome mostly;
    std::uint64_t errors;
  };
  // Of two that cost the same, the one with more Errors is first.
  const std::vector<Row> rows{{15, Ratio(1, 8928), kBroken, 4},
                              {10, Ratio(1, 2 * 8928), kSlow, 2},
                              {5, Ratio(1, 2 * 8928), kBroken, 1}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO("row " << i);
    CHECK(costs.intervals[i].span.begin == kTen + std::chrono::minutes(rows[i].minute));
    CHECK(costs.intervals[i].cost == rows[i].cost);
    CHECK(costs.intervals[i].mostly == rows[i].mostly);
    CHECK(costs.intervals[i].mostly_errors == rows[i].errors);
    CHECK_FALSE(costs.intervals[i].run.has_value());
  }
  REQUIRE(costs.outcomes.size() == 4);
  CHECK(costs.outcomes[0].outcome == kBroken);
  CHECK(costs.outcomes[0].cost == (Ratio(1, 100) + Ratio(1, 2) + Ratio(1, 1)) / Ratio(8928, 1));
  CHECK(costs.outcomes[1].outcome == kSlow);
  CHECK(costs.outcomes[1].cost == (Ratio(9, 100) + Ratio(1, 2)) / Ratio(8928, 1));
  CHECK(costs.outcomes[2].outcome == kServed);
  CHECK(costs.outcomes[2].count == 100);
  CHECK(costs.outcomes[3].counts_as.verdict == core::Verdict::not_a_request);
  CHECK(costs.budget == Ratio(1, 100000));
  CHECK(costs.share_of_budget(Ratio(1, 50000)) == Ratio(2, 1));
  CHECK(costs.share_of_loss(costs.intervals[0].cost) == Ratio(1, 1) / Ratio(210, 100));
}

TEST_CASE("repeats that the contract leaves out cost nothing") {
  const World world(core::RequestRatio{5min});
  world.add(0, {{kServed, 10}, {kSlow, 8}, {kBroken, 1}});
  world.add(1, {{kSlow, 8}, {kBroken, 3}});
  world.add(9, {{kSlow, 2}});
  const auto costs = costs_of(world, kOctober);
  // One of each in the first minute, and one after the five minutes: 3 of 13.
  CHECK(costs.loss == Ratio(3, 13));
  REQUIRE(costs.intervals.size() == 2);
  CHECK(costs.intervals[0].cost == Ratio(2, 13));
  REQUIRE(costs.outcomes.size() == 3);
  CHECK(costs.outcomes[0].outcome == kSlow);
  CHECK(costs.outcomes[0].count == 18);
  CHECK(costs.outcomes[0].cost == Ratio(2, 13));
  CHECK(costs.outcomes[1].cost == Ratio(1, 13));
}

TEST_CASE("what is excluded, silent or missed is counted and costs nothing") {
  const World world(core::MeanOfIntervals{5min});
  world.add(0, 5, 5);
  world.add(5, {{kServed, 5}, {core::Missed{core::NotSent::late}, 2}});
  record::Batch batch;
  batch.gaps.push_back({world.series, {{kTen + 10min, kTen + 11min}, 10s}});
  REQUIRE(world.ledger->write(batch).ok());
  REQUIRE(world.ledger->exclude("a", {{kTen - 24h, kTen + 1min}, "ours"}).ok());
  REQUIRE(world.ledger->exclude("a", {{kTen + 48h, kTen + 49h}, "another day"}).ok());
  const auto costs = costs_of(world, kOctober / std::chrono::day(3));
  CHECK(costs.loss == Ratio());
  CHECK(costs.intervals.empty());
  CHECK_FALSE(costs.share_of_loss(costs.loss).has_value());
  CHECK(costs.totals.excluded == 121);
  CHECK(costs.totals.measured == 1);
  CHECK(costs.totals.silent == 288 - 122);
  CHECK(costs.totals.missed == 8);
  CHECK(costs.exclusions.size() == 1);
  REQUIRE(costs.outcomes.size() == 4);
  CHECK(costs.outcomes[1].outcome == core::Outcome(core::Missed{core::NotSent::stopped}));
  CHECK(costs.outcomes[1].count == 6);
  CHECK(costs.outcomes[2].counts_as.verdict == core::Verdict::error);
  CHECK(costs.outcomes[2].count == 5);
  CHECK(costs.outcomes[2].excluded == 5);
  CHECK(costs.outcomes[1].excluded == 0);
  CHECK(costs.outcomes[2].cost == Ratio());
}

TEST_CASE("a day is one of the contract's zone") {
  struct Row {
    const char* zone;
    core::Date day;
    const char* begin;
    const char* end;
    std::size_t intervals;
  };
  using std::chrono::year;
  for (const Row& row :
       {Row{"UTC", year(2026) / 10 / 3, "2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z", 288},
        Row{"Asia/Shanghai", year(2026) / 10 / 1, "2026-09-30T16:00:00Z", "2026-10-01T16:00:00Z",
            288},
        Row{"Asia/Shanghai", year(2026) / 10 / 31, "2026-10-30T16:00:00Z", "2026-10-31T16:00:00Z",
            288},
        Row{"America/Los_Angeles", year(2026) / 11 / 1, "2026-11-01T07:00:00Z",
            "2026-11-02T08:00:00Z", 300},
        Row{"America/Los_Angeles", year(2026) / 3 / 8, "2026-03-08T08:00:00Z",
            "2026-03-09T07:00:00Z", 276}}) {
    INFO(row.zone << ' ' << core::to_text(row.day));
    const World world(core::MeanOfIntervals{5min}, row.zone);
    record::Batch batch;
    const core::Interval span{*core::parse_instant(row.begin), *core::parse_instant(row.end)};
    for (const core::Instant at : {span.begin - 1min, span.begin, span.end - 1min, span.end}) {
      batch.minutes.push_back({world.series, core::minute_of(at), {{kBroken, 1}}});
    }
    REQUIRE(world.ledger->write(batch).ok());
    const auto costs = costs_of(world, row.day);
    CHECK(costs.span == span);
    CHECK(costs.end - costs.first == row.intervals);
    CHECK(costs.intervals.size() == 2);
    CHECK(costs.outcomes.at(0).count == 2);
  }
}

TEST_CASE("a minute of a Downtime Period names all of it, over midnight too") {
  const World world(core::DowntimeRuns{Ratio(10, 100), 5min});
  const int midnight = 14 * 60;
  for (int i = -3; i < 4; ++i) world.add(midnight + i, 0, i == 2 ? 9 : 5);
  for (int i = 30; i < 33; ++i) world.add(midnight + i, 0, 50);
  const auto before = costs_of(world, kOctober / std::chrono::day(3));
  CHECK(before.intervals.size() == 3);
  CHECK(before.loss == Ratio(3, 44640));
  const auto after = costs_of(world, kOctober / std::chrono::day(4));
  REQUIRE(after.intervals.size() == 4);
  CHECK(after.intervals.front().span.begin == kTen + 14h + 2min);
  CHECK(after.intervals.front().run.value().span ==
        core::Interval{kTen + 14h - 3min, kTen + 14h + 4min});
  CHECK(after.share_of_loss(after.loss) == Ratio(4, 7));
}

TEST_CASE("what is ahead of a running month is counted as such") {
  const World world(core::MeanOfIntervals{5min});
  world.add(0, 0, 1);
  const auto costs = costs_of(world, kOctober, kAll, kTen + 1h);
  CHECK(costs.totals.ahead == 28 * 288 + 13 * 12);
  CHECK(costs.loss == Ratio(1, 8928));
  CHECK(costs_of(world, kOctober / std::chrono::day(4), kAll, kTen).totals.ahead == 288);
}

TEST_CASE("a contract that promises 100 % leaves no budget") {
  World world(core::MeanOfIntervals{5min});
  world.amend([](core::Version& version) { version.commitment = Ratio(1, 1); });
  world.add(0, 1, 1);
  const auto costs = costs_of(world, kOctober);
  CHECK(costs.budget == Ratio());
  CHECK_FALSE(costs.share_of_budget(costs.loss).has_value());
}

TEST_CASE("a month that was used in part has its days in that part") {
  World world(core::BadWindows{24h, Ratio(5, 100)});
  world.amend([](core::Version& version) { version.part_month = core::PartMonth::used_time; });
  world.settings.agreement.since = kTen;
  world.settings.agreement.until = kTen + 36h;
  world.add(0, 0, 1);
  const auto first = costs_of(world, kOctober / std::chrono::day(3));
  CHECK(first.span == core::Interval{kTen, kTen + 14h});
  CHECK(first.loss == Ratio(1, 2));
  // The second window begins on the fourth at ten and ends with the use: on the fifth none does.
  CHECK(costs_of(world, kOctober / std::chrono::day(4)).end == 2);
  world.settings.agreement.until = kTen + 40h;
  const auto last = costs_of(world, kOctober / std::chrono::day(5));
  CHECK(last.first == last.end);
  CHECK(last.loss == Ratio());
  const auto outside =
      judge::costs(*world.ledger, world.settings, kOctober / std::chrono::day(2), kAll, kAfter);
  REQUIRE_FALSE(outside.ok());
  CHECK(outside.error().message ==
        "expected a day from 2026-10-03T10:00:00Z to 2026-10-05T02:00:00Z, in which the service "
        "was used, got 2026-10-02");
}
