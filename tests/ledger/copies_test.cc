// Copies of a ledger that is written meanwhile, put back; and what is found in one.

#include <filesystem>
#include <thread>

#include "ledger/copies.h"
#include "ledger/full_ledger.h"
#include "ledger/implementations.h"
#include "ledger/inspect.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "support/places.h"
#include "support/process.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup;
using namespace recoup::ledger;
using namespace std::chrono_literals;
using recoup::test::FullLedger;
using recoup::test::Other;
using recoup::test::TempDir;

struct World {
  TempDir dir;
  std::string path = dir.file("ledger.db");
  Address address = *Address::parse("sqlite:" + path);
  std::string copy = dir.file("copy.db");

  World() { const FullLedger full(*open()); }

  std::unique_ptr<Ledger> open() const {
    auto opened = open_ledger(address, Missing::make);
    REQUIRE(opened.ok());
    return *std::move(opened);
  }
};

template <typename Result>
std::string message(const Result& result) {
  return result.ok() ? std::string("done") : result.error().message;
}

// Minutes of one series until a stop is asked for: each of 10 requests. Whether all were written:
// another thread may not tell Catch.
bool write_on(Ledger& ledger, const std::stop_token& stop) {
  bool all = true;
  const auto series = *ledger.series({"busy", record::SeriesKind::probe, "p", "berlin"});
  for (int i = 0; !stop.stop_requested(); ++i) {
    record::Batch batch;
    batch.minutes = {{series,
                      core::minute_of(test::kFullBegin) + std::chrono::minutes(i),
                      {{core::Answered{200}, 10}}}};
    all = ledger.write(batch).ok() && all;
  }
  return all;
}

}  // namespace

