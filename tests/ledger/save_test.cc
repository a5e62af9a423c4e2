// A ledger whose file is taken away, replaced or cut short while it is open loses nothing of what
// was acknowledged, and says so.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "ledger/full_ledger.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace {

namespace fs = std::filesystem;
using namespace recoup::ledger;
using namespace recoup::record;
using namespace std::chrono_literals;
using recoup::core::Answered;
using recoup::core::ExclusionWindow;
using recoup::core::Instant;
using recoup::core::Interval;
using recoup::core::Minute;
using recoup::core::OutcomeCount;
using recoup::record::Evidence;
using recoup::test::Other;
using recoup::test::TempDir;

const Instant kStart = std::chrono::sys_days(std::chrono::year(2026) / 10 / 1);
const Interval kDay{kStart, kStart + 24h};
const Minute kMinute = recoup::core::minute_of(kStart);

// World is a ledger with a writer, as a service has it.
struct World {
  TempDir dir;
  std::string path = dir.file("recoup.db");
  std::unique_ptr<Ledger> ledger = *open_ledger("sqlite:" + path);
  SeriesId id = *ledger->series({"kms", SeriesKind::probe, "generate", "berlin"});
  std::uint64_t written = 0;

  World() { REQUIRE(ledger->become_writer({"berlin", "host7", 4711, kStart}).ok()); }

  // One Error more, with its record.
  recoup::core::Result<void> try_to_write() {
    Batch batch;
    batch.minutes = {{id, kMinute, {{Answered{503}, written + 1}}}};
    batch.evidence = {{id, Evidence{kStart + std::chrono::milliseconds(written), written,
                                    Answered{503}, "", 0ms, "", "GET /"}}};
    batch.checkpoints = {{id, kStart + std::chrono::seconds(written), 1s}};
    auto done = ledger->write(batch);
    if (done) ++written;
    return done;
  }

  void write() {
    const auto done = try_to_write();
    INFO((done ? "" : done.error().message));
    REQUIRE(done.ok());
  }

  // What is wrong with the ledger; a batch is refused for it too.
  std::string fault() {
    const auto found = ledger->tend();
    REQUIRE_FALSE(found.ok());
    const auto refused = try_to_write();
    REQUIRE_FALSE(refused.ok());
    const std::string prefix = "could not write to the ledger: ";
    REQUIRE(found.error().message.starts_with(prefix));
    const std::string what = found.error().message.substr(prefix.size());
    CHECK(refused.error().message == "could not write a batch to the ledger: " + what);
    return what.substr(0, what.find(" while it was in use"));
  }

  Saved save() {
    auto saved = ledger->save();
    INFO((saved ? "" : saved.error().message));
    REQUIRE(saved.ok());
    CHECK(ledger->tend().ok());
    return *saved;
  }
};

// All that was written is in the ledger at the path, by count and by record.
void check_all(const std::string& path, std::uint64_t written) {
  const auto opened = open_ledger("sqlite:" + path, Missing::refuse);
  INFO((opened ? "" : opened.error().message));
  REQUIRE(opened.ok());
  Ledger& ledger = **opened;
  const SeriesId id = *ledger.series({"kms", SeriesKind::probe, "generate", "berlin"});
  CHECK(*ledger.counts(id, kMinute) == std::vector<OutcomeCount>{{Answered{503}, written}});
  CHECK(ledger.evidence_page("kms", kDay, 0, 1000)->size() == written);
  CHECK(ledger.check_chain("kms", {})->empty());
  CHECK((*ledger.checkpoint(id))->watermark == kStart + std::chrono::seconds(written - 1));
}

void remove_all_of(const std::string& path) {
  for (const char* end : {"", "-wal", "-shm"}) fs::remove(path + end);
}

}  // namespace

TEST_CASE("a ledger that is deleted while it is written is saved in its place, whole") {
  World world;
  for (int i = 0; i < 3; ++i) world.write();
  remove_all_of(world.path);
  CHECK(world.fault() == "the file was deleted or moved away");
  const Saved saved = world.save();
  CHECK(saved.path == world.path);
  CHECK_FALSE(saved.elsewhere);
  world.write();
  check_all(world.path, 4);
  CHECK_FALSE(fs::exists(world.path + ".saving"));
}

