// Seals, the journal and the lives of claims: what every ledger does.
#include "ledger/implementations.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "support/catch.h"

namespace {

using namespace recoup::ledger;
using namespace recoup::record;
using namespace std::chrono_literals;
using recoup::core::Answered;
using recoup::core::Instant;
using recoup::core::Interval;
using recoup::core::Money;
using recoup::core::Month;
using recoup::core::Ratio;
using recoup::record::canonical_seal;
using recoup::record::ClaimEvent;
using recoup::record::ClaimStep;
using recoup::record::Seal;
using recoup::test::kImplementations;
using recoup::test::Other;
using recoup::test::TempDir;
using Kind = JournalEntry::Kind;

const Instant kStart = *recoup::core::parse_instant("2026-10-01T00:00:00Z");
const Interval kHour{kStart, kStart + 1h};
const Month kOctober = std::chrono::year(2026) / 10;

struct World {
  std::unique_ptr<Ledger> ledger;
  explicit World(const std::string& url) {
    auto opened = open_ledger(url);
    REQUIRE(opened.ok());
    ledger = *std::move(opened);
  }
};

Seal seal(Month month, int revision = 1, const std::string& previous = "") {
  Seal one;
  one.agreement = "kms";
  one.month = month;
  one.revision = revision;
  one.at = kStart + 24h * 32 + 7ms;
  one.cycle = {kStart, kStart + 24h * 31};
  one.tallies_sha256 = "t";
  one.evidence_sha256 = "e";
  one.evidence_records = 3;
  one.chain = {{"log", "nginx", "d1", 2, "aa"}, {"probe", "p", "berlin", 1, "bb"}};
  one.rule = "aws-kms";
  one.version = std::chrono::year(2022) / 11 / 29;
  one.rule_digest = "r";
  one.assessment_sha256 = "a";
  one.charge_sha256 = "c";
  one.requests = 1000;
  one.errors = 17;
  one.measured = Ratio(8910, 8928);
  one.uptime = Ratio(8927, 8928);
  one.share = Ratio(1, 10);
  one.charge = Money{Ratio(1, 3), "USD"};
  one.charge_from = "bill";
  one.amount = Money{Ratio(1, 30), "USD"};
  one.eligible = true;
  one.deadline = recoup::core::DeadlineDates{kStart + 24h * 61, kStart + 24h * 92};
  one.exclusions = {"b: ours", "a: it's \"ours\""};
  one.changes = {"Errors: 17, before 16", "log file imported: access.log"};
  one.previous = previous;
  one.journal = 4;
  recoup::record::close_seal(one, nullptr);
  return one;
}

std::string refusal(const recoup::core::Result<void>& done) {
  REQUIRE_FALSE(done.ok());
  return done.error().message;
}

}  // namespace

#define EVERY_LEDGER                                                   \
  const auto& implementation = GENERATE(from_range(kImplementations)); \
  INFO(implementation.name);                                           \
  const TempDir folder;                                                \
  const World world(implementation.url(folder))

TEST_CASE("seals come back whole, by month, then revision") {
  EVERY_LEDGER;
  const Seal first = seal(kOctober);
  Seal second = seal(kOctober, 2, first.digest);
  second.charge.reset();
  second.amount.reset();
  second.deadline.reset();
  second.exclusions.clear();
  second.chain.clear();
  second.eligible = false;
  second.signature = "s";
  second.public_key = "k";
  second.digest = seal_digest(second);
  const Seal earlier = seal(kOctober - std::chrono::months(1));
  for (const Seal* one : std::vector<const Seal*>{&first, &earlier, &second}) {
    REQUIRE(world.ledger->add_seal(*one).ok());
  }

  const auto kept = world.ledger->seals("kms");
  REQUIRE(kept.ok());
  REQUIRE(kept->size() == 3);
  const std::vector<const Seal*> in_order{&earlier, &first, &second};
  for (std::size_t i = 0; i < 3; ++i) {
    INFO(i);
    CHECK(canonical_seal((*kept)[i]) == canonical_seal(*in_order[i]));
    CHECK((*kept)[i].digest == in_order[i]->digest);
    CHECK((*kept)[i].measured == Ratio(8910, 8928));
    CHECK((*kept)[i].signature == in_order[i]->signature);
    CHECK((*kept)[i].public_key == in_order[i]->public_key);
  }
  CHECK((*kept)[1].exclusions == first.exclusions);
  CHECK((*kept)[1].changes == first.changes);
  CHECK(world.ledger->seals("s3")->empty());
}

