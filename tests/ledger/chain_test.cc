// The chains of evidence: what every ledger does, and what becomes of a file that was changed.
#include <map>

#include "ledger/implementations.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "record/hex.h"
#include "support/catch.h"
#include "support/places.h"

namespace {

using namespace recoup::ledger;
using namespace recoup::record;
using namespace std::chrono_literals;
using recoup::core::Answered;
using recoup::core::Instant;
using recoup::core::Interval;
using recoup::record::ChainHead;
using recoup::record::Evidence;
using recoup::test::kImplementations;
using recoup::test::Other;
using recoup::test::TempDir;

const Instant kStart = *recoup::core::parse_instant("2026-10-01T00:00:00Z");
const Interval kMonth{kStart, kStart + 24h * 31};

Evidence failure(int second) {
  return {kStart + second * 1s, 0, Answered{503}, "req-" + std::to_string(second), 84ms, "::",
          "GET /generate"};
}

// What the chain's definition makes of these records.
std::string expected(const std::vector<Evidence>& records, const std::string& kind = "probe",
                     const std::string& name = "p", const std::string& part = "berlin") {
  std::string link = recoup::record::first_link("kms", kind, name, part);
  recoup::record::Linker linker;
  for (const Evidence& one : records) linker.advance(link, one);
  return recoup::record::to_hex(link);
}

struct World {
  TempDir dir;
  std::unique_ptr<Ledger> ledger;
  SeriesId probe = 0;

  explicit World(const std::string& url) { open(url); }
  World() { open("sqlite:" + dir.file("ledger.db")); }

  void open(const std::string& url) {
    auto opened = open_ledger(url);
    REQUIRE(opened.ok());
    ledger = *std::move(opened);
    probe = *ledger->series({"kms", SeriesKind::probe, "p", "berlin"});
  }

  void write(const std::vector<Evidence>& records) const {
    Batch batch;
    for (const Evidence& one : records) batch.evidence.push_back({probe, one});
    REQUIRE(ledger->write(batch).ok());
  }

  std::vector<ChainHead> chain(const Interval& span = kMonth) const {
    const auto heads = ledger->chain("kms", span);
    REQUIRE(heads.ok());
    return *heads;
  }

  std::vector<ChainFault> faults(const std::vector<ChainHead>& sealed = {}) const {
    const auto found = ledger->check_chain("kms", sealed);
    INFO((found ? "" : found.error().message));
    REQUIRE(found.ok());
    return *found;
  }

  // The faults after somebody ran this on the file.
  std::string after(const char* sql, const std::vector<ChainHead>& sealed = {}) const {
    Other(dir.file("ledger.db")).run(sql);
    const auto found = faults(sealed);
    REQUIRE(found.size() == 1);
    CHECK(found[0].series == SeriesKey{"kms", SeriesKind::probe, "p", "berlin"});
    return found[0].what;
  }
};

using Heads = std::vector<ChainHead>;

}  // namespace

#define EVERY_LEDGER                                                   \
  const auto& implementation = GENERATE(from_range(kImplementations)); \
  INFO(implementation.name);                                           \
  const TempDir folder;                                                \
  const World world(implementation.url(folder))

TEST_CASE("evidence is chained in the order it is written, each series for itself") {
  EVERY_LEDGER;
  CHECK(world.chain().empty());
  world.write({failure(5), failure(1)});
  world.write({failure(3)});
  const SeriesId second = *world.ledger->series({"kms", SeriesKind::probe, "a", "berlin"});
  REQUIRE(world.ledger->write({.evidence = {{second, failure(9)}}}).ok());
  CHECK(world.chain() ==
        Heads{{"probe", "a", "berlin", 1, expected({failure(9)}, "probe", "a")},
              {"probe", "p", "berlin", 3, expected({failure(5), failure(1), failure(3)})}});
  CHECK(world.faults().empty());
  CHECK(world.ledger->chain("s3", kMonth)->empty());
}

TEST_CASE("a chain is listed where its series has evidence in the span, and whole") {
  EVERY_LEDGER;
  world.write({failure(5), failure(60)});
  const Heads whole{{"probe", "p", "berlin", 2, expected({failure(5), failure(60)})}};
  CHECK(world.chain({kStart, kStart + 6s}) == whole);
  CHECK(world.chain({kStart + 5s, kStart + 5s + 1ms}) == whole);
  CHECK(world.chain({kStart + 60s, kStart + 61s}) == whole);
  CHECK(world.chain({kStart, kStart + 5s}).empty());
  CHECK(world.chain({kStart + 6s, kStart + 60s}).empty());
}

TEST_CASE("evidence that is written again is not chained again, alone or among new") {
  EVERY_LEDGER;
  world.write({failure(1), failure(2)});
  world.write({failure(1), failure(2)});
  Evidence other = failure(1);
  other.detail = "GET /other";
  world.write({other, failure(3), failure(3), failure(2)});
  CHECK(world.chain() ==
        Heads{{"probe", "p", "berlin", 3, expected({failure(1), failure(2), failure(3)})}});
  CHECK(world.faults().empty());
}

