// On what the tier of a month rests: what is left of it without each of its sources.
#include <random>

#include "core/assess.h"
#include "judge/judge.h"
#include "judge/seen_world.h"
#include "report/judgement_json.h"
#include "report/robustness_words.h"
#include "support/catch.h"

#include <nlohmann/json.hpp>

using namespace recoup;
using namespace std::chrono_literals;
using record::SeriesKind;

namespace {

struct World : test::SeenWorld {
  World() : SeenWorld(core::MeanOfIntervals{5min}) {}

  record::SeriesId source(SeriesKind kind, const std::string& name, const std::string& part) const {
    return *ledger->series({"a", kind, name, part});
  }

  void see(record::SeriesId of, int minute, std::uint64_t served, std::uint64_t errors) const {
    record::Batch batch;
    batch.minutes.push_back({of,
                             core::minute_of(test::kTen) + std::chrono::minutes(minute),
                             {{core::Answered{200}, served}, {core::Answered{503}, errors}}});
    REQUIRE(ledger->write(batch).ok());
  }

  core::Judgement judged() const {
    auto judgement = judge::judge(*ledger, settings, std::chrono::year(2026) / 10,
                                  std::optional<core::Charge>(), test::kAfter);
    REQUIRE(judgement.ok());
    return *std::move(judgement);
  }
};

const core::Strike& strike(const core::Judgement& judgement, const std::string& name) {
  for (const core::Strike& one : judgement.robustness.strikes) {
    if (one.name == name) return one;
  }
  FAIL("nothing was struck that is " << name);
  return judgement.robustness.strikes.front();
}

bool has(const std::vector<std::string>& sentences, const std::string& sentence) {
  return std::find(sentences.begin(), sentences.end(), sentence) != sentences.end();
}

}  // namespace

TEST_CASE("a month that meets its commitment rests on nothing") {
  const World world;
  world.add(0, 100, 0);
  const core::Judgement judgement = world.judged();
  CHECK(judgement.robustness.strikes.empty());
  CHECK(report::robustness_words(judgement).empty());
  CHECK_FALSE(report::judgement_json(judgement).contains("robustness"));
}

TEST_CASE("of a month that one source alone knows there is nothing without it") {
  const World world;
  world.add(0, 0, 100);
  const core::Judgement judgement = world.judged();
  REQUIRE(judgement.assessment.tier);
  REQUIRE(judgement.robustness.strikes.size() == 1);
  const core::Strike& only = judgement.robustness.strikes.front();
  CHECK_FALSE(only.measured);
  CHECK_FALSE(only.keeps(core::Ratio()));
  CHECK(has(report::robustness_words(judgement),
            "All that is known of the cycle comes from " + only.name + "."));
  const auto json = report::judgement_json(judgement)["robustness"];
  CHECK(json["keeps"] == false);
  CHECK(json["without"][0]["monthly_uptime"].is_null());
}

TEST_CASE("a tier that rests on one of two logs is gone without it, and stays without the other") {
  const World world;
  const auto failing = world.source(SeriesKind::stream, "failing", "1");
  const auto calm = world.source(SeriesKind::stream, "calm", "1");
  world.see(failing, 0, 0, 10);
  world.see(calm, 0, 10, 0);
  const core::Judgement judgement = world.judged();
  // Half of one of 8,928 intervals.
  REQUIRE(judgement.assessment.uptime == core::Ratio(2 * 8928 - 1, 2 * 8928));
  const core::Strike& without = strike(judgement, "the log failing");
  CHECK(without.uptime == core::Ratio(1, 1));
  CHECK(without.share == core::Ratio());
  CHECK_FALSE(without.keeps(judgement.credit.share));
  const core::Strike& other = strike(judgement, "the log calm");
  CHECK(other.uptime == core::Ratio(8927, 8928));
  CHECK(other.keeps(judgement.credit.share));
  CHECK(judgement.robustness.strikes.front().name == "the log failing");

  CHECK(report::robust_words(judgement).empty());
  const auto words = report::robustness_words(judgement);
  REQUIRE(words.size() == 3);
  CHECK(words[0] == "The tier rests on 10 Errors in 1 interval.");
  CHECK(words[1] ==
        "Without the log failing the uptime would be 100.000000000000 %, and there would be no "
        "credit.");
}

TEST_CASE("a tier that every source and vantage point saw stands without any of them") {
  const World world;
  for (const char* vantage : {"eu", "us"}) {
    for (const char* probe : {"encrypt", "decrypt"}) {
      world.see(world.source(SeriesKind::probe, probe, vantage), 0, 0, 10);
    }
  }
  world.see(world.source(SeriesKind::stream, "trail", "1"), 0, 0, 5);
  const core::Judgement judgement = world.judged();
  CHECK(judgement.robustness.strikes.size() == 5 + 2 + 1);
  CHECK(strike(judgement, "the probe encrypt from eu").kind == core::Strike::Kind::source);
  CHECK(strike(judgement, "the vantage point us").kind == core::Strike::Kind::vantage);
  CHECK(strike(judgement, "all probes").uptime == core::Ratio(8927, 8928));
  CHECK(report::robust_words(judgement) ==
        "Without any one of its 5 sources, any one of its 2 vantage points or all probes, as much "
        "is owed.");
  CHECK(report::robustness_words(judgement).size() == 2 + 3);
  const auto json = report::judgement_json(judgement)["robustness"];
  CHECK(json["keeps"] == true);
  CHECK(json["without"].size() == 8);
}

