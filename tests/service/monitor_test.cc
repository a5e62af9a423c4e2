// What the service says of a ledger that does not take what was seen.
#include "service/monitor.h"

#include <memory>
#include <sstream>
#include <stop_token>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "support/catch.h"
#include "support/faulty_ledger.h"
#include "support/sim_network.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

// Settings with one agreement that nobody probes.
config::SharedSettings with_an_agreement() {
  auto read = config::parse_settings(
      "vantage = \"here\"\n[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\n"
      "account = \"123456789012\"\nregion = \"us-east-1\"\n",
      "recoup.toml", {});
  if (!read) FAIL(read.error().message);
  return std::make_shared<const config::Settings>(*std::move(read));
}

// World is a monitor, without agreements where nothing else is said, over a ledger that fails on
// demand.
struct World {
  config::SharedSettings settings;
  test::SimWorld sim{*core::parse_instant("2026-10-03T10:03:17Z")};
  test::FaultyLedger ledger{"sqlite::memory:"};
  std::ostringstream said;
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  service::Monitor monitor{
      settings, ledger, {sim.world(), std::make_unique<test::SimNetwork>(sim, nullptr)}, {}};

  World() : World(std::make_shared<const config::Settings>()) {}
  explicit World(config::SharedSettings wanted) : settings(std::move(wanted)) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(said)));
    spdlog::set_pattern("%v");
    REQUIRE(monitor.start().ok());
  }
  ~World() { spdlog::set_default_logger(before); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::uint64_t errors() { return monitor.snapshot().ledger_errors.at("write"); }

  // Turns, a second each.
  void turn(int times) {
    for (int i = 0; i < times; ++i) {
      sim.pass(1s);
      monitor.turn();
    }
  }
};

}  // namespace

TEST_CASE("a ledger that was moved is counted at once, saved, and gone on with in the same turn") {
  World world;
  world.turn(1);
  CHECK(world.monitor.snapshot().unwritable.empty());
  world.ledger.move_away(1);
  world.turn(1);
  CHECK(world.errors() == 1);
  CHECK(world.ledger.saves() == 1);
  CHECK(world.monitor.snapshot().unwritable.empty());
  const std::string said = world.said.str();
  CHECK(said.find("could not write to the ledger: the file was deleted") != std::string::npos);
  CHECK(said.find("it was saved to /var/lib/recoup.db") != std::string::npos);
  CHECK(said.find("writing works again after 0 s, 1 failures") != std::string::npos);
}

TEST_CASE("while a ledger cannot be saved nothing is written, and it is tried twice a minute") {
  World world;
  world.ledger.move_away(3);
  world.turn(30);
  CHECK(world.ledger.saves() == 1);
  CHECK(world.errors() >= 30);
  CHECK(world.monitor.snapshot().unwritable ==
        "could not write to the ledger: the file was deleted or moved away");
  world.turn(31);
  CHECK(world.ledger.saves() == 3);
  CHECK(world.monitor.snapshot().unwritable.empty());
  CHECK(world.said.str().find("writing works again after 60 s, ") != std::string::npos);
}

TEST_CASE("the end of a service whose ledger cannot be written says why") {
  World world;
  std::stop_source stop;
  stop.request_stop();
  SECTION("in order") {
    world.monitor.run(stop.get_token());
    CHECK(world.monitor.unsaved().why.empty());
    CHECK(world.monitor.unsaved().lost.empty());
  }
  SECTION("the ledger can be saved at last") {
    world.ledger.move_away(2);
    world.turn(1);
    world.monitor.run(stop.get_token());
    CHECK(world.monitor.unsaved().why.empty());
  }
  SECTION("it cannot") {
    world.ledger.move_away(100);
    world.monitor.run(stop.get_token());
    CHECK(world.monitor.unsaved().why ==
          "could not write to the ledger: the file was deleted or moved away");
  }
}

TEST_CASE("what another process writes of a time that is over is judged in the next second") {
  World world(with_an_agreement());
  const auto measured = [&] {
    return world.monitor.snapshot().judgements.at(0)->assessment.totals.requests;
  };
  world.turn(20);
  CHECK(measured() == 0);
  const std::uint64_t news = world.monitor.news();
  world.turn(20);
  CHECK(world.monitor.news() == news);

  record::Batch content;
  const core::Minute minute = core::minute_of(*core::parse_instant("2026-10-01T12:00:00Z"));
  content.minutes = {{0, minute, {{core::Answered{200}, 3}}}};
  record::ImportedFile file;
  file.digest = std::string(64, 'a');
  file.name = "access.log";
  ledger::Ledger& of_another = world.ledger;
  REQUIRE(*of_another.import("kms", "web", file, content, "", std::nullopt));
  world.turn(2);
  CHECK(measured() == 3);
  CHECK(world.monitor.news() > news);
  // An exclusion of that time leaves nothing.
  REQUIRE(world.ledger.exclude("kms", {minute, minute + 5min, "maintenance"}).ok());
  world.turn(2);
  CHECK(measured() == 0);
}
