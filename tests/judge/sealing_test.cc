#include "judge/sealing.h"

#include "core/assess.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "support/catch.h"
#include "support/contracts.h"
#include "support/faulty_ledger.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

const core::Month kOctober = std::chrono::year(2026) / 10;
const core::Cycle kCycle = core::cycle_of(kOctober, core::Zone::utc());
const core::Instant kBegin = kCycle.span.begin;
const core::Instant kEnd = kCycle.span.end;
const core::Instant kDue = kEnd + judge::kSealGrace;
const core::Minute kMinute = core::minute_of(kBegin);
const core::Outcome kOk = core::Answered{200};
const core::Outcome kDown = core::Answered{503};

record::Evidence failure(core::Instant at) { return {at, 0, kDown, "req", 5ms, "", "GET /"}; }

using Sentences = std::vector<std::string>;

bool has(const Sentences& sentences, const std::string& part) {
  return std::any_of(sentences.begin(), sentences.end(),
                     [&](const std::string& one) { return one.find(part) != std::string::npos; });
}

// World is an agreement with one probe, whose October is judged from what its ledger holds.
struct World {
  test::TempDir dir;
  std::unique_ptr<ledger::Ledger> ledger = *ledger::open_ledger("sqlite:" + dir.file("ledger.db"));
  record::SeriesId probe = *ledger->series({"kms", record::SeriesKind::probe, "p", "berlin"});
  core::Rule rule{"aws-kms", "aws", "AWS KMS", {}, {test::kms_like()}};
  std::optional<core::Charge> charge;

  World() {
    see(kMinute, 9, 1);
    REQUIRE(ledger->write({.evidence = {{probe, failure(kBegin + 5s)}}}).ok());
  }

  void see(core::Minute minute, std::uint64_t served, std::uint64_t failed) {
    REQUIRE(ledger->write({.minutes = {{probe, minute, {{kOk, served}, {kDown, failed}}}}}).ok());
  }

  bool import(const std::string& name, core::Instant at, const std::string& replaces = "") {
    record::ImportedFile file;
    file.name = "/home/me/logs/" + name;
    file.digest = "digest-of-" + name;
    return *ledger->import("kms", "nginx", file,
                           {.minutes = {{0, core::minute_of(at), {{kOk, 40}, {kDown, 2}}}},
                            .evidence = {{0, failure(at)}}},
                           replaces);
  }

  core::Judgement judgement(core::Instant now) {
    core::Judgement judgement;
    judgement.agreement.id = "kms";
    judgement.agreement.exclusions = *ledger->exclusions("kms");
    judgement.rule = std::make_shared<const core::Rule>(rule);
    judgement.version = core::version_of(judgement.rule, judgement.rule->versions[0]);
    const auto tallies = ledger->tallies("kms", kCycle.span);
    REQUIRE(tallies.ok());
    judgement.assessment = core::assess(rule.versions[0], core::Zone::utc(), kCycle, *tallies,
                                        judgement.agreement.exclusions, now);
    judgement.credit = core::credit(rule.versions[0], judgement.assessment, charge);
    return judgement;
  }

  std::optional<record::Seal> seal(core::Instant now = kDue, const record::SealKey* key = nullptr) {
    const auto journal = *judge::journal_end(*ledger, "kms");
    auto sealed = judge::seal_if_due(*ledger, judgement(now), journal, key, now, judge::kSealGrace);
    INFO((sealed ? "" : sealed.error().message));
    REQUIRE(sealed.ok());
    return *sealed;
  }

  Sentences check(const record::Seal& seal) {
    const auto found = judge::check_seal(*ledger, seal);
    REQUIRE(found.ok());
    return found->faults;
  }

  Sentences waiting(const record::Seal& seal) {
    const auto found = judge::check_seal(*ledger, seal);
    REQUIRE(found.ok());
    return found->waiting;
  }

  std::vector<core::Month> due(core::Instant now, bool all = false) {
    const auto found =
        judge::months_to_seal(*ledger, "kms", core::Zone::utc(), now, judge::kSealGrace, all);
    REQUIRE(found.ok());
    std::vector<core::Month> months;
    for (const auto& one : *found) months.push_back(one.month);
    return months;
  }

