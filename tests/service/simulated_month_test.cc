// A month of the whole service in a moment: its time and its network are simulated, and everything
// else is what `recoup run` runs, from the settings to the seal in a ledger on disk.
#include "service/service.h"

#include <curl/curl.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "ledger/open.h"
#include "support/catch.h"
#include "support/sim_network.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

constexpr core::Month kOctober = std::chrono::year(2026) / 10;
const core::Interval kCycle = core::cycle_of(kOctober, core::Zone::utc()).span;

core::Instant at(int day, std::chrono::nanoseconds time) {
  return kCycle.begin + std::chrono::days(day - 1) + std::chrono::duration_cast<core::Millis>(time);
}

// The folder where files are in memory: a month has 44,640 writes that wait for a disk else.
std::filesystem::path fast_folder() {
  const std::filesystem::path memory = "/dev/shm";
  return std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
}

// What becomes of the request that starts then.
test::SimNetwork::Reply provider(core::Instant now) {
  const auto in = [&](core::Instant begin, core::Instant end) { return begin <= now && now < end; };
  const std::string id = "x-amzn-requestid: 00000000-0000-4000-8000-000000000001\r\n";
  // 3 of the 5 requests of one interval, and 4 of the next: 1.4 intervals are lost.
  if (in(at(4, 10h + 2min), at(4, 10h + 9min))) return test::SimNetwork::answer(503, id);
  // Nobody answers for half an hour; without an answer nothing is a Request of this contract.
  if (in(at(12, 3h), at(12, 3h + 30min))) return test::SimNetwork::never();
  // Around the end of the process: 2 of 5, and then all that was recorded, which is one.
  if (in(at(15, 7h + 58min), at(15, 8h + 5min))) return test::SimNetwork::answer(503, id);
  // Every third minute for two hours: 40 Errors in 24 intervals of 5 Requests.
  if (in(at(20, 13h), at(20, 15h)) && (now - at(20, 13h)) / 1min % 3 == 0) {
    return test::SimNetwork::answer(500, id);
  }
  // Somebody on the way answers for the provider: no Request.
  if (in(at(25, 10min), at(25, 11min))) return test::SimNetwork::answer(503);
  return test::SimNetwork::answer(200, id);
}