TEST_CASE("a ledger whose trail has a record in two files is saved, whatever SQLite says of it") {
  // SQLite 3.40 finds a NULL in event_again where there is none.
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  const auto ledger = *open_ledger("sqlite:" + path);
  const recoup::test::FullLedger full(*ledger);
  std::filesystem::remove(path);
  CHECK_FALSE(ledger->tend().ok());
  const auto saved = ledger->save();
  INFO((saved.ok() ? std::string() : saved.error().message));
  REQUIRE(saved.ok());
  CHECK(recoup::test::ask_everything(*ledger, "kms"));
}

TEST_CASE("a ledger that is moved away is saved in its place, and goes on when it is moved back") {
  World world;
  world.write();
  const std::string away = world.dir.file("away.db");
  fs::rename(world.path, away);
  CHECK(world.fault() == "the file was deleted or moved away");
  SECTION("moved back") {
    fs::rename(away, world.path);
    CHECK(world.ledger->tend().ok());
    world.write();
    check_all(world.path, 2);
  }
  SECTION("saved, more than once") {
    for (std::uint64_t round = 2; round < 5; ++round) {
      CHECK_FALSE(world.save().elsewhere);
      world.write();
      check_all(world.path, round);
      fs::rename(world.path, world.dir.file("away" + std::to_string(round)));
    }
  }
}

TEST_CASE("a file that took the ledger's place stays, and the ledger is saved beside it") {
  World world;
  for (int i = 0; i < 3; ++i) world.write();
  const std::string other = world.dir.write("other", "somebody's own");
  fs::rename(other, world.path);
  CHECK(world.fault() == "another file was put in its place");
  const Saved saved = world.save();
  CHECK(saved.elsewhere);
  CHECK(saved.path == world.path + ".saved-1");
  CHECK(saved.what.find("put the right file at " + world.path) != std::string::npos);
  world.write();
  check_all(saved.path, 4);
  CHECK(fs::file_size(world.path) == 14);

  fs::rename(world.dir.write("other", "another one"), saved.path);
  CHECK(world.save().path == world.path + ".saved-1.saved-1");
  world.write();
  check_all(world.path + ".saved-1.saved-1", 5);
}

TEST_CASE("a log that is deleted takes nothing with it") {
  World world;
  REQUIRE(world.ledger->tend().ok());
  for (int i = 0; i < 3; ++i) world.write();
  SECTION("alone") { fs::remove(world.path + "-wal"); }
  SECTION("with the index") {
    fs::remove(world.path + "-wal");
    fs::remove(world.path + "-shm");
  }
  CHECK(world.fault() == "its write-ahead log (-wal) was deleted");
  CHECK_FALSE(world.save().elsewhere);
  world.write();
  check_all(world.path, 4);
}