TEST_CASE("a seal is the next revision of its month and names the one before, or is refused") {
  EVERY_LEDGER;
  const Seal first = seal(kOctober);
  CHECK(refusal(world.ledger->add_seal(seal(kOctober, 2))) ==
        "could not write a seal to the ledger: expected revision 1 of kms 2026-10, got 2");
  REQUIRE(world.ledger->add_seal(first).ok());
  CHECK(refusal(world.ledger->add_seal(first)) ==
        "could not write a seal to the ledger: expected revision 2 of kms 2026-10, got 1");
  CHECK(refusal(world.ledger->add_seal(seal(kOctober, 3, first.digest))) ==
        "could not write a seal to the ledger: expected revision 2 of kms 2026-10, got 3");
  CHECK(refusal(world.ledger->add_seal(seal(kOctober, 2, "00")))
            .find("of the revision before, got '00'") != std::string::npos);
  CHECK(world.ledger->seals("kms")->size() == 1);
  REQUIRE(world.ledger->add_seal(seal(kOctober, 2, first.digest)).ok());
  REQUIRE(world.ledger->add_seal(seal(kOctober + std::chrono::months(1))).ok());
}

TEST_CASE("no statement changes, removes or adds to what was sealed") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  const World world("sqlite:" + path);
  REQUIRE(world.ledger->add_seal(seal(kOctober)).ok());
  Other other(path);
  const std::vector<const char*> statements{
      "UPDATE seal SET errors = 0",
      "DELETE FROM seal",
      "INSERT OR REPLACE INTO seal SELECT * FROM seal",
      "UPDATE seal_chain SET records = 0",
      "DELETE FROM seal_chain",
      "UPDATE seal_line SET text = ''",
      "DELETE FROM seal_line",
      "INSERT INTO seal_line VALUES ('kms', '2026-10', 1, 'change', 9, 'more')",
      "INSERT INTO seal_chain VALUES ('kms', '2026-10', 1, 'probe', 'x', 'y', 1, 'cc')"};
  for (const char* sql : statements) {
    INFO(sql);
    CHECK_FALSE(other.may_run(sql));
  }
  CHECK(canonical_seal(world.ledger->seals("kms")->at(0)) == canonical_seal(seal(kOctober)));
}

TEST_CASE("what a month was sealed up to only moves forward") {
  EVERY_LEDGER;
  const auto noted = [&] { return world.ledger->seals("kms")->at(0).journal; };
  REQUIRE(world.ledger->add_seal(seal(kOctober)).ok());
  CHECK(noted() == 4);
  REQUIRE(world.ledger->note_sealed("kms", kOctober, 9).ok());
  CHECK(noted() == 9);
  REQUIRE(world.ledger->note_sealed("kms", kOctober, 7).ok());
  CHECK(noted() == 9);
}

TEST_CASE("the journal has what touches a time that is over: imports, exclusions, gaps") {
  EVERY_LEDGER;
  Ledger& ledger = *world.ledger;
  const SeriesId probe = *ledger.series({"kms", SeriesKind::probe, "p", "berlin"});
  const SeriesId other = *ledger.series({"s3", SeriesKind::probe, "p", "berlin"});
  const auto import = [&](const char* digest, int minute, const char* replaces) {
    const recoup::core::Minute at = recoup::core::minute_of(kStart) + std::chrono::minutes(minute);
    ImportedFile file;
    file.digest = digest;
    file.name = "logs/access.log";
    return *ledger.import("kms", "nginx", file, {.minutes = {{0, at, {{Answered{200}, 1}}}}},
                          replaces);
  };
  REQUIRE(import("d1", 3, ""));
  REQUIRE_FALSE(import("d1", 3, ""));
  REQUIRE(import("d2", 7, "d1"));
  REQUIRE(ledger.exclude("kms", {kHour, "ours"}).ok());
  REQUIRE(*ledger.remove_exclusion("kms", kHour));
  REQUIRE_FALSE(*ledger.remove_exclusion("kms", kHour));
  REQUIRE(ledger
              .write({.gaps = {{probe, {{kStart + 1h, kStart + 2h}, 5s}},
                               {probe, {{kStart + 3h, kStart + 4h}, 5s}},
                               {other, {{kStart, kStart + 1h}, 5s}}}})
              .ok());
  const auto entries = ledger.journal("kms", 0);
  REQUIRE(entries.ok());
  std::vector<std::tuple<Kind, Instant, Instant, std::string, std::string>> found;
  for (const JournalEntry& e : *entries) {
    found.emplace_back(e.kind, e.span.begin, e.span.end, e.text, e.replaces);
  }
  CHECK(found ==
        decltype(found){{Kind::file, kStart + 3min, kStart + 4min, "logs/access.log", ""},
                        {Kind::file, kStart + 3min, kStart + 8min, "logs/access.log", "d1"},
                        {Kind::exclusion, kHour.begin, kHour.end, "ours", ""},
                        {Kind::exclusion_removed, kHour.begin, kHour.end, "", ""},
                        {Kind::gap, kStart + 1h, kStart + 4h, "", ""}});
  CHECK(ledger.journal("kms", (*entries)[3].id)->size() == 1);
  CHECK(ledger.journal("kms", entries->back().id)->empty());
  CHECK(ledger.journal("s3", 0)->size() == 1);
}