// House is a simulated machine with the settings and the ledger of a service on its disk.
class House {
 public:
  House() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(said_)));
    auto read = config::parse_settings(text(), dir_.file("recoup.toml"), {});
    INFO((read ? "" : read.error().message));
    REQUIRE(read.ok());
    settings_ = std::make_shared<const config::Settings>(*std::move(read));
  }
  ~House() {
    stop();
    spdlog::set_default_logger(before_);
  }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  test::SimWorld sim{kCycle.begin};

  void start() {
    service::Machine machine{sim.world(),
                             std::make_unique<test::SimNetwork>(
                                 sim, [](const auto&, auto now) { return provider(now); }),
                             // In this world nobody does anything without telling.
                             {.clock = 1h, .files = 1h, .record = 1min, .judge = 4h, .seal = 1h}};
    auto opened = service::Service::open(settings_, std::move(machine), {"recoup/test", {}},
                                         nullptr, [](std::string_view) {});
    INFO((opened ? "" : opened.error().message));
    REQUIRE(opened.ok());
    service_ = *std::move(opened);
    thread_ = sim.start("service",
                        [this](const std::stop_token& stop) { ended_ = service_->run(stop).ok(); });
  }

  // In order.
  void stop() {
    thread_.reset();
    service_.reset();
  }

  // As by SIGKILL: nothing of what is in memory is saved.
  void kill() {
    sim.kill();
    stop();
  }

  bool ended_in_order() const { return ended_; }

  std::string ask(const std::string& path) {
    const web::Request request{"GET", path, {}, {}, {}};
    return web::finished(service_->handler()(request)).body;
  }

  std::unique_ptr<ledger::Ledger> ledger() {
    return std::move(*ledger::open_ledger("sqlite:" + dir_.file("ledger.db")));
  }

  std::string said() const { return said_.str(); }

 private:
  std::string text() const {
    return "ledger = \"sqlite:" + dir_.file("ledger.db") + R"("

[[agreement]]
id      = "kms"
sla     = "aws-kms"
account = "123456789012"
region  = "us-east-1"

  [[agreement.probe]]
  id      = "generate-random"
  url     = "https://kms.us-east-1.amazonaws.com/"
  method  = "POST"
  every   = "1m"
  timeout = "10s"
  request_id_header = "x-amzn-requestid"

  [agreement.charges]
  stated = [ { month = "2026-10", amount = "1845.00", currency = "USD", note = "invoice" } ]
)";
  }

  const test::TempDir dir_{fast_folder()};
  std::ostringstream said_;
  const std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  config::SharedSettings settings_;
  std::unique_ptr<service::Service> service_;
  std::unique_ptr<core::Thread> thread_;
  bool ended_ = false;
};

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a month of the whole service, with a kill in its midst, is exact to the last Error") {
  House house;
  house.start();

  // The machine sleeps for two hours of a good night.
  house.sim.run_until(at(8, 2h + 30s));
  house.sim.suspend(2h);

  // The process is killed in the midst of an outage. Its last minute was not recorded yet.
  house.sim.run_until(at(15, 8h + 1min + 30s));
  house.kill();
  CHECK_FALSE(house.ended_in_order());
  house.sim.run_until(at(15, 8h + 9min + 10s));
  house.start();
  CHECK(has(house.ask("/api/v1/agreements/kms/assessments/2026-10"), "\"stopped\":9"));

  // A day after the cycle, and not before, it is sealed.
  house.sim.run_until(at(32, 0h));
  const std::string metrics = house.ask("/metrics");
  house.sim.run_until(at(32, 23h));
  CHECK(house.ledger()->seals("kms")->empty());
  house.sim.run_until(at(33, 2h));
  CHECK(has(house.ask("/api/v1/agreements/kms/claims"), "\"month\":\"2026-10\""));
  house.stop();
  CHECK(house.ended_in_order());

  // What nobody measured: the night by the machine's clocks, and from the last minute that is
  // durable to the start.
  const auto ledger = house.ledger();
  const auto tallies = ledger->tallies("kms", kCycle);
  REQUIRE(tallies.ok());
  REQUIRE(tallies->gaps().size() == 2);
  CHECK(tallies->gaps()[0].span.begin == at(8, 2h + 1min));
  CHECK(tallies->gaps()[0].due(kCycle) == 120);
  CHECK(tallies->gaps()[0].reason == core::NotSent::suspended);
  CHECK(tallies->gaps()[1] ==
        core::Gap{{at(15, 8h + 1min), at(15, 8h + 9min + 10s)}, 1min, core::NotSent::stopped});

  // 1.4 + 8 + 0.4 + 1 of 8,928 intervals are lost.
  const auto seals = ledger->seals("kms");
  REQUIRE(seals.ok());
  REQUIRE(seals->size() == 1);
  const record::Seal& seal = seals->front();
  CHECK(seal.month == kOctober);
  CHECK(seal.revision == 1);
  CHECK(seal.at >= kCycle.end + 24h);
  CHECK(seal.at <= kCycle.end + 25h);
  CHECK(seal.uptime == core::Ratio(2477, 2480));
  CHECK(seal.errors == 50);
  // Of every minute, but for 120 and 8 that nobody asked in, 30 without an answer and one that
  // somebody else gave.
  CHECK(seal.requests == 44640 - 120 - 8 - 30 - 1);
  CHECK(seal.evidence_records == 50 + 30 + 1);
  CHECK(seal.amount == core::Money{core::Ratio(369, 2), "USD"});
  CHECK(record::seal_faults(seal).empty());
  CHECK(has(metrics, "recoup_monthly_uptime_ratio"));
  CHECK(has(house.said(), "kms 2026-10: sealed"));
}
