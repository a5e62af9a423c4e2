#include "judge/explain.h"

#include "judge/seen_world.h"
#include "support/catch.h"

using namespace recoup;
using namespace std::chrono_literals;
using core::Ratio;
using test::kAfter;
using test::kTen;
using World = test::SeenWorld;

TEST_CASE("the interval that holds the instant is explained with everything that was seen in it") {
  const World world(core::MeanOfIntervals{5min});
  world.add(-1, 7, 7);
  world.add(0, 20, 1);
  world.add(4, 36, 3);
  world.add(5, 7, 7);
  record::Batch batch;
  batch.minutes.push_back({world.series,
                           core::minute_of(kTen),
                           {{core::Failed{core::NoAnswer::timeout}, 2},
                            {core::Answered{500, "", true}, 1},
                            {core::Missed{core::NotSent::late}, 4}}});
  batch.gaps.push_back({world.series, {{kTen + 4min, kTen + 6min}, 10s}});
  for (int i = 0; i < 25; ++i) {
    batch.evidence.push_back({world.series,
                              {kTen + std::chrono::seconds(i), 0, core::Answered{503}, "req-1", 1ms,
                               "192.0.2.7", "POST / by arn:aws:iam::123456789012:user/anna"}});
  }
  batch.evidence.push_back({world.series, {kTen + 5min, 0, core::Answered{503}, "", 1ms, "", ""}});
  REQUIRE(world.ledger->write(batch).ok());
  REQUIRE(world.ledger->exclude("a", {{kTen + 5min, kTen + 6min}, "next to it"}).ok());

  for (const core::Instant at : {kTen, kTen + 4min + 59s + 999ms}) {
    const auto about = world.at(at);
    CHECK(about.span == core::Interval{kTen, kTen + 5min});
    CHECK(about.index == 2 * 288 + 120);
    CHECK(about.part().state == core::IntervalState::measured);
    CHECK(about.part().requests == 60);
    CHECK(about.part().errors == 4);
    std::vector<std::string> outcomes;
    for (const auto& one : about.outcomes) {
      outcomes.push_back(core::to_text(one.outcome) + ' ' + std::to_string(one.count) + ' ' +
                         std::string(core::to_text(one.counts_as.verdict)));
    }
    CHECK(outcomes == std::vector<std::string>{"200 56 served", "missed/stopped 6 missed",
                                               "503 4 Error", "missed/late 4 missed",
                                               "timeout 2 not a Request",
                                               "500!unattributed 1 unattributed"});
    CHECK(about.part().missed == 4 + 6);
    CHECK(about.gaps == std::vector<core::Gap>{{{kTen + 4min, kTen + 5min}, 10s}});
    REQUIRE(about.evidence.size() == 20);
    CHECK(about.evidence.front().peer == "****");
    CHECK(about.evidence.front().detail.starts_with("POST / by "));
    CHECK(about.evidence.front().detail.find("anna") == std::string::npos);
    CHECK(about.evidence.front().request_id == "req-1");
    CHECK(about.evidence_in_all == 25);
    CHECK(about.exclusions.empty());
    CHECK(about.why == "lost: 4 of 60 Requests met an Error");
    CHECK(about.loss == Ratio(4, 60) / Ratio(8928, 1));
  }
  CHECK(world.at(kTen - 1ms).index == 2 * 288 + 119);
  const auto excluded = world.at(kTen + 5min);
  CHECK(excluded.exclusions.size() == 1);
  CHECK(excluded.why == "not lost: an exclusion touches it, so that it counts as 100 % available");
  CHECK(excluded.loss == Ratio());
  CHECK(excluded.is_excluded(core::Verdict::error));
  CHECK(excluded.is_excluded(core::Verdict::served));
  CHECK_FALSE(excluded.is_excluded(core::Verdict::missed));
  CHECK_FALSE(world.at(kTen).is_excluded(core::Verdict::error));
}

TEST_CASE("the losses of all lost intervals are the month's loss") {
  for (const core::Formula& formula : std::vector<core::Formula>{
           core::MeanOfIntervals{5min}, core::MeanOfIntervals{5min, core::Silent::left_out},
           core::DowntimeRuns{Ratio(10, 100), 5min, 10}, core::BadWindows{5min, Ratio(5, 100)},
           core::AllFailed{5min}, core::RequestRatio{}, core::RequestRatio{5min}}) {
    INFO("formula " << formula.index());
    const World world(formula);
    for (int minute = 0; minute < 7; ++minute) world.add(minute, 0, 9);
    for (int minute = 10; minute < 30; ++minute) world.add(minute, 19, minute % 3 == 0 ? 1 : 0);
    for (int minute = 40; minute < 43; ++minute) world.add(minute, 0, 100);
    const core::Judgement judgement = world.at(kTen).judgement;
    Ratio sum;
    for (std::size_t i = 0; i < judgement.assessment.parts.size(); ++i) {
      if (!judgement.assessment.parts[i].lost) continue;
      sum += world.at(judgement.assessment.interval_at(i).begin).loss;
    }
    CHECK(sum > Ratio());
    CHECK(sum == Ratio(1, 1) - judgement.assessment.uptime);
  }
}