TEST_CASE("a copy has all that is in the ledger, and is of its owner alone") {
  const World world;
  const auto copied = back_up(world.address, world.copy, Existing::keep);
  REQUIRE(message(copied) == "done");
  CHECK(copied->file == world.copy);
  CHECK(copied->bytes == std::filesystem::file_size(world.copy));
  CHECK(copied->rows.at("evidence") > 3);
  CHECK_FALSE(std::filesystem::exists(world.copy + "-wal"));
  CHECK_FALSE(std::filesystem::exists(world.copy + ".part"));
  CHECK((std::filesystem::status(world.copy).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  const auto ledger = open_ledger("sqlite:" + world.copy, Missing::refuse);
  REQUIRE(ledger.ok());
  CHECK(test::ask_everything(**ledger, "kms"));
}

TEST_CASE("a copy of a ledger that is written meanwhile is of one instant, and whole") {
  const World world;
  const auto ledger = world.open();
  bool written = false;
  std::jthread writer([&](const std::stop_token& stop) { written = write_on(*ledger, stop); });
  std::uint64_t before = 0;
  for (int i = 0; i < 5; ++i) {
    const auto copied = back_up(world.address, world.copy, Existing::replace);
    REQUIRE(message(copied) == "done");
    CHECK(copied->rows.at("tally") >= before);
    before = copied->rows.at("tally");
    const auto found = inspect(*Address::parse("sqlite:" + world.copy), Looked::copy);
    REQUIRE(message(found) == "done");
    CHECK(found->faults == std::vector<std::string>{});
  }
  writer.request_stop();
  writer.join();
  CHECK(written);
}

TEST_CASE("a copy never takes the place of a file unless it is told, or of the ledger") {
  const World world;
  world.dir.write("copy.db", "a letter");
  CHECK(message(back_up(world.address, world.copy, Existing::keep)) ==
        "expected no file of that name, got one");
  CHECK(test::read_text(world.copy) == "a letter");
  CHECK(message(back_up(world.address, world.path, Existing::replace)) ==
        "expected another file than the ledger itself");
  std::filesystem::create_symlink(world.path, world.dir.file("link.db"));
  CHECK(message(back_up(world.address, world.dir.file("link.db"), Existing::replace)) ==
        "expected another file than the ledger itself");
  CHECK(message(back_up(world.address, world.dir.file("none/copy.db"), Existing::keep)) ==
        "could not back up the ledger: could not make " + world.dir.file("none/copy.db") +
            ".part: No such file or directory");
  CHECK(message(back_up(world.address, world.copy, Existing::replace)) == "done");
}

TEST_CASE("a ledger that is damaged, or newer, or none, is not copied, and no copy is left") {
  const World world;
  SECTION("damaged") {
    std::string bytes = test::read_text(world.path);
    bytes.replace(4096, 4096 * 4, std::string(4096 * 4, 'x'));
    world.dir.write("ledger.db", bytes);
  }
  SECTION("newer") { Other(world.path).run("PRAGMA user_version = 1000"); }
  SECTION("none") { world.dir.write("ledger.db", "a letter, and not a short one: " + world.path); }
  SECTION("gone") { std::filesystem::remove(world.path); }
  CHECK(message(back_up(world.address, world.copy, Existing::keep)) != "done");
  CHECK_FALSE(std::filesystem::exists(world.copy));
  CHECK_FALSE(std::filesystem::exists(world.copy + ".part"));
}

TEST_CASE("a copy is put back, and what was there stays beside it") {
  const World world;
  REQUIRE(back_up(world.address, world.copy, Existing::keep).ok());
  const core::Interval hour{test::kFullBegin + 100h, test::kFullBegin + 101h};
  REQUIRE(world.open()->exclude("kms", {hour, "after the copy"}).ok());
  CHECK(message(restore(world.copy, world.address, Existing::keep)) ==
        "expected no file of that name, got one");
  const auto restored = restore(world.copy, world.address, Existing::replace);
  REQUIRE(message(restored) == "done");
  CHECK(restored->aside == world.path + ".before-restore-1");
  CHECK(world.open()->exclusions("kms")->size() == 1);
  const auto aside = open_ledger("sqlite:" + restored->aside, Missing::refuse);
  CHECK((*aside)->exclusions("kms")->size() == 2);
  CHECK(restore(world.copy, world.address, Existing::replace)->aside ==
        world.path + ".before-restore-2");
  // Where nothing is there, nothing has to be said.
  const Address fresh = *Address::parse("sqlite:" + world.dir.file("fresh.db"));
  CHECK(message(restore(world.copy, fresh, Existing::keep)) == "done");
  CHECK(test::ask_everything(**open_ledger(fresh, Missing::refuse), "kms"));
}

TEST_CASE(
    "nothing is put in the place of a ledger that a service writes, or beside another's log") {
  const World world;
  REQUIRE(back_up(world.address, world.copy, Existing::keep).ok());
  {
    const auto service = world.open();
    REQUIRE(service->become_writer({"berlin", "host", 7, test::kFullBegin}).ok());
    CHECK(message(restore(world.copy, world.address, Existing::replace)) ==
          "expected a ledger into which nobody records, got one that a service writes");
    CHECK(test::ask_everything(*service, "kms"));
  }
  CHECK(message(restore(world.copy, world.address, Existing::replace)) == "done");
  const Address fresh = *Address::parse("sqlite:" + world.dir.file("fresh.db"));
  world.dir.write("fresh.db-wal", "of a ledger that was moved away");
  CHECK(message(restore(world.copy, fresh, Existing::keep)) ==
        "expected no file of that name, got one");
  CHECK(
      message(restore(world.dir.file("none.db"), fresh, Existing::keep)).ends_with("got no file"));
  world.dir.write("letter.db", "a letter, and not a short one: " + world.path);
  CHECK(message(restore(world.dir.file("letter.db"), world.address, Existing::replace)) != "done");
  CHECK(test::ask_everything(*world.open(), "kms"));
}

TEST_CASE("of a ledger in PostgreSQL or in memory it is said who copies it") {
  const TempDir dir;
  const Address away = *Address::parse("postgresql://recoup@db.example/recoup");
  const auto refused = back_up(away, dir.file("copy"), Existing::keep);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().help.starts_with("PostgreSQL has a tool for that: pg_dump"));
  CHECK(restore(dir.file("copy"), away, Existing::replace)
            .error()
            .help.starts_with("PostgreSQL has a tool for that: pg_restore"));
}

TEST_CASE("a ledger is looked through: file, rows and tables") {
  const World world;
  const auto look = [&] {
    const auto found = inspect(world.address);
    REQUIRE(message(found) == "done");
    return *found;
  };
  CHECK(look().faults == std::vector<std::string>{});
  CHECK(look().agreed == std::vector<std::string>{
                             "the file is whole", "every row refers to one that is there",
                             fmt::format("the tables are those of version {}", look().version)});
  CHECK(look().agreements == std::vector<std::string>{"kms", "s3"});
  Other(world.path).run("PRAGMA foreign_keys = OFF; DELETE FROM outcome WHERE id = 1");
  CHECK(look().faults.size() > 1);
  CHECK(look().faults[0].ends_with(" refer to one of the table outcome that is not there"));
  Other(world.path).run("DROP INDEX journal_of_agreement; CREATE TABLE notes (text)");
  const auto faults = look().faults;
  CHECK(faults[faults.size() - 2] ==
        "the index journal_of_agreement is not as this version makes it");
  CHECK(faults.back() == "the table notes is none of this program's");
}

TEST_CASE("a ledger's size is that of its parts, by table, agreement and month") {
  const auto& implementation = GENERATE(from_range(test::kImplementations));
  if (implementation.name == "SQLite in memory") return;
  INFO(implementation.name);
  const TempDir dir;
  const Address address = Address::parse(implementation.url(dir))->in(dir.path().string());
  { const FullLedger full(**open_ledger(address, Missing::make)); }
  const auto size = size_of(address, test::kFullBegin + 24h * 60);
  REQUIRE(message(size) == "done");
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  for (const Part& table : size->tables) {
    INFO(table.name);
    CHECK(table.bytes > 0);
    rows += table.rows;
    bytes += table.bytes;
  }
  CHECK(bytes <= size->bytes);
  REQUIRE(size->agreements.size() == 3);
  CHECK(size->agreements[0].name == "kms");
  CHECK(size->agreements[1].name == "s3");
  CHECK(size->agreements[2].name.empty());
  CHECK(size->agreements[0].rows + size->agreements[1].rows + size->agreements[2].rows == rows);
  REQUIRE(size->months.size() == 2);
  CHECK(size->months[0].name == "2026-10");
  REQUIRE(size->a_month.has_value());
  CHECK(size->a_month->rows == (size->months[0].rows + size->months[1].rows) / 2);
  // October is not over: nobody knows what it will have brought.
  CHECK_FALSE(size_of(address, test::kFullBegin)->a_month.has_value());
}