  void tamper(const char* sql) { test::Other(dir.file("ledger.db")).run(sql); }
};

using Months = std::vector<core::Month>;

}  // namespace

TEST_CASE("a cycle is sealed when its grace is over, and not before") {
  World world;
  CHECK_FALSE(world.seal(kEnd - 1ms));
  CHECK_FALSE(world.seal(kDue - 1ms));
  const auto seal = world.seal(kDue);
  REQUIRE(seal);
  CHECK(seal->revision == 1);
  CHECK(seal->month == kOctober);
  CHECK(seal->cycle == kCycle.span);
  CHECK(seal->requests == 10);
  CHECK(seal->errors == 1);
  CHECK(seal->uptime == core::Ratio(89279, 89280));
  CHECK(seal->evidence_records == 1);
  CHECK(seal->rule_digest == "0000");
  CHECK(seal->changes.empty());
  CHECK(seal->previous.empty());
  REQUIRE(seal->chain.size() == 1);
  CHECK(seal->chain[0].records == 1);
  CHECK(world.ledger->seals("kms")->at(0).digest == seal->digest);
  CHECK(world.check(*seal).empty());
}

TEST_CASE("nothing that changed, nothing that is sealed again") {
  World world;
  REQUIRE(world.seal());
  CHECK_FALSE(world.seal(kDue + 24h));
  // What belongs to the next month is none of October's, though its series' chain grows.
  world.see(core::minute_of(kEnd), 1, 1);
  REQUIRE(world.ledger->write({.evidence = {{world.probe, failure(kEnd)}}}).ok());
  CHECK_FALSE(world.seal(kDue + 48h));
  CHECK(world.ledger->seals("kms")->size() == 1);
  CHECK(world.check(world.ledger->seals("kms")->at(0)).empty());
}

TEST_CASE("a log that comes late makes a new revision that says what changed and why") {
  World world;
  const auto first = world.seal();
  REQUIRE(first);
  REQUIRE(world.import("late.log", kBegin + 1h));
  const auto second = world.seal(kDue + 24h);
  REQUIRE(second);
  CHECK(second->revision == 2);
  CHECK(second->previous == first->digest);
  CHECK(second->changes ==
        Sentences{"Requests: 52, before 10", "Errors: 3, before 1",
                  "Monthly Uptime Percentage: 99.998346560846 %, before 99.998879928315 %",
                  "evidence records: 2, before 1", "log file imported: late.log"});
  CHECK(world.check(*second).empty());
  CHECK(world.check(*first).empty());
  CHECK_FALSE(world.seal(kDue + 48h));

  REQUIRE(world.import("longer.log", kBegin + 2h, "digest-of-late.log"));
  const auto third = world.seal(kDue + 72h);
  REQUIRE(third);
  CHECK(has(third->changes, "evidence records: 2, as before in number, and other ones"));
  CHECK(has(third->changes, "log file imported: longer.log, a longer copy of one that was there"));
  // The shorter copy's chain is gone, and nobody took it out behind the ledger's back.
  for (const auto& seal : {*first, *second, *third}) CHECK(world.check(seal).empty());
}

TEST_CASE("an exclusion, a charge and a rule's text make new revisions that name them") {
  World world;
  REQUIRE(world.seal());
  REQUIRE(world.ledger->exclude("kms", {{kBegin, kBegin + 1min}, "ours"}).ok());
  const auto excluded = world.seal();
  REQUIRE(excluded);
  CHECK(has(excluded->changes,
            "exclusion added: 2026-10-01T00:00:00Z to 2026-10-01T00:01:00Z: ours"));
  CHECK(has(excluded->changes, "Monthly Uptime Percentage: 100.000000000000 %"));
  CHECK_FALSE(has(excluded->changes, "no import explains it"));

  REQUIRE(*world.ledger->remove_exclusion("kms", {kBegin, kBegin + 1min}));
  const auto back = world.seal();
  REQUIRE(back);
  CHECK(has(back->changes, "exclusion removed: "));

  world.charge = core::Charge{{core::Ratio(1845, 1), "USD"}, "bill", "a.csv"};
  const auto charged = world.seal();
  REQUIRE(charged);
  CHECK(charged->amount == core::Money{core::Ratio(369, 2), "USD"});
  CHECK(charged->changes == Sentences{"charge: 1845.00 USD (bill), before not known",
                                      "amount to claim: 184.50 USD, before not known, not to be "
                                      "claimed"});

  world.rule.versions[0].digest = "1111";
  const auto ruled = world.seal();
  REQUIRE(ruled);
  CHECK(
      ruled->changes ==
      Sentences{"rule: aws-kms of 2022-11-29, text 1111, before aws-kms of 2022-11-29, text 0000"});
  CHECK(ruled->revision == 5);
  CHECK_FALSE(world.seal());
}

