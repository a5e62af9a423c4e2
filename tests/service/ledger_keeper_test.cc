// The service keeps its ledger small: days that are over are folded, evidence goes when nothing can
// become of its month any more, and nothing else changes.

#include "service/ledger_keeper.h"

#include "judge/removed_evidence.h"
#include "ledger/other.h"
#include "service/cycle_sealer.h"
#include "support/captured_log.h"
#include "support/catch.h"
#include "support/contracts.h"
#include "support/fake_clock.h"
#include "support/faulty_ledger.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

const core::Month kOctober = std::chrono::year(2026) / 10;
const core::Instant kBegin = *core::parse_instant("2026-10-01T00:00:00Z");
const core::Instant kEnd = *core::parse_instant("2026-11-01T00:00:00Z");
constexpr auto kDay = std::chrono::hours(24);

// World is an agreement whose October had 1 Error in 10 Requests, and whose charge is stated.
struct World {
  test::TempDir dir;
  test::FaultyLedger ledger{"sqlite:" + dir.file("ledger.db")};
  std::shared_ptr<config::Settings> settings = std::make_shared<config::Settings>();
  FakeClock clock{kBegin + 2 * kDay};
  record::SeriesId probe = *ledger.series({"kms", record::SeriesKind::probe, "p", "berlin"});
  std::optional<service::LedgerKeeper> keeper;

  World() {
    config::AgreementSettings kms;
    kms.agreement.id = "kms";
    kms.rule = std::make_shared<const core::Rule>(
        core::Rule{"aws-kms", "aws", "AWS KMS", {}, {test::kms_like()}});
    kms.charges.stated = {{kOctober, {core::Ratio(1845, 1), "USD"}, "invoice"}};
    settings->agreements = {kms};
    see(kBegin);
    keeper.emplace(settings, ledger, clock);
  }

  // A minute with 1 Error in 10 Requests.
  void see(core::Instant at) {
    record::Batch batch;
    batch.minutes = {
        {probe, core::minute_of(at), {{core::Answered{200}, 9}, {core::Answered{503}, 1}}}};
    batch.evidence = {{probe, {at, 0, core::Answered{503}, "r", 5ms, "", ""}}};
    REQUIRE(ledger.write(batch).ok());
  }

  void seal() {
    service::CycleSealer sealer(settings, ledger, clock, {},
                                [](const core::Error& error) { FAIL(error.message); });
    sealer.turn();
    REQUIRE_FALSE(ledger.seals("kms")->empty());
  }

  void mark(record::ClaimStep step) {
    REQUIRE(ledger.add_claim_event({"kms", kOctober, clock.wall(), step}).ok());
  }

  void pass(core::Millis time) {
    clock.advance(time);
    keeper->turn();
  }

  std::size_t evidence() {
    std::size_t count = 0;
    REQUIRE(ledger.evidence("kms", {kBegin, kEnd}, [&](const record::Evidence&) { ++count; }).ok());
    return count;
  }
};

}  // namespace

TEST_CASE("a day is folded two days after its end, or as the settings say") {
  World world;
  world.pass(kDay - 1ms);
  CHECK(world.keeper->counts().folded.days == 0);
  // A round an hour.
  world.pass(1ms);
  CHECK(world.keeper->counts().folded.days == 0);
  world.pass(1h);
  CHECK(world.keeper->counts().folded.days == 1);
  CHECK(world.keeper->counts().folded.minutes == 2);
  CHECK(world.keeper->counts().failures == 0);

  world.see(kBegin + 2 * kDay);
  auto settings = std::make_shared<config::Settings>(*world.settings);
  settings->keep.minutes = 5 * kDay;
  world.keeper->exchange(settings);
  world.pass(4 * kDay);
  CHECK(world.keeper->counts().folded.days == 1);
  world.pass(1 * kDay);
  CHECK(world.keeper->counts().folded.days == 2);
}

TEST_CASE("evidence stays as long as something can become of its month, and a margin") {
  World world;
  const test::CapturedLog log;
  // Not sealed, however old it is.
  world.pass(3000 * kDay);
  CHECK(world.evidence() == 1);
  world.seal();
  world.pass(1h);
  CHECK(world.evidence() == 1);

  // The deadline was over long before: from the seal on the margin counts.
  world.pass(400 * kDay - 1h);
  CHECK(world.evidence() == 0);
  CHECK(world.keeper->counts().evidence_removed == 1);
  CHECK(*judge::evidence_removed_until(world.ledger, "kms") == kBegin + 1ms);
  CHECK(world.ledger.seals("kms")->size() == 1);
}

TEST_CASE("an open claim keeps its evidence, and that of all that came after it") {
  World world;
  world.clock.advance(40 * kDay);
  world.seal();
  world.mark(record::ClaimStep::submitted);
  world.pass(3000 * kDay);
  CHECK(world.evidence() == 1);
  world.mark(record::ClaimStep::credited);
  world.pass(399 * kDay);
  CHECK(world.evidence() == 1);
  world.pass(2 * kDay);
  CHECK(world.evidence() == 0);
}

TEST_CASE("a turn that fails is said, and taken again in a minute") {
  World world;
  const test::CapturedLog log;
  test::Other(world.dir.file("ledger.db")).run("ALTER TABLE tally_day RENAME TO elsewhere");
  world.pass(2 * kDay);
  CHECK(world.keeper->counts().failures == 1);
  CHECK(world.keeper->counts().failing.starts_with("could not fold days of the ledger: "));
  test::Other(world.dir.file("ledger.db")).run("ALTER TABLE elsewhere RENAME TO tally_day");
  world.pass(59s);
  CHECK(world.keeper->counts().failures == 1);
  CHECK_FALSE(world.keeper->counts().failing.empty());
  world.pass(1s);
  CHECK(world.keeper->counts().failing.empty());
  CHECK(world.keeper->counts().folded.days == 1);
}
