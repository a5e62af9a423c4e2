#include "service/cycle_sealer.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <thread>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "ledger/open.h"
#include "service/monitor.h"
#include "service/system_world.h"
#include "sources/probe/loop.h"
#include "support/catch.h"
#include "support/contracts.h"
#include "support/fake_clock.h"
#include "support/faulty_ledger.h"
#include "support/process.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

const core::Month kOctober = std::chrono::year(2026) / 10;
const core::Month kNovember = std::chrono::year(2026) / 11;
const core::Instant kBegin = *core::parse_instant("2026-10-01T00:00:00Z");
const core::Instant kEnd = *core::parse_instant("2026-11-01T00:00:00Z");
const core::Instant kSafe = *core::parse_instant("2026-12-01T00:00:00Z");
const core::Instant kLiteral = *core::parse_instant("2027-01-01T00:00:00Z");
constexpr auto kGrace = std::chrono::hours(24);

// Keeps what is logged, as lines of "level message", while it lives.
class Log {
 public:
  Log() : before_(spdlog::default_logger()) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    auto logger = std::make_shared<spdlog::logger>("test", std::move(sink));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~Log() { spdlog::set_default_logger(before_); }

  // The lines so far with that in them; each is told once.
  std::vector<std::string> take(const std::string& part) {
    std::vector<std::string> found;
    std::istringstream lines(text_.str());
    for (std::string line; std::getline(lines, line);) {
      if (line.find(part) != std::string::npos) found.push_back(line);
    }
    text_.str("");
    return found;
  }

 private:
  std::shared_ptr<spdlog::logger> before_;
  std::ostringstream text_;
};

// World is an agreement whose October had 1 Error in 10 Requests, and whose charge is stated.
struct World {
  test::TempDir dir;
  std::string url = "sqlite:" + dir.file("ledger.db");
  test::FaultyLedger ledger{url};
  std::shared_ptr<config::Settings> settings = std::make_shared<config::Settings>();
  FakeClock clock;
  Log log;
  std::vector<core::Error> failures;
  std::optional<service::CycleSealer> sealer;

  explicit World(core::Instant now) : clock(now) {
    config::AgreementSettings kms;
    kms.agreement.id = "kms";
    kms.rule = std::make_shared<const core::Rule>(
        core::Rule{"aws-kms", "aws", "AWS KMS", {}, {test::kms_like()}});
    kms.charges.stated = {{kOctober, {core::Ratio(1845, 1), "USD"}, "invoice"}};
    settings->agreements = {kms};
    const auto probe = *ledger.series({"kms", record::SeriesKind::probe, "p", "berlin"});
    REQUIRE(ledger
                .write({.minutes = {{probe,
                                     core::minute_of(kBegin),
                                     {{core::Answered{200}, 9}, {core::Answered{503}, 1}}}}})
                .ok());
    start();
  }

  config::AgreementSettings& kms() { return settings->agreements.front(); }

  service::Machine machine() const {
    return {{clock, service::system_world().threads}, std::make_unique<sources::probe::Loop>()};
  }

  // As a service that begins.
  void start(const record::SealKey* key = nullptr) {
    sealer.emplace(settings, ledger, clock, service::CycleSealer::Sealer{key},
                   [this](const core::Error& error) { failures.push_back(error); });
  }

  void pass(std::chrono::milliseconds time) {
    clock.advance(time);
    sealer->turn();
  }

  void import(const std::string& name, core::Instant at) {
    record::ImportedFile file;
    file.name = name;
    file.digest = "digest-of-" + name;
    REQUIRE(*ledger.import("kms", "nginx", file,
                           {.minutes = {{0,
                                         core::minute_of(at),
                                         {{core::Answered{200}, 40}, {core::Answered{503}, 2}}}}},
                           ""));
  }

  // October's bill as FOCUS, with an invoice's number or, as long as there is none, without.
  void bill(const std::string& amount, const std::string& invoice) {
    kms().charges.stated.clear();
    billing::BillSettings bill;
    bill.paths = {dir.file("bill.csv")};
    bill.provider = "AWS";
    bill.service = "AWS Key Management Service";
    bill.region = "us-east-1";
    bill.account = "123456789012";
    kms().charges.bills = {bill};
    dir.write("bill.csv",
              "BilledCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,"
              "ChargeClass,InvoiceId,ProviderName,RegionId,ServiceName,SubAccountId\n" +
                  amount + ",USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,Usage,," + invoice +
                  ",AWS,us-east-1,AWS Key Management Service,123456789012\n");
  }