TEST_CASE("a time without the service that is recorded late is a reason") {
  World world;
  REQUIRE(world.seal());
  REQUIRE(world.ledger->write({.gaps = {{world.probe, {{kEnd - 1h, kEnd + 1h}, 5s}}}}).ok());
  const auto second = world.seal();
  REQUIRE(second);
  CHECK(has(second->changes,
            "time recorded in which the service did not run: "
            "2026-10-31T23:00:00Z to 2026-11-01T01:00:00Z"));
}

TEST_CASE("counts that nothing in the journal explains are said to be that") {
  World world;
  REQUIRE(world.seal());
  world.tamper("UPDATE tally SET count = 0 WHERE count = 1");
  const auto second = world.seal();
  REQUIRE(second);
  CHECK(second->changes.back() ==
        "the ledger holds other counts or evidence, and no import explains it");
}

TEST_CASE("which months are to be sealed follows from what was seen, sealed and noted since") {
  World world;
  const core::Month november = kOctober + std::chrono::months(1);
  CHECK(world.due(kDue - 1ms).empty());
  CHECK(world.due(kDue) == Months{kOctober});
  REQUIRE(world.seal());
  CHECK(world.due(kDue).empty());
  CHECK(world.due(kDue, true) == Months{kOctober});

  // What touches another month alone is none of October's.
  REQUIRE(world.import("november.log", kEnd + 1h));
  CHECK(world.due(kDue).empty());
  CHECK(world.due(kDue + 24h * 30) == Months{november});
  REQUIRE(world.import("october.log", kBegin + 1h));
  CHECK(world.due(kDue) == Months{kOctober});
  REQUIRE(world.seal());
  CHECK(world.due(kDue).empty());

  // What changed nothing was looked at, and is not looked at again.
  REQUIRE(world.ledger->exclude("kms", {{kBegin + 5h, kBegin + 6h}, "x"}).ok());
  REQUIRE(*world.ledger->remove_exclusion("kms", {kBegin + 5h, kBegin + 6h}));
  CHECK(world.due(kDue) == Months{kOctober});
  CHECK_FALSE(world.seal());
  CHECK(world.due(kDue).empty());
}

TEST_CASE("what comes between the verdict and its seal makes the month due again, and is sealed") {
  World world;
  const auto judgement = world.judgement(kDue);
  const auto before = *judge::journal_end(*world.ledger, "kms");
  REQUIRE(world.import("between.log", kBegin + 1h));
  REQUIRE(
      judge::seal_if_due(*world.ledger, judgement, before, nullptr, kDue, judge::kSealGrace).ok());
  CHECK(world.due(kDue) == Months{kOctober});
  const auto second = world.seal();
  REQUIRE(second);
  CHECK(second->requests == 52);
  CHECK(has(second->changes, "log file imported: between.log"));
  CHECK(world.due(kDue).empty());
}

TEST_CASE("a month between others in which nothing was seen is no month to seal") {
  World world;
  REQUIRE(world.import("december.log", kEnd + 24h * 31));
  CHECK(world.due(kEnd + 24h * 100) == Months{kOctober, kOctober + std::chrono::months(2)});
  CHECK(*judge::months_seen(*world.ledger, "kms", core::Zone::utc()) ==
        Months{kOctober, kOctober + std::chrono::months(2)});
  // A probe that was due in it is something to be told.
  REQUIRE(world.ledger->write({.gaps = {{world.probe, {{kEnd + 1h, kEnd + 2h}, 5s}}}}).ok());
  CHECK(world.due(kEnd + 24h * 100) ==
        Months{kOctober, kOctober + std::chrono::months(1), kOctober + std::chrono::months(2)});
}

