// What AWS SDKs report to a running service, in a simulated world.
#include "ledger/open.h"
#include "service/service.h"
#include "support/captured_log.h"
#include "support/catch.h"
#include "support/sdk_datagrams.h"
#include "support/sim_network.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;
using record::SeriesKind;
using test::sdk_attempt;
using test::sdk_call;

namespace {

std::string day(const std::string& time) { return "2026-10-03T" + time + "Z"; }

core::Instant at(const std::string& time) { return *core::parse_instant(day(time)); }

std::string agreement(const std::string& id, const std::string& log) {
  return "[[agreement]]\nid = \"" + id + "\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n" +
         "region = \"us-east-1\"\n" + log;
}

const std::string kSdk = "[[agreement.log]]\nid = \"sdk\"\nformat = \"csm\"\n";
const std::string kOne = agreement("a", kSdk);
const std::string kTwo = agreement("a", kSdk + "clients = [\"app\"]\n") +
                         agreement("b", kSdk + "clients = [\"batch\"]\n");

// World is a service to which SDKs report.
struct World {
  test::TempDir dir;
  test::SimWorld sim{at("12:00:00")};
  test::SimDatagrams* sdk = nullptr;  // of the service
  sources::probe::Identity identity{"recoup/test", {}};
  std::unique_ptr<service::Service> service;
  std::unique_ptr<core::Thread> running;
  core::Result<void> ran;

  World() { start(kOne); }

  config::SharedSettings settings(const std::string& agreements) {
    const std::string text =
        "ledger = \"sqlite:ledger.db\"\nvantage = \"here\"\nsdk_listen = \"127.0.0.1:31000\"\n";
    auto read = config::parse_settings(text + agreements, dir.file("recoup.toml"), {});
    INFO((read ? "" : read.error().message));
    REQUIRE(read.ok());
    return std::make_shared<const config::Settings>(*std::move(read));
  }

  void start(const std::string& agreements) {
    const auto script = [](const sources::probe::Transfer&, core::Instant) {
      return test::SimNetwork::answer(200);
    };
    auto datagrams = std::make_unique<test::SimDatagrams>(sim);
    sdk = datagrams.get();
    service::Machine machine{sim.world(), std::make_unique<test::SimNetwork>(sim, script)};
    machine.datagrams = std::move(datagrams);
    auto opened = service::Service::open(settings(agreements), std::move(machine), identity,
                                         nullptr, [](std::string_view) {});
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
    CHECK(service->unsaved().lost.empty());
    service = nullptr;
  }

  std::unique_ptr<ledger::Ledger> ledger() {
    return *ledger::open_ledger("sqlite:" + dir.file("ledger.db"), ledger::Missing::make);
  }

  // "200 x 3" of a minute of an agreement's attempts, each.
  std::vector<std::string> counted(const std::string& agreement, const std::string& minute) {
    const auto opened = ledger();
    const auto series = *opened->series({agreement, SeriesKind::sdk, "sdk", "here"});
    std::vector<std::string> all;
    const auto counts = *opened->counts(series, core::minute_of(at(minute)));
    for (const auto& [outcome, count] : counts) {
      all.push_back(fmt::format("{} x {}", core::to_text(outcome), count));
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  std::string answer(const std::string& path) {
    web::Request request{"GET", path, {}, {}, {}};
    return web::finished(service->handler()(request)).body;
  }
};

using Lines = std::vector<std::string>;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what SDKs report is durable a second later, with its records, and judged") {
  World world;
  world.sdk->send(sdk_attempt(day("12:00:00.100"), 503,
                              R"(,"XAmznRequestId":"req-1","AccessKey":"AKIAIOSFODNN7EXAMPLE")"));
  world.sdk->send(sdk_attempt(day("12:00:00.200"), 200));
  world.sdk->send(sdk_call(day("12:00:00.100"), 2));
  world.sim.pass(2s);
  CHECK(world.counted("a", "12:00:00") == Lines{"200 x 1", "503 x 1"});
  std::vector<record::Evidence> kept;
  REQUIRE(world.ledger()
              ->evidence("a", {at("12:00:00"), at("12:01:00")},
                         [&](const record::Evidence& one) { kept.push_back(one); })
              .ok());
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].request_id == "req-1");
  CHECK(kept[0].detail == "Decrypt");

  world.sim.pass(10s);
  const std::string metrics = world.answer("/metrics");
  CHECK(has(metrics, R"(recoup_sdk_datagrams_total{kind="attempt"} 2)"));
  CHECK(has(metrics, R"(recoup_sdk_datagrams_total{kind="call"} 1)"));
  CHECK(has(metrics, R"(recoup_sdk_attempts_total{agreement="a",log="sdk",outcome="503"} 1)"));
  // Of two Requests in one interval one failed, by the word of a process.
  CHECK(has(world.answer("/api/v1/agreements/a"), "\"errors\":1,"));
  CHECK(has(world.answer("/api/v1/agreements/a"), "\"errors_reported_by_local_processes\":1,"));
  world.stop();
}