TEST_CASE("what a log that was cut short had is written once more") {
  World world;
  world.write();
  for (int i = 0; i < 11; ++i) REQUIRE(world.ledger->tend().ok());
  for (int i = 0; i < 5; ++i) world.write();
  fs::resize_file(world.path + "-wal", GENERATE(0U, 4000U, 10'000U));
  CHECK(world.fault() == "its write-ahead log (-wal) was cut short");
  const Saved saved = world.save();
  CHECK(saved.what.find("what other commands wrote to it in the last seconds may be missing") !=
        std::string::npos);
  world.write();
  check_all(world.path, 7);
}

TEST_CASE("a log that others carry over and empty, and a file that they vacuum, are no faults") {
  World world;
  Other other(world.path);
  for (int round = 0; round < 3; ++round) {
    world.write();
    other.run("PRAGMA wal_checkpoint(TRUNCATE)");
    CHECK(fs::file_size(world.path + "-wal") == 0);
    CHECK(world.ledger->tend().ok());
    world.write();
    other.run("CREATE TABLE large AS SELECT randomblob(200000) AS bytes");
    other.run("PRAGMA wal_checkpoint(TRUNCATE)");
    CHECK(world.ledger->tend().ok());
    other.run("DROP TABLE large; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    CHECK(world.ledger->tend().ok());
  }
  world.write();
  check_all(world.path, 7);
}

TEST_CASE("a file that is cut short cannot be saved: nothing is written to it any more") {
  World world;
  world.write();
  REQUIRE(world.ledger->tend().ok());
  fs::resize_file(world.path, 0);
  CHECK(world.fault() == "the file was cut short or written over");
  const auto saved = world.ledger->save();
  REQUIRE_FALSE(saved.ok());
  CHECK(saved.error().message == "could not save the ledger: what was in the file is gone");
  CHECK(saved.error().help ==
        "stop the service, put a copy of the ledger in its place, and start it again");
  CHECK_FALSE(world.try_to_write().ok());
  CHECK(fs::file_size(world.path) == 0);
}

TEST_CASE("a ledger whose folder is gone is not saved, and is when the folder is there again") {
  const TempDir dir;
  const std::string folder = dir.file("data");
  fs::create_directory(folder);
  const std::string path = folder + "/recoup.db";
  const auto ledger = *open_ledger("sqlite:" + path);
  REQUIRE(ledger->become_writer({"berlin", "host7", 4711, kStart}).ok());
  const SeriesId id = *ledger->series({"kms", SeriesKind::probe, "generate", "berlin"});
  REQUIRE(ledger->write({.minutes = {{id, kMinute, {{Answered{200}, 3}}}}}).ok());
  fs::remove_all(folder);
  const auto refused = ledger->save();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "could not save the ledger: could not open recoup.db.saving: No such file or directory");
  fs::create_directory(folder);
  REQUIRE(ledger->save().ok());
  CHECK((*open_ledger("sqlite:" + path, Missing::refuse))->counts(id, kMinute)->size() == 1);
}

TEST_CASE(
    "another way to the ledger follows to where it was saved, and a stranger writes nothing") {
  World world;
  world.write();
  const auto beside = *world.ledger->beside();
  const auto stranger = *open_ledger("sqlite:" + world.path);
  REQUIRE(beside->seen("kms").ok());
  fs::rename(world.dir.write("other", "somebody's own"), world.path);
  const ExclusionWindow window{{kStart, kStart + 1h}, "maintenance"};
  CHECK_FALSE(beside->exclude("kms", window).ok());
  const auto refused = stranger->exclude("kms", window);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().help.find("any other command is to be run again") != std::string::npos);
  CHECK_FALSE(stranger->save().ok());

  const Saved saved = world.save();
  REQUIRE(beside->exclude("kms", window).ok());
  CHECK_FALSE(stranger->exclude("kms", window).ok());
  CHECK(world.ledger->exclusions("kms")->size() == 1);
  check_all(saved.path, 1);
}

TEST_CASE("a ledger by a symbolic link is saved where the link leads") {
  const TempDir dir;
  const std::string real = dir.file("real.db");
  const std::string name = dir.file("recoup.db");
  fs::create_symlink(real, name);
  const auto ledger = *open_ledger("sqlite:" + name);
  REQUIRE(ledger->become_writer({"berlin", "host7", 4711, kStart}).ok());
  const SeriesId id = *ledger->series({"kms", SeriesKind::probe, "generate", "berlin"});
  REQUIRE(fs::exists(real));
  remove_all_of(real);
  REQUIRE_FALSE(ledger->tend().ok());
  const auto saved = ledger->save();
  REQUIRE(saved.ok());
  CHECK(saved->path == name);
  CHECK(fs::is_symlink(name));
  CHECK(fs::exists(real));
  CHECK(ledger->write({.minutes = {{id, kMinute, {{Answered{200}, 3}}}}}).ok());
  CHECK(ledger->tend().ok());
}

TEST_CASE("the file alone is a ledger from the start, and holds what was written some turns ago") {
  World world;
  const std::string copy = world.dir.file("copy.db");
  fs::copy_file(world.path, copy);
  CHECK(open_ledger("sqlite:" + copy, Missing::refuse).ok());
  world.write();
  for (int i = 0; i < 11; ++i) REQUIRE(world.ledger->tend().ok());
  const std::string later = world.dir.file("later.db");
  fs::copy_file(world.path, later);
  check_all(later, 1);
}