TEST_CASE("a batch that fails leaves the chain as it was") {
  EVERY_LEDGER;
  world.write({failure(1)});
  Batch batch{.evidence = {{world.probe, failure(2)}, {999999, failure(3)}}};
  CHECK_FALSE(world.ledger->write(batch).ok());
  CHECK(world.chain() == Heads{{"probe", "p", "berlin", 1, expected({failure(1)})}});
  world.write({failure(2)});
  CHECK(world.chain() == Heads{{"probe", "p", "berlin", 2, expected({failure(1), failure(2)})}});
  CHECK(world.faults().empty());
}

TEST_CASE("the longer copy of a file takes its shorter one's chain away with its series") {
  EVERY_LEDGER;
  const auto import = [&](const char* digest, const Batch& content, const char* replaces) {
    ImportedFile file;
    file.digest = digest;
    REQUIRE(*world.ledger->import("kms", "nginx", file, content, replaces));
  };
  import("d1", {.evidence = { {0, failure(1)}, { 0, failure(2) } }}, "");
  CHECK(world.chain() ==
        Heads{{"log", "nginx", "d1", 2, expected({failure(1), failure(2)}, "log", "nginx", "d1")}});
  import("d2", {.evidence = { {0, failure(2)}, { 0, failure(7) } }}, "d1");
  CHECK(world.chain() ==
        Heads{{"log", "nginx", "d2", 2, expected({failure(2), failure(7)}, "log", "nginx", "d2")}});
  CHECK(world.faults().empty());
}

TEST_CASE("a chain goes on from where another object of the same file left it") {
  const World world;
  const auto second = *open_ledger("sqlite:" + world.dir.file("ledger.db"));
  world.write({failure(1)});
  REQUIRE(second->write({.evidence = {{world.probe, failure(2)}}}).ok());
  world.write({failure(3)});
  CHECK(world.chain() ==
        Heads{{"probe", "p", "berlin", 3, expected({failure(1), failure(2), failure(3)})}});
  CHECK(world.faults().empty());
}

TEST_CASE("a record that somebody changed, took out or put in is found and named") {
  const World world;
  for (int i = 1; i <= 5; ++i) world.write({failure(i)});
  const auto sealed = world.chain();
  const auto told = [&](const char* sql) { return world.after(sql, sealed); };
  const std::string at = "2026-10-01T00:00:0";

  SECTION("changed") {
    const std::string third = "record 3 (" + at + "3Z, 503, request req-3) was changed, or put in";
    CHECK(told("UPDATE evidence SET detail = 'GET /x' WHERE position = 3") == third);
    CHECK(told("UPDATE evidence SET detail = 'GET /generate', duration_ms = 85 "
               "WHERE position = 3") == third);
    CHECK(told("UPDATE evidence SET duration_ms = 84, link = zeroblob(32) "
               "WHERE position = 3") == third);
  }
  SECTION("moved in time") {
    CHECK(told("UPDATE evidence SET at_ms = at_ms + 1 WHERE position = 2") ==
          "record 2 (" + at + "2.001Z, 503, request req-2) was changed, or put in");
  }
  SECTION("all of one outcome changed") {
    CHECK(told("UPDATE outcome SET text = '500'") ==
          "record 1 (" + at + "1Z, 500, request req-1) was changed, or put in");
  }
  SECTION("first taken out") {
    CHECK(told("DELETE FROM evidence WHERE position = 1") ==
          "record 1 was taken out: the next one is record 2 (" + at + "2Z, 503, request req-2)");
  }
  SECTION("middle taken out, and those behind it moved up") {
    CHECK(told("DELETE FROM evidence WHERE position = 3;"
               "UPDATE evidence SET position = position - 1 WHERE position > 3") ==
          "record 3 (" + at + "4Z, 503, request req-4) was changed, or put in");
  }
  SECTION("last taken out") {
    CHECK(told("DELETE FROM evidence WHERE position = 5") ==
          "record 5 was taken out: expected 5 records, got 4");
  }
  SECTION("last taken out, and the chain shortened to fit") {
    CHECK(told("DELETE FROM evidence WHERE position = 5; UPDATE chain SET records = 4, "
               "head = (SELECT link FROM evidence WHERE position = 4)") ==
          "record 5 was taken out: 5 records were sealed, got 4");
    CHECK(world.faults().empty());
  }
  SECTION("all taken out with their chain") {
    CHECK(told("DELETE FROM evidence; DELETE FROM chain") ==
          "record 1 was taken out: 5 records were sealed, got 0");
  }
  SECTION("the series taken out") {
    CHECK(told("DELETE FROM evidence; DELETE FROM chain; DELETE FROM series") ==
          "the series was taken out with all its records");
  }
  SECTION("put in with a position that is taken") {
    CHECK(told("INSERT INTO evidence SELECT series, at_ms + 60000, tie, outcome, request_id, "
               "duration_ms, peer, detail, 5, link FROM evidence WHERE position = 5")
              .find("put in") != std::string::npos);
  }
  SECTION("put in at the end") {
    CHECK(told("INSERT INTO evidence SELECT series, at_ms + 60000, tie, outcome, 'forged', "
               "duration_ms, peer, detail, 6, zeroblob(32) FROM evidence WHERE position = 5") ==
          "record 6 (2026-10-01T00:01:05Z, 503, request forged) was put in behind the end of the "
          "chain");
  }
  SECTION("the head changed") {
    CHECK(told("UPDATE chain SET head = zeroblob(32)") ==
          "the head of the chain was changed: it is not the last record's link");
  }
  SECTION("the series named otherwise") {
    Other(world.dir.file("ledger.db")).run("UPDATE series SET part = 'tokyo'");
    const auto found = world.faults();
    REQUIRE(found.size() == 1);
    CHECK(found[0].position == 1);
  }
}