TEST_CASE("of a cycle that was not measured there is a seal where a probe was due, else none") {
  World world;
  world.tamper("DELETE FROM tally; DELETE FROM evidence; DELETE FROM chain");
  CHECK_FALSE(world.seal());
  REQUIRE(
      world.ledger
          ->write({.minutes = {{world.probe, kMinute, {{core::Failed{core::NoAnswer::dns}, 3}}}}})
          .ok());
  const auto seal = world.seal();
  REQUIRE(seal);
  CHECK(judge::is_unmeasured(*seal));
}

TEST_CASE("a cycle of which all Requests are excluded is sealed, and not as measured") {
  World world;
  world.tamper("UPDATE series SET kind = 'log'");
  REQUIRE(world.ledger->exclude("kms", {{kBegin, kBegin + 1min}, "ours"}).ok());
  const auto seal = world.seal();
  REQUIRE(seal);
  CHECK(judge::is_unmeasured(*seal));
}

TEST_CASE("a seal of silence that an older version made is not looked at again") {
  World world;
  record::Seal silent = *world.seal();
  silent.month = kOctober - std::chrono::months(1);
  silent.requests = 0;
  record::close_seal(silent, nullptr);
  REQUIRE(world.ledger->add_seal(silent).ok());
  CHECK(world.due(kDue, true) == Months{kOctober});
}

TEST_CASE("a month that was sealed as measured is looked at when nothing of it is left") {
  World world;
  REQUIRE(world.seal());
  world.tamper("DELETE FROM tally; DELETE FROM evidence; DELETE FROM chain");
  CHECK(world.due(kDue, true) == Months{kOctober});
}

TEST_CASE("an agreement of which nothing was seen has no month to seal") {
  World world;
  CHECK(judge::months_to_seal(*world.ledger, "none", core::Zone::utc(), kDue, 0ms, true)->empty());
}

TEST_CASE("a key signs what is sealed") {
  World world;
  const auto key = record::SealKey::from_pem(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
      "-----END PRIVATE KEY-----\n");  // RFC 8032, test 1
  REQUIRE(key.ok());
  const auto seal = world.seal(kDue, &*key);
  REQUIRE(seal);
  const record::Seal kept = world.ledger->seals("kms")->at(0);
  CHECK(record::signature_holds(kept.digest, kept.signature, key->public_key()));
  CHECK(world.check(kept).empty());
}

TEST_CASE("a check names what was changed behind a seal's back") {
  World world;
  const auto seal = world.seal();
  REQUIRE(seal);
  SECTION("a count") {
    world.tamper("UPDATE tally SET count = 8 WHERE count = 9");
    const auto faults = world.check(*seal);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].find("revision 1 of kms 2026-10: the counts are not those that were sealed") ==
          0);
  }
  SECTION("a record") {
    world.tamper("UPDATE evidence SET detail = 'GET /x'");
    const auto faults = world.check(*seal);
    REQUIRE(faults.size() == 2);
    CHECK(faults[0] ==
          "evidence of the probe p (berlin): record 1 (2026-10-01T00:00:05Z, 503, request req) was "
          "changed, or put in");
    CHECK(has(faults, "the evidence is not what was sealed: expected 1 records with"));
  }
  SECTION("a record taken out with its chain") {
    world.tamper("DELETE FROM evidence; DELETE FROM chain");
    CHECK(has(world.check(*seal), "record 1 was taken out: 1 records were sealed, got 0"));
  }
  SECTION("the seal in the ledger") {
    world.tamper("DROP TRIGGER seal_stays; UPDATE seal SET errors = 0");
    const auto faults = world.check(world.ledger->seals("kms")->at(0));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].find("a field of the seal was changed") != std::string::npos);
  }
  SECTION("the seal that is given") {
    record::Seal other = *seal;
    other.errors = 0;
    record::close_seal(other, nullptr);
    const auto faults = world.check(other);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].find("as in the ledger, got") != std::string::npos);
    other.revision = 7;
    record::close_seal(other, nullptr);
    CHECK(has(world.check(other), "revision 7 of kms 2026-10 is not in the ledger"));
  }
}

