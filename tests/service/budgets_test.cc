// How many requests an agreement's probes may send in a billing cycle, in a simulated world.
#include <numeric>

#include "ledger/open.h"
#include "service/budgets.h"
#include "service/service.h"
#include "service/system_world.h"
#include "support/catch.h"
#include "support/sim_network.h"
#include "support/sim_world.h"
#include "support/temp_dir.h"
#include "web/client.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

core::Instant at(const std::string& time) { return *core::parse_instant(time); }

std::string capped(int most) {
  std::string text =
      "[[agreement]]\nid = \"a\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
      "region = \"us-east-1\"\nmax_requests_per_month = " +
      std::to_string(most) + "\n";
  for (const char* id : {"one", "two"}) {
    text += std::string("[[agreement.probe]]\nid = \"") + id +
            "\"\nurl = \"http://provider.example/\"\nevery = \"1s\"\n";
  }
  return text;
}

// A service with two probes that every provider answers.
struct World {
  test::TempDir dir;
  test::SimWorld sim;
  std::unique_ptr<service::Service> service;
  std::unique_ptr<core::Thread> running;
  core::Result<void> ran;

  explicit World(const std::string& begin, int most = 100) : sim(at(begin)) { start(most); }

  config::SharedSettings settings(int most) {
    auto read =
        config::parse_settings("ledger = \"sqlite:ledger.db\"\nvantage = \"here\"\n" + capped(most),
                               dir.file("recoup.toml"), {});
    INFO((read ? "" : read.error().message));
    REQUIRE(read.ok());
    return std::make_shared<const config::Settings>(*std::move(read));
  }

  void start(int most) {
    const auto script = [](const sources::probe::Transfer&, core::Instant) {
      return test::SimNetwork::answer(200, "x-amzn-requestid: 1\r\n");
    };
    service::Machine machine{sim.world(), std::make_unique<test::SimNetwork>(sim, script)};
    machine.descriptors = [](const sources::probe::Probes&) {
      return core::Result<service::Descriptors>(service::Descriptors{1024, 64, 896});
    };
    const sources::probe::Identity identity{
        "recoup/test", std::make_shared<sources::probe::Keyring>(
                           documents::Environment{{"AWS_EC2_METADATA_DISABLED", "true"}},
                           sim.world(), sources::probe::Keyring::Say{})};
    auto opened = service::Service::open(settings(most), std::move(machine), identity, nullptr,
                                         [](std::string_view) {});
    INFO((opened ? "" : opened.error().message));
    REQUIRE(opened.ok());
    service = *std::move(opened);
    running =
        sim.start("service", [this](const std::stop_token& stop) { ran = service->run(stop); });
  }

  void stop() {
    running->request_stop();
    running->join();
    CHECK(ran.ok());
    service = nullptr;
  }

  std::string metrics() {
    const web::Request request{"GET", "/metrics", {}, {}, {}};
    return web::finished(service->handler()(request)).body;
  }

  // What was sent and what was missed for want of a budget, in the time.
  std::pair<std::uint64_t, std::uint64_t> counted(const std::string& from, const std::string& to) {
    const auto ledger =
        *ledger::open_ledger("sqlite:" + dir.file("ledger.db"), ledger::Missing::make);
    const auto tallies = ledger->tallies("a", {at(from), at(to)});
    REQUIRE(tallies.ok());
    std::uint64_t missed = 0;
    for (const auto& row : tallies->rows()) {
      const auto& outcome = tallies->outcomes()[row.outcome];
      if (outcome == core::Outcome(core::Missed{core::NotSent::budget})) missed += row.count;
    }
    return {tallies->sent(), missed};
  }
};

}  // namespace

TEST_CASE("at its cap an agreement's probes stop, and what was due is missed for that reason") {
  World world("2026-11-03T10:00:00Z");
  world.sim.run_until(at("2026-11-03T10:02:00Z"));
  const std::string metrics = world.metrics();
  CHECK(metrics.find("recoup_probe_requests_max{agreement=\"a\"} 100\n") != std::string::npos);
  CHECK(metrics.find("recoup_probe_requests_per_month{agreement=\"a\"} 5184000\n") !=
        std::string::npos);
  CHECK(metrics.find("recoup_probe_cost_per_month{agreement=\"a\",currency=\"USD\"} ") !=
        std::string::npos);
  world.stop();
  const auto [sent, missed] = world.counted("2026-11-03T10:00:00Z", "2026-11-03T10:02:00Z");
  CHECK(sent == 100);
  CHECK(sent + missed == 240);
}

TEST_CASE("what was sent before a new start counts, and so does what a raised cap leaves") {
  World world("2026-11-03T10:00:00Z");
  world.sim.run_until(at("2026-11-03T10:00:30Z"));
  world.stop();
  world.start(100);
  world.sim.run_until(at("2026-11-03T10:02:00Z"));
  REQUIRE(world.service->exchange(world.settings(130)).ok());
  world.sim.run_until(at("2026-11-03T10:04:00Z"));
  world.stop();
  CHECK(world.counted("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z").first == 130);
}

TEST_CASE("with the next billing cycle the probes are sent again") {
  World world("2026-11-30T23:58:00Z");
  world.sim.run_until(at("2026-12-01T00:00:30Z"));
  world.stop();
  CHECK(world.counted("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z").first == 100);
  const auto [sent, missed] = world.counted("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z");
  CHECK(sent >= 58);
  CHECK(missed == 0);
}
