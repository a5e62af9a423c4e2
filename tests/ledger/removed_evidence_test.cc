// Evidence that nobody needs goes, chain by chain from the begin on; what is left is checked as
// before.
#include <string>
#include <vector>

#include "ledger/implementations.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup;
using namespace std::chrono_literals;
using core::Instant;
using record::SeriesKind;
using test::Implementation;
using test::kImplementations;
using test::TempDir;

const Instant kStart = std::chrono::sys_days(std::chrono::year(2026) / 10 / 1);
const core::Interval kAll{kStart - 24h, kStart + 24h * 30};

struct World {
  TempDir dir;
  std::unique_ptr<ledger::Ledger> ledger;
  record::SeriesId probe = 0;

  explicit World(const Implementation& implementation) {
    auto opened = ledger::open_ledger(implementation.url(dir));
    REQUIRE(opened.ok());
    ledger = *std::move(opened);
    probe = *ledger->series({"kms", SeriesKind::probe, "p", "berlin"});
  }

  void fail(Instant at) {
    record::Batch batch;
    batch.evidence.push_back({probe, {at, 0, core::Answered{503}, "r", 5ms, "", "GET /"}});
    REQUIRE(ledger->write(batch).ok());
  }

  std::uint64_t remove(Instant before, std::uint64_t at_once = 100) {
    std::uint64_t records = 0;
    while (true) {
      const auto turn = ledger->remove_evidence({"kms", before, at_once});
      INFO((turn ? "" : turn.error().message));
      REQUIRE(turn.ok());
      records += turn->records;
      if (turn->done) return records;
    }
  }

  std::size_t left() {
    std::size_t count = 0;
    REQUIRE(ledger->evidence("kms", kAll, [&](const record::Evidence&) { ++count; }).ok());
    return count;
  }

  std::vector<std::string> faults(const std::vector<record::ChainHead>& sealed = {}) {
    const auto found = ledger->check_chain("kms", sealed);
    REQUIRE(found.ok());
    std::vector<std::string> all;
    for (const auto& one : *found) all.push_back(one.what);
    return all;
  }

  std::vector<record::ChainHead> heads() { return *ledger->chain("kms", kAll); }
};

TEST_CASE("evidence is removed from the begin of a chain, and the rest is checked from there on") {
  for (const Implementation& implementation : kImplementations) {
    SECTION(implementation.name) {
      World world(implementation);
      std::vector<record::ChainHead> sealed;
      for (int day = 0; day < 10; ++day) {
        world.fail(kStart + day * 24h);
        if (day == 2 || day == 4 || day == 8) sealed.push_back(world.heads().front());
      }
      CHECK(world.ledger->removed_evidence("kms")->empty());
      CHECK(world.remove(kStart) == 0);

      CHECK(world.remove(kStart + 5 * 24h, 2) == 5);
      CHECK(world.left() == 5);
      const auto removed = *world.ledger->removed_evidence("kms");
      REQUIRE(removed.size() == 1);
      CHECK(removed[0].series.name == "p");
      CHECK(removed[0].records == 5);
      CHECK(removed[0].until == kStart + 4 * 24h + 1ms);
      CHECK(removed[0].head == sealed[1].head);
      // What was sealed before is beyond it, what was sealed at it and behind it holds.
      CHECK(world.faults(sealed).empty());
      sealed[1].head[0] = sealed[1].head[0] == 'a' ? 'b' : 'a';
      CHECK(world.faults(sealed) == std::vector<std::string>{"the 5 records that were removed are "
                                                             "not those that were sealed"});
      sealed[1] = sealed[2];

      // The chain goes on, also when nothing is left of it.
      world.fail(kStart + 11 * 24h);
      CHECK(world.faults(sealed).empty());
      CHECK(world.remove(kStart + 20 * 24h) == 6);
      CHECK(world.left() == 0);
      CHECK(world.faults().empty());
      world.fail(kStart + 21 * 24h);
      CHECK(world.heads().front().records == 12);
      CHECK(world.faults().empty());
    }
  }
}

TEST_CASE("evidence that came late stays until what came before it may go") {
  for (const Implementation& implementation : kImplementations) {
    SECTION(implementation.name) {
      World world(implementation);
      world.fail(kStart);
      world.fail(kStart + 48h);
      world.fail(kStart + 1h);
      CHECK(world.remove(kStart + 24h) == 1);
      CHECK(world.left() == 2);
      CHECK(world.remove(kStart + 24h) == 0);
      CHECK(world.faults().empty());
      CHECK(world.remove(kStart + 72h) == 2);
      CHECK(world.faults().empty());
    }
  }
}

TEST_CASE("a file whose evidence was removed is taken back whole") {
  for (const Implementation& implementation : kImplementations) {
    SECTION(implementation.name) {
      World world(implementation);
      record::ImportedFile file;
      file.digest = std::string(64, 'b');
      file.name = "access.log";
      file.format = "combined";
      record::Batch content;
      content.minutes.push_back({0, core::minute_of(kStart), {{core::Answered{503}, 1}}});
      content.evidence.push_back({0, {kStart, 0, core::Answered{503}, "r", 5ms, "", ""}});
      REQUIRE(*world.ledger->import("kms", "alb", file, content, ""));
      CHECK(world.remove(kStart + 24h) == 1);
      CHECK(world.ledger->removed_evidence("kms")->size() == 1);
      REQUIRE(world.ledger->remove_file("kms", file.digest)->has_value());
      CHECK(world.ledger->removed_evidence("kms")->empty());
      REQUIRE(*world.ledger->import("kms", "alb", file, content, ""));
      CHECK(world.left() == 1);
      CHECK(world.faults().empty());
    }
  }
}

TEST_CASE("room that nothing stands in is given back where the ledger's owner has it so") {
  const TempDir dir;
  { REQUIRE(ledger::open_ledger("sqlite:" + dir.file("ledger.db")).ok()); }
  CHECK(test::Other(dir.file("ledger.db")).text("PRAGMA auto_vacuum") == "0");
  test::Other(dir.file("ledger.db")).run("PRAGMA auto_vacuum = 2; VACUUM");
  const auto ledger = *ledger::open_ledger("sqlite:" + dir.file("ledger.db"));
  std::vector<record::SeriesKey> keys;
  for (int i = 0; i < 400; ++i) {
    keys.push_back({"kms", SeriesKind::probe, "p" + std::to_string(i), "berlin"});
  }
  record::Batch batch;
  const auto ids = *ledger->series(keys);
  for (const record::SeriesId id : ids) {
    for (int i = 0; i < 1440; ++i) {
      batch.minutes.push_back(
          {id, core::minute_of(kStart) + std::chrono::minutes(i), {{core::Answered{200}, 6}}});
    }
  }
  const auto written = ledger->write(batch);
  INFO((written ? "" : written.error().message));
  REQUIRE(written.ok());
  REQUIRE(ledger->tend().ok());
  record::FoldOrder order{kStart + 24h, 0, 1000};
  REQUIRE(ledger->fold(order)->days == 400);
  while (true) {
    const auto more = ledger->give_back();
    REQUIRE(more.ok());
    if (!*more) break;
  }
  CHECK(test::Other(dir.file("ledger.db")).text("PRAGMA auto_vacuum") == "2");
  CHECK(std::stoi(test::Other(dir.file("ledger.db")).text("PRAGMA freelist_count")) < 4096);
  CHECK(std::stoi(test::Other(dir.file("ledger.db")).text("PRAGMA page_count")) < 4200);
}

}  // namespace