TEST_CASE("what was read since a month was sealed is no fault, and is said to wait") {
  World world;
  const auto first = world.seal();
  REQUIRE(first);
  REQUIRE(world.import("late.log", kBegin + 2h));
  REQUIRE(world.import("later.log", kBegin + 3h));
  CHECK(world.check(*first).empty());
  REQUIRE(world.waiting(*first).size() == 1);
  CHECK(has(world.waiting(*first), "late.log and 1 more changed the month since"));
  const auto second = world.seal(kDue + 1h);
  REQUIRE(second);
  CHECK(world.waiting(*second).empty());
  CHECK(world.check(*second).empty());
  // A file of another month explains nothing.
  REQUIRE(world.import("other.log", kEnd + 2h));
  world.see(kMinute, 12, 1);
  CHECK(world.waiting(*second).empty());
  CHECK(has(world.check(*second), "the counts are not those that were sealed"));
}

TEST_CASE("who claims by a bill that is not final makes a revision of it") {
  World world;
  world.charge = core::Charge{{core::Ratio(1000, 1), "USD"}, "bill", "a.csv"};
  world.charge->final = false;
  const auto seal = [&](judge::OpenCharge open) {
    const auto made = judge::seal_if_due(*world.ledger, world.judgement(kDue), 0, nullptr, kDue,
                                         judge::kSealGrace, open);
    REQUIRE(made.ok());
    return *made;
  };
  REQUIRE(seal(judge::OpenCharge::waits));
  world.charge->amount.amount = core::Ratio(1100, 1);
  CHECK_FALSE(seal(judge::OpenCharge::waits));
  const auto second = seal(judge::OpenCharge::counts);
  REQUIRE(second);
  CHECK(second->revision == 2);
  CHECK(second->charge == core::Money{core::Ratio(1100, 1), "USD"});
  CHECK_FALSE(seal(judge::OpenCharge::counts));
}

TEST_CASE("a seal that cannot be written is an error, and is made at the next turn") {
  World world;
  test::FaultyLedger faulty("sqlite:" + world.dir.file("ledger.db"));
  faulty.fail_writes(1);
  const auto seal = [&] {
    return judge::seal_if_due(faulty, world.judgement(kDue), 0, nullptr, kDue, judge::kSealGrace);
  };
  CHECK_FALSE(seal().ok());
  CHECK(world.ledger->seals("kms")->empty());
  CHECK(seal()->has_value());
}

TEST_CASE("a month whose evidence was removed keeps its seal, and says what cannot be checked") {
  World world;
  const auto seal = world.seal();
  REQUIRE(seal);
  REQUIRE(world.ledger->remove_evidence({"kms", kEnd, 100})->records == 1);
  const auto check = judge::check_seal(*world.ledger, *seal);
  REQUIRE(check.ok());
  CHECK(check->faults.empty());
  CHECK(check->waiting.empty());
  CHECK(check->removed ==
        Sentences{"revision 1 of kms 2026-10: evidence from before 2026-10-01T00:00:05.001Z was "
                  "removed, as [keep] says: what is left of its 1 records is not compared with the "
                  "seal; its counts are, and the chains from there on"});
  CHECK_FALSE(world.seal(kDue + 1h));

  // Counts are compared as before, and what comes late makes a revision with the evidence as it was
  // sealed.
  world.tamper("UPDATE tally SET count = 8 WHERE count = 9");
  CHECK(has(world.check(*seal), "the counts are not those that were sealed"));
  world.see(kMinute, 9, 1);
  CHECK(world.check(*seal).empty());
  REQUIRE(world.import("late.log", kBegin + 1h));
  const auto next = world.seal(kDue + 2h);
  REQUIRE(next);
  CHECK(next->evidence_sha256 == seal->evidence_sha256);
  CHECK(next->evidence_records == seal->evidence_records);
  CHECK_FALSE(has(next->changes, "evidence"));
}
