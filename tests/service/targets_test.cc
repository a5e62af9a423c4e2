// Lists of targets of a running service, in a simulated world.
#include <filesystem>
#include <numeric>

#include "ledger/open.h"
#include "service/service.h"
#include "support/catch.h"
#include "support/process.h"
#include "support/sim_network.h"
#include "support/sim_world.h"
#include "support/temp_dir.h"
#include "web/client.h"

using namespace recoup;
using namespace std::chrono_literals;
using record::SeriesKind;

namespace {

core::Instant at(const std::string& time) {
  return *core::parse_instant("2026-11-03T" + time + "Z");
}

std::string list_of(const std::vector<std::string>& targets) {
  std::string text;
  for (const std::string& one : targets) text += (text.empty() ? "\"" : ", \"") + one + '"';
  return "[{\"targets\": [" + text + "]}]";
}

// World is a service that probes a list each second; a target that begins with "bad" answers 503.
struct World {
  test::TempDir dir;
  test::SimWorld sim{at("10:00:00")};
  std::string more;  // in the probe
  sources::probe::Identity identity{
      "recoup/test", std::make_shared<sources::probe::Keyring>(
                         documents::Environment{{"AWS_EC2_METADATA_DISABLED", "true"}}, sim.world(),
                         sources::probe::Keyring::Say{})};
  std::map<std::string, std::uint64_t> sent;  // by target
  std::unique_ptr<service::Service> service;
  std::unique_ptr<core::Thread> running;
  core::Result<void> ran;

  explicit World(const std::vector<std::string>& targets, std::string in_the_probe = {})
      : more(std::move(in_the_probe)) {
    write(list_of(targets));
    start();
  }

  void write(const std::string& text) { test::write_text(dir.file("targets.json"), text); }

  core::Result<config::Settings> read() const {
    return config::parse_settings(
        "ledger = \"sqlite:ledger.db\"\nvantage = \"here\"\n[[agreement]]\nid = \"a\"\n"
        "sla = \"aws-kms\"\naccount = \"123456789012\"\nregion = \"us-east-1\"\n"
        "[[agreement.probe]]\nid = \"web\"\ntargets = \"targets.json\"\n"
        "url = \"http://{target}/{region}\"\nevery = \"1s\"\n" +
            more,
        dir.file("recoup.toml"), {});
  }

  void start() {
    auto settings = read();
    INFO((settings ? "" : settings.error().message));
    REQUIRE(settings.ok());
    const auto script = [this](const sources::probe::Transfer& asked, core::Instant) {
      ++sent[asked.settings().target];
      return test::SimNetwork::answer(asked.settings().target.starts_with("bad") ? 503 : 200,
                                      "x-amzn-requestid: 1\r\n");
    };
    service::Machine machine{sim.world(), std::make_unique<test::SimNetwork>(sim, script)};
    auto opened = service::Service::open(
        std::make_shared<const config::Settings>(*std::move(settings)), std::move(machine),
        identity, nullptr, [](std::string_view) {}, [this] { return read(); });
    REQUIRE(opened.ok());
    service = *std::move(opened);
    running =
        sim.start("service", [this](const std::stop_token& stop) { ran = service->run(stop); });
  }

  std::string metrics() {
    const web::Request request{"GET", "/metrics", {}, {}, {}};
    return web::finished(service->handler()(request)).body;
  }

  double metric(const std::string& sample) {
    const std::string text = metrics();
    const auto place = text.find("\n" + sample + " ");
    return place == std::string::npos ? -1 : std::stod(text.substr(place + sample.size() + 2));
  }

  // What the ledger has once the service has stopped.
  std::unique_ptr<ledger::Ledger> stop() {
    running->request_stop();
    running->join();
    CHECK(ran.ok());
    CHECK(service->unsaved().lost.empty());
    service = nullptr;
    return *ledger::open_ledger("sqlite:" + dir.file("ledger.db"), ledger::Missing::make);
  }

  std::uint64_t sent_in_all() const {
    return std::accumulate(sent.begin(), sent.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& one) { return sum + one.second; });
  }
};

core::Tallies tallies_of(ledger::Ledger& ledger) {
  return *ledger.tallies("a", {at("10:00:00"), at("12:00:00")});
}

std::uint64_t requests_in(const core::Tallies& tallies) {
  std::uint64_t sum = 0;
  for (const auto& row : tallies.rows()) {
    if (!std::holds_alternative<core::Missed>(tallies.outcomes()[row.outcome])) sum += row.count;
  }
  return sum;
}

}  // namespace

TEST_CASE("the targets of a list are one series, and the failing one is in the evidence") {
  World world({"one.example", "bad.example:8080", "https://three.example/x"});
  world.sim.run_until(at("10:02:00"));
  CHECK(world.metric("recoup_targets{agreement=\"a\",probe=\"web\"}") == 3);
  CHECK(world.metric("recoup_target_list_successful{agreement=\"a\",probe=\"web\"}") == 1);
  const auto ledger = world.stop();
  const auto series = *ledger->series({"a", SeriesKind::probe, "web", "here"});
  const auto counts = *ledger->counts(series, core::minute_of(at("10:01:00")));
  std::map<std::string, std::uint64_t> by_outcome;
  for (const auto& one : counts) by_outcome[core::to_text(one.outcome)] = one.count;
  CHECK(by_outcome == std::map<std::string, std::uint64_t>{{"200", 120}, {"503", 60}});
  std::set<std::string> details;
  const auto note = [&](const record::Evidence& one) {
    details.insert(one.detail.substr(0, one.detail.find(';')));
  };
  REQUIRE(ledger->evidence("a", {at("10:00:00"), at("12:00:00")}, note).ok());
  CHECK(details == std::set<std::string>{"GET /us-east-1 of bad.example:8080"});
  CHECK(tallies_of(*ledger).gaps().empty());
}

