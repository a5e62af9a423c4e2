// The settings of a running service are exchanged, in a simulated world.
#include <numeric>

#include "ledger/open.h"
#include "service/service.h"
#include "service/system_world.h"
#include "support/catch.h"
#include "support/loopback_server.h"
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

std::string probe(const std::string& id, const std::string& more = {}) {
  return "[[agreement.probe]]\nid = \"" + id + "\"\nurl = \"http://provider.example/" + id +
         "\"\nevery = \"1s\"\n" + more;
}

std::string agreement(const std::string& id, const std::string& region, const std::string& probes) {
  return "[[agreement]]\nid = \"" + id + "\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n" +
         "region = \"" + region + "\"\n" + probes;
}

const std::string kBefore = agreement("a", "us-east-1", probe("stays") + probe("gone"));
const std::string kAfter =
    agreement("a", "us-east-1", probe("stays")) + agreement("b", "us-west-2", probe("new"));

// The agreement of a contract that calls a 404 an Error.
const std::string kGuides =
    "[[agreement]]\nid = \"guides\"\nsla = \"stedi-public-guides\"\naccount = \"a\"\n";

// World is a service whose probe "gone" is answered with 404, and every other one with 200.
struct World {
  test::TempDir dir;
  test::SimWorld sim{at("10:00:00")};
  core::Result<service::Descriptors> descriptors{service::Descriptors{1024, 64, 896}};
  std::vector<std::size_t> asked_for;  // descriptors of so many probes, again and again
  // Where nobody has credentials.
  sources::probe::Identity identity{
      "recoup/test", std::make_shared<sources::probe::Keyring>(
                         documents::Environment{{"AWS_EC2_METADATA_DISABLED", "true"}}, sim.world(),
                         sources::probe::Keyring::Say{})};
  std::unique_ptr<service::Service> service = open(settings(kBefore));
  std::unique_ptr<core::Thread> running =
      sim.start("service", [this](const std::stop_token& stop) { ran = service->run(stop); });
  core::Result<void> ran;

  config::SharedSettings settings(const std::string& agreements, const std::string& more = {}) {
    const std::string text = "ledger = \"sqlite:ledger.db\"\nvantage = \"here\"\n" + more;
    auto read = config::parse_settings(text + agreements, dir.file("recoup.toml"), {});
    INFO((read ? "" : read.error().message));
    REQUIRE(read.ok());
    return std::make_shared<const config::Settings>(*std::move(read));
  }

  std::unique_ptr<service::Service> open(config::SharedSettings settings) {
    const auto script = [](const sources::probe::Transfer& asked, core::Instant) {
      return test::SimNetwork::answer(asked.settings().id == "gone" ? 404 : 200,
                                      "x-amzn-requestid: 1\r\n");
    };
    service::Machine machine{sim.world(), std::make_unique<test::SimNetwork>(sim, script)};
    machine.descriptors = [this](const sources::probe::Probes& probes) {
      asked_for.push_back(probes.size());
      return descriptors;
    };
    auto opened = service::Service::open(std::move(settings), std::move(machine), identity, nullptr,
                                         [](std::string_view) {});
    INFO((opened ? "" : opened.error().message));
    REQUIRE(opened.ok());
    return *std::move(opened);
  }

  core::Result<void> exchange(const std::string& agreements, const std::string& more = {}) {
    return service->exchange(settings(agreements, more));
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

  // Whether there is a page about the agreement.
  bool shows(const std::string& id) {
    web::Request request{"GET", "/api/v1/agreements/" + id, {}, {}, {}};
    return web::finished(service->handler()(request)).status == 200;
  }
};

// Requests of a probe in a minute.
std::uint64_t counted(ledger::Ledger& ledger, const std::string& agreement,
                      const std::string& probe, const std::string& minute) {
  const auto series = *ledger.series({agreement, SeriesKind::probe, probe, "here"});
  const auto counts = *ledger.counts(series, core::minute_of(at(minute)));
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& one) { return sum + one.count; });
}

// When the requests were sent that the ledger has evidence of.
std::vector<core::Instant> recorded(ledger::Ledger& ledger, const std::string& agreement) {
  std::vector<core::Instant> times;
  const auto note = [&](const record::Evidence& one) { times.push_back(one.at); };
  REQUIRE(ledger.evidence(agreement, {at("10:00:00"), at("12:00:00")}, note).ok());
  return times;
}

std::vector<core::Gap> gaps(ledger::Ledger& ledger, const std::string& agreement) {
  return ledger.tallies(agreement, {at("10:00:00"), at("12:00:00")})->gaps();
}

}  // namespace

TEST_CASE("settings of a running service are exchanged: what stays goes on, and no count is lost") {
  World world;
  world.sim.run_until(at("10:02:30"));
  CHECK(world.shows("a"));
  CHECK_FALSE(world.shows("b"));

  REQUIRE(world.exchange(kAfter).ok());
  CHECK(world.shows("a"));
  CHECK(world.shows("b"));
  world.sim.run_until(at("10:05:00"));

  const auto ledger = world.stop();
  for (const char* minute : {"10:01:00", "10:02:00", "10:03:00", "10:04:00"}) {
    INFO(minute);
    CHECK(counted(*ledger, "a", "stays", minute) == 60);
  }
  // One that is gone is recorded up to its end.
  CHECK(counted(*ledger, "a", "gone", "10:01:00") == 60);
  CHECK(counted(*ledger, "a", "gone", "10:02:00") == 30);
  CHECK(counted(*ledger, "a", "gone", "10:03:00") == 0);
  // One that is new was not measured before: that is no gap.
  CHECK(counted(*ledger, "b", "new", "10:01:00") == 0);
  CHECK(counted(*ledger, "b", "new", "10:02:00") == 30);
  CHECK(counted(*ledger, "b", "new", "10:03:00") == 60);
  CHECK(gaps(*ledger, "a").empty());
  CHECK(gaps(*ledger, "b").empty());
}