TEST_CASE("what was seen reaches from the first tally or gap to the end of the last") {
  EVERY_LEDGER;
  Ledger& ledger = *world.ledger;
  const SeriesId probe = *ledger.series({"kms", SeriesKind::probe, "p", "berlin"});
  const SeriesId second = *ledger.series({"kms", SeriesKind::probe, "q", "berlin"});
  const recoup::core::Minute minute = recoup::core::minute_of(kStart);
  CHECK_FALSE(ledger.seen("kms")->has_value());
  REQUIRE(ledger.write({.minutes = {{second, minute + 90min, {{Answered{200}, 1}}}}}).ok());
  CHECK(*ledger.seen("kms") == Interval{kStart + 90min, kStart + 91min});
  REQUIRE(ledger.write({.minutes = {{probe, minute, {{Answered{200}, 1}}}}}).ok());
  CHECK(*ledger.seen("kms") == Interval{kStart, kStart + 91min});
  REQUIRE(ledger.write({.gaps = {{probe, {{kStart + 80min, kStart + 95min + 1ms}, 5s}}}}).ok());
  CHECK(*ledger.seen("kms") == Interval{kStart, kStart + 95min + 1ms});
  CHECK_FALSE(ledger.seen("s3")->has_value());
}

TEST_CASE("from an instant on the next thing that was seen or missed is found") {
  EVERY_LEDGER;
  Ledger& ledger = *world.ledger;
  const SeriesId probe = *ledger.series({"kms", SeriesKind::probe, "p", "berlin"});
  const SeriesId second = *ledger.series({"kms", SeriesKind::probe, "q", "berlin"});
  const recoup::core::Minute minute = recoup::core::minute_of(kStart);
  const auto from = [&](Instant at) { return *ledger.seen_from("kms", at); };
  CHECK_FALSE(from(kStart).has_value());
  REQUIRE(ledger.write({.minutes = {{probe, minute + 90min, {{Answered{200}, 1}}}}}).ok());
  REQUIRE(ledger.write({.minutes = {{second, minute + 10min, {{Answered{200}, 1}}}}}).ok());
  CHECK(from(Instant{}) == kStart + 10min);
  CHECK(from(kStart + 10min) == kStart + 10min);
  CHECK(from(kStart + 10min + 1ms) == kStart + 90min);
  CHECK_FALSE(from(kStart + 91min).has_value());
  REQUIRE(ledger.write({.gaps = {{probe, {{kStart + 20min, kStart + 95min + 1ms}, 5s}}}}).ok());
  CHECK(from(kStart + 11min) == kStart + 20min);
  CHECK(from(kStart + 95min) == kStart + 95min);
  CHECK_FALSE(from(kStart + 95min + 1ms).has_value());
  CHECK_FALSE(ledger.seen_from("s3", kStart)->has_value());
}

TEST_CASE("the steps of claims come back by time, then as they were added") {
  EVERY_LEDGER;
  const ClaimEvent written{"kms",
                           kOctober,
                           kStart + 2h,
                           ClaimStep::written,
                           "",
                           Money{Ratio(369, 2), "USD"},
                           "",
                           "claims/2026-10",
                           2};
  const ClaimEvent submitted{
      "kms", kOctober, kStart + 3h, ClaimStep::submitted, "case-7", {}, "by \"me\"", "", 2};
  const ClaimEvent refused{"kms", kOctober - std::chrono::months(1), kStart + 1h,
                           ClaimStep::refused};
  const ClaimEvent again{"kms", kOctober, kStart + 2h, ClaimStep::withdrawn};
  const ClaimEvent other{"s3", kOctober, kStart, ClaimStep::credited};
  for (const ClaimEvent& event : {submitted, written, refused, again, other}) {
    REQUIRE(world.ledger->add_claim_event(event).ok());
  }
  CHECK(*world.ledger->claim_events("kms") ==
        std::vector<ClaimEvent>{refused, written, again, submitted});
  CHECK(*world.ledger->claim_events("s3") == std::vector<ClaimEvent>{other});
  CHECK(world.ledger->claim_events("none")->empty());
  CHECK(*world.ledger->claim_events_end() == 5);
}

TEST_CASE("seals and the steps of claims are there after closing and opening") {
  const TempDir dir;
  const std::string url = "sqlite:" + dir.file("ledger.db");
  {
    const World world(url);
    REQUIRE(world.ledger->add_seal(seal(kOctober)).ok());
    REQUIRE(world.ledger->add_claim_event({"kms", kOctober, kStart, ClaimStep::written}).ok());
  }
  const World world(url);
  CHECK(world.ledger->seals("kms")->at(0).digest == seal(kOctober).digest);
  CHECK(world.ledger->claim_events("kms")->size() == 1);
}