TEST_CASE("a minute of a run is explained by the run it belongs to") {
  const World world(core::DowntimeRuns{Ratio(10, 100), 5min, 30});
  for (int minute = 0; minute < 6; ++minute) world.add(minute, 5, 5);    // a Downtime Period
  world.add(6, 9, 1);                                                    // exactly 10 %
  for (int minute = 20; minute < 24; ++minute) world.add(minute, 0, 9);  // four minutes
  for (int minute = 40; minute < 45; ++minute) world.add(minute, 0, 5);  // 25 Requests
  CHECK(world.at(kTen + 3min).why ==
        "lost: it belongs to a Downtime Period, the 6 consecutive minutes above 10 % from "
        "2026-10-03T10:00:00Z to 2026-10-03T10:06:00Z with 60 Requests");
  const auto run = world.at(kTen + 3min).run;
  REQUIRE(run.has_value());
  CHECK(run->span == core::Interval{kTen, kTen + 6min});
  CHECK(run->minutes() == 6);
  CHECK(run->requests == 60);
  CHECK(run->errors == 30);
  CHECK(run->downtime);
  CHECK_FALSE(world.at(kTen + 6min).run.has_value());
  CHECK_FALSE(world.at(kTen + 20min).run.value().downtime);
  CHECK(world.at(kTen + 6min).why == "not lost: an error rate of 10 % is not more than 10 %");
  CHECK(world.at(kTen + 20min).why ==
        "not lost: the 4 consecutive minutes above 10 % from 2026-10-03T10:20:00Z to "
        "2026-10-03T10:24:00Z with 36 Requests are no Downtime Period: too short, at least 5 are "
        "needed");
  CHECK(world.at(kTen + 44min).why ==
        "not lost: the 5 consecutive minutes above 10 % from 2026-10-03T10:40:00Z to "
        "2026-10-03T10:45:00Z with 25 Requests are no Downtime Period: too few Requests, at least "
        "30 are needed");
  CHECK(world.at(kTen + 10min).why == "not lost: no Request was made, which counts as available");
}

TEST_CASE("an exclusion cuts a run, and the explanation counts what is left of it") {
  const World world(core::DowntimeRuns{Ratio(10, 100), 5min, 0});
  for (int minute = 0; minute < 8; ++minute) world.add(minute, 0, 5);
  REQUIRE(world.ledger->exclude("a", {{kTen + 4min, kTen + 5min}, "ours"}).ok());
  CHECK(world.at(kTen).why.find("the 4 consecutive minutes") != std::string::npos);
  CHECK(world.at(kTen + 5min).why.find("the 3 consecutive minutes") != std::string::npos);
}

TEST_CASE("each family says in its own words why a measured interval is lost or not") {
  struct Row {
    core::Formula formula;
    std::uint64_t served, errors;
    const char* why;
  };
  for (const Row& row :
       {Row{core::MeanOfIntervals{5min}, 5, 0, "not lost: 0 of 5 Requests met an Error"},
        Row{core::BadWindows{5min, Ratio(5, 100)}, 19, 1,
            "not lost: an error rate of 5 % is not more than 5 %"},
        Row{core::BadWindows{5min, Ratio(5, 100)}, 9, 1,
            "lost: an error rate of 10 % is more than 5 %"},
        Row{core::AllFailed{5min}, 0, 3, "lost: every Request met an Error"},
        Row{core::AllFailed{5min}, 1, 3, "not lost: 1 of 4 Requests did not meet an Error"},
        Row{core::RequestRatio{}, 7, 3, "lost: 3 of 10 Requests met an Error"},
        Row{core::RequestRatio{5min}, 7, 3,
            "lost: 1 of 8 Requests met an Error; 2 more repeat one of the same outcome within 5m "
            "and are left out"}}) {
    const World world(row.formula);
    world.add(0, row.served, row.errors);
    CHECK(world.at(kTen).why == row.why);
  }
}

TEST_CASE("a bad window by itself is not lost where only a row of them is") {
  const World world(core::BadWindows{5min, Ratio(5, 100), 10min});
  world.add(0, 9, 1);
  CHECK(world.at(kTen).why ==
        "not lost: an error rate of 10 % is more than 5 %, but in fewer than 2 windows in a row");
  world.add(5, 9, 1);
  CHECK(world.at(kTen).why == "lost: an error rate of 10 % is more than 5 %");
}

TEST_CASE("an excluded interval is none of those that count, where the contract leaves it out") {
  World world(core::AllFailed{5min});
  world.amend([](core::Version& version) { version.excluded = core::Excluded::left_out; });
  world.add(0, 0, 3);
  REQUIRE(world.ledger->exclude("a", {{kTen, kTen + 1min}, "ours"}).ok());
  CHECK(world.at(kTen).why ==
        "not lost: an exclusion touches it, so that it is none of those that count");
}

TEST_CASE("intervals without a Request are silent or ahead") {
  const World left_out(core::MeanOfIntervals{5min, core::Silent::left_out});
  CHECK(left_out.at(kTen).why ==
        "not lost: no Request was made, and the contract leaves it out of the mean");
  CHECK(left_out.at(kTen, kTen).why == "not lost: it has not begun yet");
}

TEST_CASE("an instant in which the service was not used is an error that says when it was") {
  World world(core::MeanOfIntervals{5min});
  core::Rule rule = *world.settings.rule;
  rule.versions.front().part_month = core::PartMonth::used_time;
  world.settings.rule = std::make_shared<const core::Rule>(rule);
  world.settings.agreement.since = kTen;
  const auto before = judge::explain(*world.ledger, world.settings, kTen - 1ms, 20, kAfter);
  REQUIRE_FALSE(before.ok());
  CHECK(before.error().message ==
        "expected an instant from 2026-10-03T10:00:00Z to 2026-11-01T00:00:00Z, in which the "
        "service was used, got 2026-10-03T09:59:59.999Z");
  CHECK(world.at(kTen).index == 0);
}