TEST_CASE("by target, each target of a list is a series of its own") {
  World world({"one.example", "bad.example:8080"}, "by_target = true\n");
  world.sim.run_until(at("10:02:00"));
  CHECK(world.metric("recoup_targets{agreement=\"a\",probe=\"web\"}") == 2);
  world.write(list_of({"one.example", "bad.example:8080", "new.example"}));
  world.sim.run_until(at("10:03:00"));
  const auto ledger = world.stop();
  for (const char* target : {"one.example", "bad.example:8080"}) {
    const auto series =
        *ledger->series({"a", SeriesKind::probe, "web/" + std::string(target), "here"});
    const auto counts = *ledger->counts(series, core::minute_of(at("10:01:00")));
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].count == 60);
  }
  const auto series = *ledger->series({"a", SeriesKind::probe, "web/new.example", "here"});
  CHECK_FALSE(ledger->counts(series, core::minute_of(at("10:02:00")))->empty());
}

TEST_CASE("targets come and go in the middle of a minute, and what was due is sent or missed") {
  World world({"stays.example", "gone.example"});
  world.sim.run_until(at("10:01:20"));
  world.write(list_of({"stays.example", "new.example", "newer.example"}));
  world.sim.run_until(at("10:01:40"));
  CHECK(world.metric("recoup_targets{agreement=\"a\",probe=\"web\"}") == 3);
  // One that comes back is due again from its first instant on, and not before.
  world.write(list_of({"stays.example", "new.example", "gone.example"}));
  world.sim.run_until(at("10:03:00"));
  const std::string probe = "{agreement=\"a\",probe=\"web\"}";
  const auto due = static_cast<std::uint64_t>(world.metric("recoup_probes_due_total" + probe));
  CHECK(due == world.sent_in_all());
  CHECK(world.sent.at("stays.example") >= 179);
  CHECK(world.sent.at("gone.example") >= 155);
  CHECK(world.sent.at("gone.example") <= 165);
  CHECK(world.sent.at("newer.example") >= 17);
  CHECK(world.sent.at("newer.example") <= 22);
  const auto ledger = world.stop();
  const core::Tallies tallies = tallies_of(*ledger);
  CHECK(tallies.gaps().empty());
  // All but what was in flight at the end.
  CHECK(requests_in(tallies) + 3 >= world.sent_in_all());
  CHECK(requests_in(tallies) <= world.sent_in_all());
}

TEST_CASE("a list that becomes wrong, empty or is gone stays what it was, and says so") {
  World world({"one.example", "two.example"});
  world.sim.run_until(at("10:01:00"));
  const std::string probe = "{agreement=\"a\",probe=\"web\"}";
  SECTION("wrong") { world.write("[{\"targets\": [\"one.example\"]"); }
  SECTION("empty") { world.write("[]"); }
  SECTION("gone") { std::filesystem::remove(world.dir.file("targets.json")); }
  world.sim.run_until(at("10:02:00"));
  CHECK(world.metric("recoup_target_list_successful" + probe) == 0);
  CHECK(world.metric("recoup_targets" + probe) == 2);
  // The settings are in force as they are: nobody had them read again.
  CHECK(world.metric("recoup_config_last_reload_successful") == 1);
  const web::Request overview{"GET", "/", {}, {}, {}};
  CHECK(
      web::finished(world.service->handler()(overview)).body.find("are not those of their files") !=
      std::string::npos);
  // Whoever has all of them read again is told, and nothing changes.
  CHECK_FALSE(world.service->reload("test").ok());
  world.write(list_of({"one.example", "two.example", "three.example"}));
  world.sim.run_until(at("10:03:00"));
  CHECK(world.metric("recoup_target_list_successful" + probe) == 1);
  CHECK(world.metric("recoup_targets" + probe) == 3);
  const auto due = static_cast<std::uint64_t>(world.metric("recoup_probes_due_total" + probe));
  CHECK(due == world.sent_in_all());
  world.stop();
}

TEST_CASE("while the service stands still every target of a list is missed") {
  World world({"one.example", "two.example", "three.example"});
  world.sim.run_until(at("10:01:00"));
  world.stop();
  world.sim.run_until(at("10:02:00"));
  world.start();
  world.sim.run_until(at("10:03:00"));
  const auto ledger = world.stop();
  const core::Tallies tallies = tallies_of(*ledger);
  REQUIRE(tallies.gaps().size() == 1);
  CHECK(tallies.gaps()[0].targets == 3);
  const std::uint64_t missed = tallies.gaps()[0].due(tallies.gaps()[0].span);
  CHECK(missed >= 3 * 59);
  CHECK(missed <= 3 * 61);
}