  std::vector<record::Seal> seals() { return *ledger.seals("kms"); }

  void mark(record::ClaimStep step) {
    REQUIRE(ledger.add_claim_event({"kms", kOctober, clock.wall(), step}).ok());
  }

  record::ClaimLife life() {
    const auto past = sealer->past();
    REQUIRE(past.size() == 1);
    REQUIRE(past[0].claims.size() == 1);
    return past[0].claims[0];
  }
};

bool has(const std::vector<std::string>& sentences, const std::string& part) {
  return std::any_of(sentences.begin(), sentences.end(),
                     [&](const std::string& one) { return one.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("the service seals a month within an hour of its grace's end, and not before it") {
  World world(kEnd + kGrace - 1h);
  world.sealer->turn();
  world.pass(1h - 1ms);
  CHECK(world.seals().empty());
  REQUIRE(world.sealer->past().size() == 1);
  CHECK(world.sealer->past()[0].sealed == 0);
  world.pass(1h);
  REQUIRE(world.seals().size() == 1);
  const record::Seal seal = world.seals()[0];
  CHECK(seal.month == kOctober);
  CHECK(seal.amount == core::Money{core::Ratio(369, 2), "USD"});
  CHECK(seal.eligible);
  CHECK(world.log.take("sealed") == std::vector{"info kms 2026-10: sealed, uptime "
                                                "99.998879928315 % by 10 Requests, digest " +
                                                seal.digest});
  for (int hour = 0; hour < 50; ++hour) world.pass(1h);
  CHECK(world.seals().size() == 1);
  CHECK(world.failures.empty());
}

TEST_CASE("a service that starts late seals what is due at its first turn") {
  World world(kEnd + kGrace + 24h * 5);
  world.sealer->turn();
  CHECK(world.seals().size() == 1);
}

TEST_CASE("a log that comes late is sealed within a minute, and the log says what changed") {
  World world(kEnd + kGrace);
  world.sealer->turn();
  REQUIRE(world.seals().size() == 1);
  world.log.take("");
  world.import("late.log", kBegin + 1h);
  world.pass(30s);
  CHECK(world.seals().size() == 1);
  world.pass(30s);
  REQUIRE(world.seals().size() == 2);
  CHECK(has(world.seals()[1].changes, "log file imported: late.log"));
  const auto told = world.log.take("revision 2");
  REQUIRE(told.size() == 1);
  CHECK(
      told[0].starts_with("warning kms 2026-10: sealed again as revision 2: Requests: 52, "
                          "before 10; "));
  CHECK(told[0].find("log file imported: late.log") != std::string::npos);
  CHECK(world.sealer->past()[0].sealed == 1);
  CHECK(world.sealer->past()[0].revisions == 2);
}

TEST_CASE("what lies outside the ledger, a charge or a rule's text, is noticed once a day") {
  World world(kEnd + kGrace);
  world.sealer->turn();
  world.kms().charges.stated[0].amount.amount = core::Ratio(2000, 1);
  for (int hour = 0; hour < 23; ++hour) world.pass(1h);
  CHECK(world.seals().size() == 1);
  world.pass(1h);
  REQUIRE(world.seals().size() == 2);
  CHECK(has(world.seals()[1].changes, "charge: 2000.00 USD (stated), before 1845.00 USD (stated)"));
}

TEST_CASE("a bill that is not final makes no revision of a sealed charge until it is final") {
  World world(kEnd + kGrace);
  world.bill("1000.00", "");
  world.sealer->turn();
  REQUIRE(world.seals().size() == 1);
  INFO((world.failures.empty() ? "" : world.failures[0].message));
  CHECK(world.seals()[0].charge == core::Money{core::Ratio(1000, 1), "USD"});

  world.bill("1100.5", "");
  world.pass(24h);
  world.bill("1200.25", "");
  world.pass(24h);
  CHECK(world.seals().size() == 1);

  // With another reason the charge as it stands comes in.
  world.import("late.log", kBegin + 1h);
  world.pass(1min);
  REQUIRE(world.seals().size() == 2);
  CHECK(has(world.seals()[1].changes, "charge: 1200.25 USD (bill), before 1000.00 USD (bill)"));

  world.bill("1201.25", "INV-1");
  world.pass(24h);
  REQUIRE(world.seals().size() == 3);
  CHECK(world.seals()[2].changes ==
        std::vector<std::string>{"charge: 1201.25 USD (bill), before 1200.25 USD (bill)",
                                 "amount to claim: 120.12 USD, before 120.02 USD"});
  world.pass(24h);
  CHECK(world.seals().size() == 3);
}

TEST_CASE("the first charge that is known is a reason, final or not") {
  World world(kEnd + kGrace);
  world.kms().charges.stated.clear();
  world.sealer->turn();
  REQUIRE(world.seals().size() == 1);
  CHECK_FALSE(world.seals()[0].eligible);
  world.bill("1000.00", "");
  world.pass(24h);
  REQUIRE(world.seals().size() == 2);
  CHECK(world.seals()[1].eligible);
}

TEST_CASE("a bill that cannot be read takes nothing back from a seal") {
  World world(kEnd + kGrace);
  world.bill("1000.00", "INV-1");
  world.sealer->turn();
  REQUIRE(world.seals().size() == 1);
  std::filesystem::remove(world.dir.file("bill.csv"));
  world.pass(24h);
  CHECK(world.seals().size() == 1);
  CHECK(world.failures.empty());

  // A revision that is due for another reason waits for the bill, and that is told.
  world.import("late.log", kBegin + 1h);
  world.pass(1min);
  CHECK(world.seals().size() == 1);
  REQUIRE(world.failures.size() == 1);
  CHECK(
      world.failures[0].message.starts_with("expected a charge for the new revision, got none: "));
  CHECK(world.failures[0].where == "kms 2026-10");
  world.bill("1000.00", "INV-1");
  world.pass(1h);
  REQUIRE(world.seals().size() == 2);
  CHECK(world.seals()[1].charge == core::Money{core::Ratio(1000, 1), "USD"});
}

TEST_CASE("a ledger that cannot be written is told, and the month is sealed an hour later") {
  World world(kEnd + kGrace);
  world.ledger.fail_writes(1);
  world.sealer->turn();
  CHECK(world.seals().empty());
  REQUIRE(world.failures.size() == 1);
  world.pass(59min);
  CHECK(world.seals().empty());
  world.pass(1min);
  CHECK(world.seals().size() == 1);
  CHECK(world.failures.size() == 1);
}

TEST_CASE("a month that no version of the contract was in force for is told of once a day") {
  World world(kEnd + kGrace);
  world.import("old.log", *core::parse_instant("2022-10-05T00:00:00Z"));
  for (int hour = 0; hour < 25; ++hour) world.pass(1h);
  const auto seals = world.seals();
  REQUIRE(seals.size() == 1);
  CHECK(seals.front().month == kOctober);
  const auto told = world.log.take("cannot be judged");
  REQUIRE(told.size() == 2);
  CHECK(told[0] ==
        "warning kms: 1 of 2 months cannot be judged and sealed: expected a month under a known "
        "version of aws-kms, got 2022-10; the oldest known version is effective since 2022-11-29");
  CHECK(world.failures.empty());
}

TEST_CASE("one old line makes one seal, and the silent years after it none") {
  World world(kEnd + kGrace);
  world.import("stray.log", *core::parse_instant("2023-02-05T00:00:00Z"));
  for (int hour = 0; hour < 50; ++hour) world.pass(1h);
  const auto seals = world.seals();
  REQUIRE(seals.size() == 2);
  CHECK(seals[0].month == std::chrono::year(2023) / 2);
  CHECK(seals[1].month == kOctober);
  CHECK(world.log.take("cannot be judged").empty());
}

TEST_CASE("a month in which every probe was missed is sealed as not measured") {
  World world(kEnd + 24h * 32);
  const auto probe = *world.ledger.series({"kms", record::SeriesKind::probe, "p", "berlin"});
  REQUIRE(world.ledger.write({.gaps = {{probe, {{kEnd, kEnd + 24h * 10}, 5s}}}}).ok());
  world.sealer->turn();
  const auto seals = world.seals();
  REQUIRE(seals.size() == 2);
  CHECK(seals[1].month == kNovember);
  CHECK(seals[1].requests == 0);
  const auto told = world.log.take("2026-11: sealed, not measured, digest");
  CHECK(told.size() == 1);
  REQUIRE(world.sealer->past()[0].claims.size() == 2);
  CHECK(world.sealer->past()[0].claims[1].state == record::ClaimState::unmeasured);
}

TEST_CASE("claims are warned of once a day from 14 days before the safe deadline") {
  World world(kEnd + kGrace);
  world.sealer->turn();
  CHECK(world.life().state == record::ClaimState::claimable);
  CHECK(world.life().days_left == 29);
  CHECK_FALSE(world.life().warn);
  world.pass(kSafe - record::kClaimWarning - world.clock.wall() - 1min);
  CHECK(world.log.take("deadline").empty());
  world.pass(1min);
  CHECK(world.life().warn);
  CHECK(world.log.take("deadline") ==
        std::vector<std::string>{
            "warning kms 2026-10: 184.50 USD can be claimed, and the deadline ends in 14 days: it "
            "must be received before 2026-12-01T00:00:00Z (by the literal reading "
            "2027-01-01T00:00:00Z); recoup claim --agreement kms --month 2026-10 --out "
            "claim-kms-2026-10"});
  for (int hour = 0; hour < 23; ++hour) world.pass(1h);
  CHECK(world.log.take("deadline").empty());
  world.mark(record::ClaimStep::written);
  world.pass(1h);
  const auto written = world.log.take("deadline");
  REQUIRE(written.size() == 1);
  CHECK(written[0].ends_with(
      "in 13 days: it must be received before 2026-12-01T00:00:00Z (by the literal reading "
      "2027-01-01T00:00:00Z); send it, then: recoup claims mark --agreement kms --month 2026-10 "
      "submitted --case ID"));
  world.pass(kSafe - world.clock.wall());
  CHECK(has(world.log.take("deadline"), "the deadline is over"));
  world.mark(record::ClaimStep::submitted);
  world.pass(24h);
  CHECK(world.log.take("deadline").empty());
}

TEST_CASE("a service that starts again warns again") {
  World world(kSafe - 24h);
  world.sealer->turn();
  CHECK(world.log.take("ends in 1 day:").size() == 1);
  world.start();
  world.sealer->turn();
  CHECK(world.log.take("deadline").size() == 1);
}

TEST_CASE("the lives of claims follow what is marked at the next turn, and time") {
  World world(kEnd + kGrace);
  world.sealer->turn();
  CHECK(world.life().ground.revision == 1);
  world.mark(record::ClaimStep::written);
  CHECK(world.life().state == record::ClaimState::claimable);
  world.pass(1s);
  CHECK(world.life().state == record::ClaimState::written);
  world.pass(kLiteral - world.clock.wall());
  CHECK(world.life().state == record::ClaimState::expired);
}

TEST_CASE("the monitor seals in its loop, and its snapshot has the lives and the failures") {
  World world(kEnd + kGrace);
  world.sealer.reset();
  service::Monitor monitor(world.settings, world.ledger, world.machine(), {"recoup/test", {}});
  REQUIRE(monitor.start().ok());
  CHECK(monitor.snapshot().past.empty());
  CHECK(monitor.snapshot().ledger_errors.at("seal") == 0);
  world.ledger.fail_writes(1);
  monitor.turn();
  CHECK(monitor.snapshot().ledger_errors.at("seal") == 1);
  CHECK(world.log.take("ledger: seal failed (1 times)").size() == 1);
  world.clock.advance(1h);
  monitor.turn();
  const auto past = monitor.snapshot().past;
  REQUIRE(past.size() == 1);
  CHECK(past[0].agreement == "kms");
  CHECK(past[0].sealed == 1);
  REQUIRE(past[0].claims.size() == 1);
  CHECK(past[0].claims[0].state == record::ClaimState::claimable);
}

TEST_CASE("with a way of its own to the ledger a thread beside the monitor's loop seals") {
  World world(kEnd + kGrace);
  world.sealer.reset();
  const auto second = *ledger::open_ledger(world.url);
  service::Monitor monitor(world.settings, world.ledger, world.machine(), {"recoup/test", {}},
                           {second.get(), nullptr});
  REQUIRE(monitor.start().ok());
  monitor.turn();
  CHECK(world.seals().empty());
  {
    std::jthread running([&](const std::stop_token& stop) { monitor.run(stop); });
    CHECK(test::eventually([&] { return !monitor.snapshot().past.empty(); }));
  }
  CHECK(world.seals().size() == 1);
  CHECK(monitor.snapshot().past.at(0).sealed == 1);
}
