// What the ledger keeps of logs that see the Requests of others: apart from all that counts.
#include "ledger/ledger.h"
#include "ledger/open.h"
#include "support/catch.h"

using namespace recoup;
using namespace std::chrono_literals;
using record::LogName;
using record::SeriesKind;

namespace {

const core::Instant kTen = *core::parse_instant("2026-10-03T10:00:00Z");
const core::Interval kHour{kTen, kTen + 1h};

// An agreement with a probe, attempts of SDKs, a trail of one day and a file.
struct World {
  std::unique_ptr<ledger::Ledger> ledger = *ledger::open_ledger("sqlite::memory:");
  record::SeriesId probe = series(SeriesKind::probe, "p");
  record::SeriesId sdk = series(SeriesKind::sdk, "sdk");
  record::SeriesId trail = series(SeriesKind::stream, "cloudtrail");

  World() {
    record::Batch batch;
    for (const auto id : {probe, sdk, trail}) {
      batch.minutes.push_back({id,
                               core::minute_of(kTen),
                               {{core::Answered{200}, static_cast<std::uint64_t>(id) * 10},
                                {core::Answered{503}, static_cast<std::uint64_t>(id)}}});
      batch.evidence.push_back(
          {id, {kTen, 0, core::Answered{503}, "req", 1ms, "peer", std::to_string(id)}});
    }
    batch.unseen.push_back({trail, {{kTen, kTen + 5min}, "StopLogging"}});
    REQUIRE(ledger->write(batch).ok());
  }

  record::SeriesId series(SeriesKind kind, const std::string& name) const {
    return *ledger->series({"kms", kind, name, "part"});
  }

  void compare(const std::vector<LogName>& logs) const {
    REQUIRE(ledger->compare({{"kms", logs}}).ok());
  }

  std::uint64_t counted() const {
    std::uint64_t sum = 0;
    const auto tallies = ledger->tallies("kms", kHour);
    REQUIRE(tallies.ok());
    for (const auto& row : tallies->rows()) sum += row.count;
    return sum;
  }

  std::size_t records() const { return ledger->evidence_page("kms", kHour, 0, 100)->size(); }
};

const LogName kTrail{SeriesKind::stream, "cloudtrail"};

std::uint64_t sum(const core::Tallies& tallies) {
  std::uint64_t sum = 0;
  for (const auto& row : tallies.rows()) sum += row.count;
  return sum;
}

}  // namespace

TEST_CASE("a log that is compared is in nothing that counts, whenever it was written") {
  const World world;
  CHECK(world.counted() == 11 + 22 + 33);
  CHECK(world.records() == 3);
  CHECK(world.ledger->tallies("kms", kHour)->unseen().size() == 1);
  CHECK(world.ledger->compared("kms", kHour)->empty());

  world.compare({kTrail});
  CHECK(world.counted() == 11 + 22);
  CHECK(world.records() == 2);
  CHECK(world.ledger->tallies("kms", kHour)->unseen().empty());
  record::Batch late;
  late.minutes.push_back({world.trail, core::minute_of(kTen) + 1min, {{core::Answered{200}, 100}}});
  REQUIRE(world.ledger->write(late).ok());
  CHECK(world.counted() == 11 + 22);

  const auto logs = *world.ledger->compared("kms", kHour);
  REQUIRE(logs.size() == 2);
  CHECK(logs[0].log.empty());
  CHECK(sum(logs[0].tallies) == 22);  // what the SDKs reported: no probe is in it
  CHECK(logs[1].log == "cloudtrail");
  CHECK(sum(logs[1].tallies) == 133);

  world.compare({});
  CHECK(world.counted() == 11 + 22 + 133);
  CHECK(world.records() == 3);
}

TEST_CASE("which logs are compared is said of each agreement alone") {
  const World world;
  const auto other = *world.ledger->series({"other", SeriesKind::stream, "cloudtrail", "part"});
  record::Batch batch;
  batch.minutes.push_back({other, core::minute_of(kTen), {{core::Answered{200}, 5}}});
  REQUIRE(world.ledger->write(batch).ok());
  world.compare({kTrail});
  CHECK(world.ledger->tallies("other", kHour)->rows().size() == 1);
  REQUIRE(world.ledger->compare({{"other", {kTrail}}}).ok());
  CHECK(world.ledger->tallies("other", kHour)->rows().empty());
  CHECK(world.counted() == 11 + 22);  // stays as it was said
}

TEST_CASE("that a log counts no more is in the journal, with the time that it has counts of") {
  const World world;
  world.compare({kTrail, {SeriesKind::file, "cloudtrail"}});
  world.compare({kTrail, {SeriesKind::file, "cloudtrail"}});
  world.compare({});
  using Kind = record::JournalEntry::Kind;
  std::vector<Kind> kinds;
  const auto journal = world.ledger->journal("kms", 0);
  REQUIRE(journal.ok());
  for (const auto& entry : *journal) {
    if (entry.kind == Kind::gap) continue;  // of what was not seen
    kinds.push_back(entry.kind);
    CHECK(entry.text == "cloudtrail");
    CHECK(entry.span == core::Interval{kTen, kTen + 1min});
  }
  CHECK(kinds == std::vector<Kind>{Kind::compared, Kind::counted});
}

TEST_CASE("the sources of a time are those that have counts in it, and how they are written") {
  const World world;
  record::ImportedFile file;
  file.digest = "aa";
  file.name = "access.log";
  file.format = "combined";
  record::Batch content;
  content.minutes.push_back({0, core::minute_of(kTen) + 2h, {{core::Answered{200}, 1}}});
  REQUIRE(*world.ledger->import("kms", "web", file, content, ""));
  world.compare({kTrail});
  const auto sources = *world.ledger->sources("kms", kHour);
  REQUIRE(sources.size() == 3);
  CHECK(sources[0].log == LogName{SeriesKind::probe, "p"});
  CHECK(sources[1].log == LogName{SeriesKind::sdk, "sdk"});
  CHECK_FALSE(sources[1].compared);
  CHECK(sources[2].log == kTrail);
  CHECK(sources[2].compared);
  const auto later = *world.ledger->sources("kms", {kTen + 1h, kTen + 3h});
  REQUIRE(later.size() == 1);
  CHECK(later[0].log == LogName{SeriesKind::file, "web"});
  CHECK(later[0].format == "combined");
}