TEST_CASE("a probe that comes back was not measured meanwhile, and its minutes stay whole") {
  World world;
  SECTION("later") {
    world.sim.run_until(at("10:02:20"));
    REQUIRE(world.exchange(kAfter).ok());
    world.sim.run_until(at("10:02:40"));
    REQUIRE(world.exchange(kBefore).ok());
  }
  SECTION("before its counters were given up") {
    world.sim.run_until(at("10:02:20"));
    REQUIRE(world.exchange(kAfter).ok());
    REQUIRE(world.exchange(kBefore).ok());
  }
  world.sim.run_until(at("10:04:00"));
  const auto ledger = world.stop();
  const auto missed = gaps(*ledger, "a");
  REQUIRE(missed.size() == 1);
  const core::Interval minute{at("10:02:00"), at("10:03:00")};
  CHECK(missed[0].due(minute) == missed[0].due(missed[0].span));
  CHECK(missed[0].due(minute) >= 1);
  CHECK(counted(*ledger, "a", "gone", "10:02:00") + missed[0].due(minute) == 60);
  CHECK(counted(*ledger, "a", "gone", "10:03:00") == 60);
  CHECK(counted(*ledger, "a", "stays", "10:02:00") == 60);
}

TEST_CASE("a probe that changed is counted in the same series, by its new period from then on") {
  World world;
  world.sim.run_until(at("10:02:00"));
  std::string slower = kBefore;
  slower.replace(slower.rfind("1s"), 2, "2s");
  REQUIRE(world.exchange(slower).ok());
  world.sim.run_until(at("10:04:00"));
  const auto ledger = world.stop();
  CHECK(counted(*ledger, "a", "gone", "10:01:00") == 60);
  CHECK(counted(*ledger, "a", "gone", "10:02:00") == 30);
  CHECK(counted(*ledger, "a", "gone", "10:03:00") == 30);
  CHECK(counted(*ledger, "a", "stays", "10:02:00") == 60);
  CHECK(gaps(*ledger, "a").empty());
}

TEST_CASE("what cannot be exchanged is refused in words, and the service goes on as before") {
  World world;
  world.sim.run_until(at("10:01:30"));
  const auto refused = [&](const std::string& agreements, const std::string& more) {
    const auto done = world.exchange(agreements, more);
    return done ? std::string() : done.error().message;
  };
  CHECK(refused(kAfter, "listen = \"127.0.0.1:1\"\n") ==
        "expected the 'listen' that the service runs with, '127.0.0.1:9464', got '127.0.0.1:1'");
  CHECK(refused(kAfter, "signing_key = \"seal.pem\"\n")
            .starts_with("expected the 'signing_key' that the service runs with, '', got '"));
  CHECK(refused(agreement("a", "us-east-1", probe("stays", "sign = \"kms\"\n")), "") ==
        "cannot sign probe 'stays': expected AWS credentials, got none");
  CHECK_FALSE(world.shows("b"));
  world.sim.run_until(at("10:03:00"));
  const auto ledger = world.stop();
  CHECK(counted(*ledger, "a", "stays", "10:01:00") == 60);
  CHECK(counted(*ledger, "a", "gone", "10:02:00") == 60);
}

TEST_CASE(
    "what a new contract may call an Error has evidence from the exchange on, and no longer") {
  const std::string quiet =
      agreement("a", "us-east-1", probe("gone", "expect = [404]\n") + probe("stays"));
  World world;
  REQUIRE(world.exchange(quiet).ok());
  world.sim.run_until(at("10:01:00"));
  REQUIRE(world.exchange(quiet + kGuides).ok());
  world.sim.run_until(at("10:01:30"));
  REQUIRE(world.exchange(quiet).ok());
  world.sim.run_until(at("10:02:00"));
  const auto ledger = world.stop();
  CHECK(counted(*ledger, "a", "gone", "10:01:00") == 60);
  const auto times = recorded(*ledger, "a");
  REQUIRE(times.size() == 30);
  CHECK(times.front() >= at("10:01:00") - 1s);
  CHECK(times.back() < at("10:01:30"));
}

TEST_CASE("the machine is asked anew for the descriptors that probes need, and may refuse") {
  World world;
  config::Settings any_port = *world.settings(kBefore);
  any_port.listen.port = 0;
  const auto server =
      service::WebPort::open(any_port, {}, world.service->handler(), service::system_world());
  REQUIRE(server.ok());
  world.service->watch(**server);
  std::vector<std::unique_ptr<test::Client>> clients;
  for (std::uint64_t open = 1; open <= 9; ++open) {
    clients.push_back(std::make_unique<test::Client>((*server)->port()));
    REQUIRE(eventually([&] { return (*server)->counts().connections == open; }));
  }

  REQUIRE(world.exchange(kBefore + agreement("b", "us-west-2", probe("new"))).ok());
  CHECK(world.asked_for == std::vector<std::size_t>{3});
  CHECK((*server)->counts().closed_early == 0);
  // The probes take all: the server is left with its fewest connections.
  world.descriptors = service::Descriptors{64, 64, 0};
  REQUIRE(world.exchange(kAfter).ok());
  CHECK(world.asked_for == std::vector<std::size_t>{3, 2});
  CHECK((*server)->counts().closed_early == 1);

  world.descriptors = core::Error{"too few"};
  const auto done = world.exchange(kBefore);
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().message == "too few");
  CHECK(world.shows("b"));
  world.stop();
}
