// What stands beside a month's figures: its sources, and what logs saw that are compared.
#include "judge/beside.h"

#include "judge/running_cycle.h"
#include "judge/seen_world.h"
#include "support/catch.h"

using namespace recoup;
using namespace std::chrono_literals;
using record::SeriesKind;

namespace {

// A probe, attempts of SDKs and a trail.
struct World : test::SeenWorld {
  record::SeriesId sdk = *ledger->series({"a", SeriesKind::sdk, "sdk", "here"});
  record::SeriesId trail = *ledger->series({"a", SeriesKind::stream, "cloudtrail", "2026-10-03"});

  World() : SeenWorld(core::MeanOfIntervals{5min}) {}

  // Sees the log in the settings, and what they say of it in the ledger.
  void name(const std::string& id, const std::string& format, bool corroborates,
            bool apart = false) {
    config::LogSettings log;
    log.id = id;
    log.format = format;
    log.corroborates = corroborates;
    log.apart = apart;
    settings.logs.push_back(log);
    config::Settings all;
    all.agreements = {settings};
    REQUIRE(judge::note_compared(*ledger, all).ok());
  }

  void see(record::SeriesId of, int minute, std::uint64_t served, std::uint64_t errors) const {
    record::Batch batch;
    batch.minutes.push_back({of,
                             core::minute_of(test::kTen) + std::chrono::minutes(minute),
                             {{core::Answered{200}, served}, {core::Answered{503}, errors}}});
    REQUIRE(ledger->write(batch).ok());
  }

  core::Assessment judged() const {
    const auto judgement = judge::judge(*ledger, settings, std::chrono::year(2026) / 10,
                                        std::optional<core::Charge>(), test::kAfter);
    REQUIRE(judgement.ok());
    return judgement->assessment;
  }
};

}  // namespace

TEST_CASE("a log that corroborates is not in the uptime, and is compared with the other logs") {
  World world;
  world.name("sdk", "csm", false);
  world.name("audit", "cloudtrail", true);
  world.add(0, 100, 0);  // by the probe, which no log has
  world.see(world.sdk, 0, 10, 0);
  world.see(world.sdk, 5, 10, 0);
  world.see(world.trail, 0, 10, 0);
  world.see(world.trail, 5, 4, 6);
  const auto a = world.judged();
  CHECK(a.totals.requests == 120);
  CHECK(a.totals.errors == 0);
  CHECK(a.met);
  REQUIRE(a.comparisons.size() == 1);
  const core::Comparison& c = a.comparisons[0];
  CHECK(c.log == "audit");  // as the settings call the trail
  CHECK(c.alike == 1);
  CHECK(c.differing == 1);
  CHECK(c.more_errors == 6);
  CHECK_FALSE(c.met);
  CHECK(*c.uptime == core::Ratio(1, 1) - core::Ratio(6, 10) / core::Ratio::whole(8928));
  CHECK(a.overlaps.empty());
  std::vector<std::string> kinds;
  for (const auto& source : a.sources) kinds.push_back(source.kind);
  CHECK(kinds == std::vector<std::string>{"cloudtrail", "csm", "probe"});
  CHECK(a.sources[0].names == std::vector<std::string>{"audit"});
}

TEST_CASE("two logs that count and see the same Requests are told, whatever the settings name") {
  World world;
  world.see(world.sdk, 0, 10, 0);
  world.see(world.trail, 0, 10, 0);
  auto a = world.judged();
  REQUIRE(a.overlaps.size() == 1);
  CHECK(a.overlaps[0].one == "the log cloudtrail (cloudtrail)");
  CHECK(a.overlaps[0].other == "the log sdk (csm)");
  CHECK(a.totals.requests == 20);
  world.name("audit", "cloudtrail", true);
  a = world.judged();
  CHECK(a.overlaps.empty());
  CHECK(a.totals.requests == 10);
}

TEST_CASE("logs of different places overlap unless the user says that they do not") {
  for (const bool apart : {false, true}) {
    World world;
    record::ImportedFile file;
    file.digest = "aa";
    file.format = "alb";
    record::Batch content;
    content.minutes.push_back({0, core::minute_of(test::kTen), {{core::Answered{200}, 1}}});
    REQUIRE(*world.ledger->import("a", "lb", file, content, ""));
    world.see(world.sdk, 0, 10, 0);
    if (apart) world.name("lb", "alb", false, true);
    CHECK(world.judged().overlaps.size() == (apart ? 0 : 1));
  }
}

TEST_CASE("the running month has beside it what judging it at once gives, of what is closed") {
  World world;
  world.name("sdk", "csm", false);
  world.name("audit", "cloudtrail", true);
  billing::Charges charges;
  judge::RunningCycle running(std::make_shared<const config::AgreementSettings>(world.settings));
  core::Instant now = test::kTen;
  for (int minute = 0; minute < 40; ++minute, now += 1min) {
    world.see(world.sdk, minute, 10, 0);
    world.see(world.trail, minute, 10, minute % 7 == 0 ? 1 : 0);
    REQUIRE(running.refresh(*world.ledger, charges, now).ok());
  }
  const auto last = running.refresh(*world.ledger, charges, now + 1h);
  REQUIRE(last.ok());
  const core::Comparison& by_parts = (*last)->assessment.comparisons.at(0);
  const core::Comparison at_once = world.judged().comparisons.at(0);
  CHECK(by_parts.alike == at_once.alike);
  CHECK(by_parts.differing == at_once.differing);
  CHECK(by_parts.more_errors == at_once.more_errors);
  CHECK(by_parts.more_errors == 6);
  CHECK((*last)->assessment.sources.size() == 2);
}