TEST_CASE("a chain that was made anew to fit other records is found by what was sealed") {
  const World world;
  for (int i = 1; i <= 3; ++i) world.write({failure(i)});
  const auto sealed = world.chain();
  // Somebody with the program's own means writes everything anew, one record changed.
  Other(world.dir.file("ledger.db")).run("DELETE FROM evidence; DELETE FROM chain");
  Evidence forged = failure(2);
  forged.outcome = Answered{500};
  world.write({failure(1), forged, failure(3)});
  CHECK(world.faults().empty());
  const auto found = world.faults(sealed);
  REQUIRE(found.size() == 1);
  CHECK(found[0].position == 3);
  CHECK(found[0].what ==
        "the records up to record 3 (2026-10-01T00:00:03Z, 503, request req-3) are not those that "
        "were sealed: the chain was made anew");
}

TEST_CASE("what was sealed holds while its series grows") {
  const World world;
  world.write({failure(1), failure(2)});
  auto sealed = world.chain();
  world.write({failure(3)});
  CHECK(world.faults(sealed).empty());
  for (const ChainHead& head : world.chain()) sealed.push_back(head);
  world.write({failure(4)});
  CHECK(world.faults(sealed).empty());
}

TEST_CASE("a ledger of version 2 has its evidence chained by time and tie, series by series") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  std::ifstream in(TESTS_DIR "/ledger/version-2.sql");
  Other(path).run(std::string(std::istreambuf_iterator<char>(in), {}).c_str());
  {
    const auto ledger = *open_ledger("sqlite:" + path);
    // The first link was computed with Python's hashlib, as in tests/core/chain_test.cc.
    const Evidence logged{kStart + 60s, 0,      Answered{503, "SlowDown"}, "", 84ms,
                          "192.0.2.7",  "GET /"};
    CHECK(*ledger->chain("kms", kMonth) ==
          Heads{{"log", "nginx", "d1", 1, expected({logged}, "log", "nginx", "d1")},
                {"probe", "generate", "berlin", 2,
                 "6b59ced3319ce075d4dc23341cee056a64f38c0da12b8776c2130dc881ab532a"}});
    CHECK(ledger->check_chain("kms", {})->empty());
    CHECK(ledger->exclusions("kms")->size() == 1);
    std::vector<Evidence> all;
    REQUIRE(ledger->evidence("kms", kMonth, [&](const Evidence& e) { all.push_back(e); }).ok());
    REQUIRE(all.size() == 3);
    CHECK(all[2] == logged);
    REQUIRE(ledger->write({.evidence = {{1, failure(700)}, {3, failure(1)}}}).ok());
    CHECK(ledger->check_chain("kms", {})->empty());
    CHECK(ledger->chain("kms", kMonth)->at(1).records == 3);
  }
  CHECK((*open_ledger("sqlite:" + path))->check_chain("kms", {})->empty());
  CHECK(Other(path).text("PRAGMA user_version") == "19");
  CHECK(Other(path).text("PRAGMA integrity_check") == "ok");
  CHECK(Other(path).text("SELECT count(*) FROM sqlite_schema WHERE name = 'chained'") == "0");
}

TEST_CASE("a ledger of version 2 that cannot be read whole stays one of version 2") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  std::ifstream in(TESTS_DIR "/ledger/version-2.sql");
  Other(path).run(std::string(std::istreambuf_iterator<char>(in), {}).c_str());
  Other(path).run("UPDATE outcome SET text = 'fine' WHERE id = 3");
  CHECK_FALSE(open_ledger("sqlite:" + path).ok());
  CHECK(Other(path).text("PRAGMA user_version") == "2");
  CHECK(Other(path).text("SELECT count(*) FROM evidence") == "3");
  Other(path).run("UPDATE outcome SET text = 'timeout' WHERE id = 3");
  CHECK(open_ledger("sqlite:" + path).ok());
}