TEST_CASE("a minute in which the service was started again has the attempts of both runs") {
  World world;
  world.sdk->send(sdk_attempt(day("12:00:01"), 200));
  world.sdk->send(sdk_attempt(day("12:00:02"), 200));
  world.stop();
  world.start(kOne);
  world.sdk->send(sdk_attempt(day("12:00:03"), 200));
  world.sdk->send(sdk_attempt(day("11:59:59"), 500));
  world.sim.pass(2s);
  world.stop();
  CHECK(world.counted("a", "12:00:00") == Lines{"200 x 3"});
  CHECK(world.counted("a", "11:59:00") == Lines{"500 x 1"});
}

TEST_CASE("settings are exchanged while SDKs report, and no attempt is lost") {
  World world;
  world.sdk->send(sdk_attempt(day("12:00:01"), 200));
  world.sdk->send(sdk_attempt(day("12:00:01"), 200, "", "batch"));
  world.sim.pass(1s);
  REQUIRE(world.service->exchange(world.settings(kTwo)).ok());
  world.sdk->send(sdk_attempt(day("12:00:02"), 200));
  world.sdk->send(sdk_attempt(day("12:00:02"), 200, "", "batch"));
  world.sim.pass(1s);
  REQUIRE(world.service->exchange(world.settings(kOne)).ok());
  world.sdk->send(sdk_attempt(day("12:00:03"), 200, "", "batch"));
  world.sim.pass(1s);
  // One that comes back goes on in the series that it had.
  REQUIRE(world.service->exchange(world.settings(kTwo)).ok());
  world.sdk->send(sdk_attempt(day("12:00:04"), 200, "", "batch"));
  world.stop();
  CHECK(world.counted("a", "12:00:00") == Lines{"200 x 4"});
  CHECK(world.counted("b", "12:00:00") == Lines{"200 x 2"});
}

TEST_CASE(
    "what is lost of what SDKs report, and what nobody counts, is in the log and in metrics") {
  const test::CapturedLog log;
  World world;
  world.sim.run_until(at("12:05:00"));
  world.sdk->send(sdk_call(day("12:05:00"), 3));
  world.sdk->send(sdk_attempt(day("12:05:00"), 200));
  std::string other = sdk_attempt(day("12:05:00"), 200);
  other.replace(other.find("us-east-1"), 9, "eu-west-1");
  world.sdk->send(other);
  world.sdk->send("AKIAIOSFODNN7EXAMPLE");
  world.sdk->send(sdk_attempt("2026-10-01T12:05:00Z", 200));
  world.sdk->drop(4);
  world.sim.run_until(at("12:20:00"));

  CHECK(
      has(log.text(), "SDKs: 4 datagrams were dropped by the system, 4 since the service started"));
  CHECK(has(log.text(),
            "SDKs: 1 datagrams were malformed, 1 since the service started; the first: "
            "expected a JSON object, in a datagram of 20 bytes\n"));
  CHECK(has(log.text(), "SDKs: 1 attempts that are more than a day old, or lie ahead"));
  CHECK(has(log.text(),
            "SDKs: a/sdk: about 2 attempts of client 'app' from 2026-10-03T12:05:00Z to "
            "2026-10-03T12:10:00Z did not arrive"));
  CHECK(has(log.text(), "SDKs: attempts of KMS in eu-west-1 are counted by no agreement"));
  INFO(log.text());
  CHECK(log.lines() == 6);  // these, and who the judge is

  const std::string metrics = world.answer("/metrics");
  CHECK(has(metrics, "recoup_sdk_datagrams_dropped_total 4"));
  CHECK(has(metrics, R"(recoup_sdk_attempts_missing_total{agreement="a",log="sdk"} 2)"));
  CHECK(has(metrics, R"(recoup_sdk_datagrams_total{kind="malformed"} 1)"));
  CHECK(has(metrics, R"(recoup_sdk_datagrams_total{kind="untimely"} 1)"));
  CHECK(has(metrics,
            R"(recoup_sdk_attempts_uncounted_total{service="KMS",cloud_region="eu-west-1"} 1)"));
  // An interval that lost some says so.
  const std::string assessed = world.answer("/api/v1/agreements/a");
  CHECK(has(assessed,
            "\"from\":\"2026-10-03T12:05:00Z\",\"to\":\"2026-10-03T12:10:00Z\",\"why\":"
            "\"fewer attempts of AWS SDKs arrived than their calls counted\""));
  CHECK(has(assessed, "datagrams of AWS SDKs were dropped by the system"));
  world.stop();
}