TEST_CASE("what each vantage point saw is said, also of a month without a tier") {
  World world;
  const auto from = [&](const char* vantage) {
    return world.source(SeriesKind::probe, "encrypt", vantage);
  };
  world.see(from("eu"), 0, 9998, 2);
  world.see(from("us"), 0, 10000, 0);
  world.see(from("asia"), 0, 0, 0);
  REQUIRE(world.ledger
              ->write({.minutes = {{from("asia"),
                                    core::minute_of(test::kTen),
                                    {{core::Failed{core::NoAnswer::connect}, 7}}}}})
              .ok());
  core::Judgement judgement = world.judged();
  REQUIRE(judgement.robustness.votes);
  CHECK(judgement.robustness.strikes.empty());
  CHECK(judgement.robustness.votes->outvoted == 1);
  const auto words = report::robustness_words(judgement);
  REQUIRE(words.size() == 4);
  CHECK(words[0] ==
        "Of 1 interval with Errors 0 were seen from more than half of the vantage points that "
        "could tell, 1 from fewer. No vote changes a figure.");
  CHECK(words[1] ==
        "From asia alone: 0 Errors in 0 Requests; no vote on 1 interval: its way out was down in "
        "1.");
  CHECK(words[3].starts_with("From us alone: 0 Errors in "));
  const auto json = report::judgement_json(judgement)["votes"];
  CHECK(json["rule"] == "majority");
  CHECK(json["outvoted"] == 1);
  CHECK(json["vantages"].size() == 3);
  CHECK(json["vantages"][0]["no_vote"]["egress"] == 1);

  // Another agreement's probes were answered there: it has a vote after all, and saw nothing.
  world.see(*world.ledger->series({"other", SeriesKind::probe, "p", "asia"}), 0, 5, 0);
  world.settings.votes = {1, 3};
  judgement = world.judged();
  CHECK(judgement.robustness.votes->vantages.front().abstained == 0);
  CHECK(judgement.robustness.votes->agreed == 1);
}

TEST_CASE("a vantage point whose clock was set back has no vote on what it showed twice") {
  const World world;
  const auto from = [&](const char* vantage) {
    return world.source(SeriesKind::probe, "encrypt", vantage);
  };
  for (const char* vantage : {"asia", "eu", "us"}) world.see(from(vantage), 0, 90, 10);
  REQUIRE(world.ledger
              ->write({.clock_steps = {{test::kTen - 1h, -61min, 0ms, "us"},
                                       {test::kTen - 2h, -60min, 0ms, "eu"},
                                       {test::kTen - 3h, 5h, 0ms, "asia"}}})
              .ok());
  const auto votes = world.judged().robustness.votes;
  REQUIRE(votes);
  CHECK(votes->vantages[0].clock == 0);  // a step forward is a gap, or was none
  CHECK(votes->vantages[1].clock == 0);  // until an hour before
  CHECK(votes->vantages[2].clock == 1);
  CHECK(votes->agreed == 1);
  CHECK(world.judged().assessment.totals.errors == 30);  // no vote changes a figure
}

TEST_CASE("beyond the sources that are struck nobody says that the tier stands") {
  const World world;
  for (int i = 0; i < 30; ++i) {
    world.see(world.source(SeriesKind::stream, "log" + std::to_string(i), "1"), 0, 0,
              static_cast<std::uint64_t>(100 - i));
  }
  const core::Judgement judgement = world.judged();
  CHECK(judgement.robustness.strikes.size() == core::kMostStruck);
  CHECK(judgement.robustness.not_struck == 10);
  CHECK(report::robust_words(judgement).empty());
  CHECK(has(report::robustness_words(judgement), "Not struck: 10 sources with fewer Errors."));
}

TEST_CASE("what is left without a source is what all the others come to together") {
  World world;
  world.amend([](core::Version& version) { version.formula = core::RequestRatio{3min}; });
  std::mt19937 random(11);
  const auto below = [&](unsigned end) { return random() % end; };
  for (int i = 0; i < 8; ++i) {
    const bool probe = i < 5;
    const auto of = world.source(probe ? SeriesKind::probe : SeriesKind::stream,
                                 "s" + std::to_string(i / 2), probe && i % 2 == 1 ? "us" : "eu");
    for (int minute = 0; minute < 60; ++minute) {
      if (below(3) > 0) world.see(of, minute, below(3), below(4));
    }
  }
  const core::Judgement judgement = world.judged();
  const auto cycle = judgement.assessment.cycle;
  const auto sources = world.ledger->tallies_by_source("a", cycle.span);
  REQUIRE(sources.ok());
  std::size_t found = 0;
  for (const record::SourceTallies& struck : *sources) {
    core::Tallies rest;
    for (const record::SourceTallies& one : *sources) {
      if (&one != &struck) rest.merge(one.tallies);
    }
    const core::Assessment a =
        core::assess(*judgement.version, judgement.zone, cycle, rest, {}, test::kAfter);
    const std::string name = struck.source.name + (struck.vantage.empty() ? "" : " from ");
    for (const core::Strike& one : judgement.robustness.strikes) {
      if (one.kind != core::Strike::Kind::source ||
          !one.name.ends_with(' ' + name + struck.vantage)) {
        continue;
      }
      ++found;
      CHECK(one.uptime == a.uptime);
      CHECK(one.measured == a.is_measured());
    }
  }
  CHECK(found == sources->size());
  CHECK(found >= 7);
}
