// What is true of a ledger because it is one SQLite file.
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <random>

#include "ledger/full_ledger.h"
#include "ledger/open.h"
#include "ledger/other.h"
#include "ledger/sql/sqlite_database.h"
#include "ledger/sql_ledger.h"
#include "ledger/tables/sqlite_schema.h"
#include "support/catch.h"
#include "support/places.h"
#include "support/temp_dir.h"

namespace {

using namespace recoup::ledger;
using namespace recoup::record;
using namespace std::chrono_literals;
using recoup::core::Answered;
using recoup::core::Instant;
using recoup::core::Minute;
using recoup::core::OutcomeCount;
using recoup::record::Evidence;
using recoup::test::Other;
using recoup::test::TempDir;

const Instant kStart = std::chrono::sys_days(std::chrono::year(2026) / 10 / 1);
const Minute kMinute = recoup::core::minute_of(kStart);

std::unique_ptr<Ledger> open(const std::string& path) {
  auto opened = open_ledger("sqlite:" + path);
  INFO((opened ? "" : opened.error().message));
  REQUIRE(opened.ok());
  return *std::move(opened);
}

recoup::core::Error refused(const std::string& path) {
  const auto opened = open_ledger("sqlite:" + path);
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().where == path);
  return opened.error();
}

std::string read_all(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

SeriesId probe(Ledger& ledger) {
  return *ledger.series({"kms", SeriesKind::probe, "generate", "berlin"});
}

}  // namespace

TEST_CASE("what was written is there after closing and opening") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  {
    const auto ledger = open(path);
    REQUIRE(ledger->write({.minutes = {{probe(*ledger), kMinute, {{Answered{200}, 3}}}}}).ok());
  }
  const auto ledger = open(path);
  CHECK(*ledger->counts(probe(*ledger), kMinute) == std::vector<OutcomeCount>{{Answered{200}, 3}});
}

TEST_CASE("a reader sees what the writer commits, in the same file at the same time") {
  const TempDir dir;
  const auto writer = open(dir.file("ledger.db"));
  const auto reader = open(dir.file("ledger.db"));
  const SeriesId id = probe(*writer);
  REQUIRE(writer->write({.minutes = {{id, kMinute, {{Answered{200}, 3}}}}}).ok());
  CHECK(reader->counts(id, kMinute)->size() == 1);
  REQUIRE(writer->write({.minutes = {{id, kMinute, {{Answered{500}, 1}}}}}).ok());
  CHECK(reader->counts(id, kMinute)->size() == 2);
}

TEST_CASE("a ledger is synchronised at every commit") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  const auto ledger = open(path);
  Other other(path);
  CHECK(other.text("PRAGMA journal_mode") == "wal");
  CHECK(other.text("PRAGMA application_id") == std::to_string(0x52435550));
  CHECK(other.text("PRAGMA user_version") == "19");
  CHECK(other.text("PRAGMA integrity_check") == "ok");
}

TEST_CASE("a SQLite database of something else is refused and stays as it was") {
  const TempDir dir;
  const std::string path = dir.file("music.db");
  Other(path).run("CREATE TABLE song (title TEXT)");
  const auto error = refused(path);
  CHECK(error.message ==
        "could not open the ledger: expected a ledger, got a SQLite database of something else");
  CHECK(error.help == "name another file as the ledger");
  CHECK(Other(path).text("SELECT group_concat(name) FROM sqlite_schema") == "song");
  CHECK(Other(path).text("PRAGMA journal_mode") == "delete");
}

TEST_CASE("a file that is no database is refused and stays as it was") {
  const TempDir dir;
  const std::string text = "ledger = \"sqlite:recoup.db\"\n" + std::string(2000, 'x');
  const std::string path = dir.write("recoup.toml", text);
  CHECK(refused(path).message == "could not open the ledger: file is not a database");
  CHECK(read_all(path) == text);
}

TEST_CASE("a ledger of a newer version is refused with what to do") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  open(path);
  Other(path).run("PRAGMA user_version = 20");
  const auto error = refused(path);
  CHECK(error.message ==
        "could not open the ledger: expected a ledger of version 19 or older, got version 20");
  CHECK(error.help == "use the newer recoup that wrote it, or name another file as the ledger");
}

TEST_CASE("a ledger of version 1 is brought to the newest version with all that is in it") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  Other(path).run(read_all(TESTS_DIR "/ledger/version-1.sql").c_str());
  {
    const auto ledger = open(path);
    const recoup::core::Interval hour{kStart, kStart + 1h};
    CHECK(ledger->exclusions("kms")->empty());
    REQUIRE(ledger->exclude("kms", {hour, "maintenance"}).ok());
    CHECK(ledger->counts(1, kMinute)->at(0) == OutcomeCount{Answered{200}, 11});
    CHECK(ledger->counts(2, kMinute + 1min)->at(0) == OutcomeCount{Answered{503, "SlowDown"}, 1});
    CHECK(ledger->tallies("kms", hour)->gaps().size() == 1);
    CHECK(ledger->files("kms")->at(0).name == "access.log");
    CHECK((*ledger->checkpoint(1))->watermark == kStart + 59s);
  }
  CHECK(open(path)->exclusions("kms")->size() == 1);
  CHECK(Other(path).text("PRAGMA user_version") == "19");
  CHECK(Other(path).text("PRAGMA integrity_check") == "ok");
}

TEST_CASE("a ledger of version 3 keeps the steps of its claims, and takes one back that is new") {
  using recoup::record::ClaimStep;
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  Other(path).run(read_all(TESTS_DIR "/ledger/version-3.sql").c_str());
  const auto ledger = open(path);
  CHECK(*ledger->claim_events_end() == 3);
  const auto events = *ledger->claim_events("kms");
  REQUIRE(events.size() == 2);
  CHECK(events[0].step == ClaimStep::written);
  CHECK(events[0].folder == "/claims/a");
  CHECK(recoup::core::amount_text(*events[0].amount) == "184.51");
  CHECK(events[1].case_id == "42");
  CHECK(events[1].note == "by the console");
  auto unmarked = events[1];
  unmarked.step = ClaimStep::unmarked;
  REQUIRE(ledger->add_claim_event(unmarked).ok());
  CHECK(ledger->claim_events("kms")->back().step == ClaimStep::unmarked);
  CHECK(*ledger->claim_events_end() == 4);
}

TEST_CASE(
    "a ledger of version 4 takes series of new kinds, and goes on where each was accounted for") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  Other(path).run(read_all(TESTS_DIR "/ledger/version-4.sql").c_str());
  {
    const auto ledger = open(path);
    const SeriesId old = *ledger->series({"kms", SeriesKind::probe, "generate", "berlin"});
    const auto checkpoint = *ledger->checkpoint(old);
    REQUIRE(checkpoint);
    CHECK(recoup::core::to_text(checkpoint->watermark) == "2026-11-26T20:37:24.592Z");
    CHECK(checkpoint->every == 200ms);
    CHECK(checkpoint->place.empty());
    const SeriesId added = *ledger->series({"kms", SeriesKind::stream, "trail", ""});
    CHECK(added > old);
    REQUIRE(ledger->write({.checkpoints = {{added, kStart, 0ms, "inode 7, byte 4096"}}}).ok());
    // What refers to a series that is not there is refused as before.
    CHECK_FALSE(ledger->write({.minutes = {{added + 1, kMinute, {{Answered{200}, 1}}}}}).ok());
  }
  CHECK(open(path)->all_series("kms")->back().checkpoint->place == "inode 7, byte 4096");
  CHECK(Other(path).text("PRAGMA integrity_check") == "ok");
  CHECK(Other(path).text("PRAGMA foreign_key_check").empty());
  CHECK(Other(path).text("SELECT count(*) FROM sqlite_schema WHERE name = 'accounted'") == "0");
}

TEST_CASE("a ledger of version 5 takes records with ids, and knows what it knew of its files") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  Other(path).run(read_all(TESTS_DIR "/ledger/version-5.sql").c_str());
  {
    const auto ledger = open(path);
    const auto files = *ledger->files("kms");
    REQUIRE(files.size() == 2);
    CHECK(files[0].log == "web");
    CHECK(files[0].requests == 20);
    CHECK(files[0].read == recoup::core::Instant());
    recoup::record::TrailFile file{"kms", "trail", {}, {}};
    file.file.digest = "of a trail";
    file.events.outcomes = {Answered{200}};
    file.events.events = {{kStart, 7, 0, false}};
    CHECK(ledger->import_trail({file})->front().is_new);
    REQUIRE(ledger->remove_file("kms", files[1].digest)->has_value());
  }
  CHECK(open(path)->files("kms")->size() == 2);
  CHECK(open(path)->seals("kms")->size() == 1);
  CHECK(Other(path).text("PRAGMA integrity_check") == "ok");
  CHECK(Other(path).text("PRAGMA foreign_key_check").empty());
}

TEST_CASE("a ledger of version 9 takes digests of a trail whose files it has") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  Other(path).run(read_all(TESTS_DIR "/ledger/version-9.sql").c_str());
  const recoup::core::Interval month{*recoup::core::parse_instant("2026-10-01T00:00:00Z"),
                                     *recoup::core::parse_instant("2026-11-01T00:00:00Z")};
  {
    const auto ledger = open(path);
    auto kept = *ledger->digests("kms", month, {});
    REQUIRE(kept.files.size() == 2);
    CHECK(kept.files[0].says.empty());
    CHECK(kept.empty());
    kept.files[0].says = "yes";
    kept.files[0].hash = "of what is in it";
    kept.files.pop_back();
    REQUIRE(ledger->keep_digests(kept).ok());
  }
  const auto kept = *open(path)->digests("kms", month, {});
  REQUIRE(kept.files.size() == 2);
  CHECK(kept.files[0].says == "yes");
  CHECK(kept.files[0].hash == "of what is in it");
  CHECK(kept.files[1].says.empty());
  CHECK(Other(path).text("PRAGMA integrity_check") == "ok");
  CHECK(Other(path).text("PRAGMA foreign_key_check").empty());
}

TEST_CASE("a ledger of version 10 takes incidents of the provider") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  Other(path).run(read_all(TESTS_DIR "/ledger/version-10.sql").c_str());
  const recoup::core::Interval month{*recoup::core::parse_instant("2026-10-01T00:00:00Z"),
                                     *recoup::core::parse_instant("2026-11-01T00:00:00Z")};
  {
    const auto ledger = open(path);
    CHECK(ledger->incidents(month)->empty());
    recoup::core::ProviderIncident incident;
    incident.provider = "aws";
    incident.id = "one";
    incident.services = {"KMS"};
    incident.begin = month.begin + 1h;
    REQUIRE(ledger->keep_incidents({{incident, {"kms"}}}).ok());
  }
  const auto ledger = open(path);
  REQUIRE(ledger->incidents(month)->size() == 1);
  CHECK(ledger->files("kms")->size() == 2);
  CHECK(ledger->exclusions("kms")->size() == 1);
  const auto journal = *ledger->journal("kms", 0);
  REQUIRE(journal.size() == 4);
  CHECK(journal.back().kind == recoup::record::JournalEntry::Kind::incident);
  CHECK(Other(path).text("PRAGMA integrity_check") == "ok");
  CHECK(Other(path).text("PRAGMA foreign_key_check").empty());
}

TEST_CASE("a folder that is not there is named, and what it must be") {
  const TempDir dir;
  const auto error = refused(dir.file("none/ledger.db"));
  CHECK(error.message == "could not open the ledger: unable to open database file");
  CHECK(error.help ==
        "the folder must exist, and this user must be able to write the file and its folder");
}

TEST_CASE("an address that is none is refused without showing a password") {
  const auto opened = open_ledger("mysql://me:hunter2@db/recoup");
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("a user who may not write the folder is told so") {
  const TempDir dir;
  REQUIRE(chmod(dir.path().c_str(), 0555) == 0);
  int pipe_ends[2];
  REQUIRE(pipe(pipe_ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // The superuser may write everywhere: somebody else has to try.
    if (geteuid() == 0 && setuid(65534) != 0) _exit(2);
    const auto opened = open_ledger("sqlite:" + dir.file("ledger.db"));
    const std::string said =
        opened ? "opened" : opened.error().message + "\n" + opened.error().help;
    _exit(write(pipe_ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0
                                                                                             : 3);
  }
  close(pipe_ends[1]);
  std::string said(1000, '\0');
  const ssize_t size = read(pipe_ends[0], said.data(), said.size());
  close(pipe_ends[0]);
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(status == 0);
  said.resize(static_cast<std::size_t>(size));
  CHECK(said ==
        "could not open the ledger: unable to open database file\n"
        "the folder must exist, and this user must be able to write the file and its folder");
  REQUIRE(chmod(dir.path().c_str(), 0755) == 0);
}

TEST_CASE("a write that another process keeps waiting too long is an error and writes nothing") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  SqlLedger ledger(open_sqlite(path, Missing::make, kSqliteSchema, 10ms));
  const SeriesId id = probe(ledger);
  const Batch batch{.minutes = {{id, kMinute, {{Answered{200}, 3}}}}};
  Other other(path);
  other.run("BEGIN IMMEDIATE");
  const auto written = ledger.write(batch);
  REQUIRE_FALSE(written.ok());
  CHECK(written.error().message == "could not write a batch to the ledger: database is locked");
  CHECK(written.error().where == path);
  CHECK(written.error().help ==
        "another process is writing the ledger: wait for it, or stop it, then try again");
  CHECK(ledger.counts(id, kMinute)->empty());
  other.run("ROLLBACK");
  CHECK(ledger.write(batch).ok());
}

TEST_CASE("a write for which there is no room is an error, and nothing of it is there") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  const auto ledger = open(path);
  const SeriesId id = probe(*ledger);
  REQUIRE(ledger->write({.minutes = {{id, kMinute, {{Answered{200}, 3}}}}}).ok());
  Batch large;
  large.minutes = {{id, kMinute, {{Answered{200}, 4}}}};
  for (std::uint64_t tie = 0; tie < 5000; ++tie) {
    large.evidence.push_back(
        {id, Evidence{kStart, tie, Answered{500}, "", 0ms, "", std::string(500, 'x')}});
  }

  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit small = before;
  small.rlim_cur = 500'000;
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto written = ledger->write(large);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, old_handler);

  REQUIRE_FALSE(written.ok());
  INFO(written.error().message);
  CHECK(written.error().message.find("could not write a batch to the ledger: ") == 0);
  CHECK_FALSE(written.error().help.empty());
  CHECK(*ledger->counts(id, kMinute) == std::vector<OutcomeCount>{{Answered{200}, 3}});
  CHECK(ledger->write(large).ok());
  CHECK(*ledger->counts(id, kMinute) == std::vector<OutcomeCount>{{Answered{200}, 4}});
}

TEST_CASE("an outcome in the file that is none is an error, never left out") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  {
    const auto ledger = open(path);
    REQUIRE(ledger->write({.minutes = {{probe(*ledger), kMinute, {{Answered{200}, 3}}}}}).ok());
  }
  Other(path).run("UPDATE outcome SET text = 'fine'");
  const auto ledger = open(path);
  const auto tallies = ledger->tallies("kms", {kStart, kStart + 1h});
  REQUIRE_FALSE(tallies.ok());
  CHECK(
      tallies.error().message ==
      "could not read tallies of the ledger: expected an outcome, like 200, 503/SlowDown, timeout "
      "or missed/late, got 'fine'");
  CHECK_FALSE(ledger->counts(probe(*ledger), kMinute).ok());
}

TEST_CASE("a number in the file that nobody wrote is an error, and stops nothing") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  { const recoup::test::FullLedger full(*open(path)); }
  const auto tallies = [&](const std::string& set) {
    const std::string spoiled = dir.file("spoiled.db");
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(spoiled + tail);
    Other(path).run(("VACUUM INTO '" + spoiled + "'").c_str());
    Other(spoiled).run(("PRAGMA ignore_check_constraints = ON; UPDATE " + set).c_str());
    const auto ledger = open(spoiled);
    const recoup::core::Instant begin = recoup::test::kFullBegin;
    const auto found = ledger->tallies("kms", {begin, begin + 24h});
    return found.ok() ? std::string() : found.error().message;
  };
  CHECK(tallies("gap SET every_ms = 5000").empty());
  CHECK(tallies("gap SET every_ms = 0") ==
        "could not read tallies of the ledger: expected a period, got '0'");
  CHECK(tallies("gap SET every_ms = 9223372036854775807") ==
        "could not read tallies of the ledger: expected a time, got '9223372036854775807'");
  CHECK(tallies("gap SET targets = 0") ==
        "could not read tallies of the ledger: expected a count of targets, got '0'");
  CHECK(tallies("gap SET begin_ms = -9223372036854775808") ==
        "could not read tallies of the ledger: expected a time, got '-9223372036854775808'");
}

TEST_CASE("a damaged ledger is an error that says so") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  {
    const auto ledger = open(path);
    REQUIRE(ledger->write({.minutes = {{probe(*ledger), kMinute, {{Answered{200}, 3}}}}}).ok());
  }
  const auto size = std::filesystem::file_size(path);
  REQUIRE(size > 8192);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  const std::string garbage(size - 4096, '\x5a');
  file.write(garbage.data(), static_cast<std::streamsize>(garbage.size()));
  file.close();
  const auto opened = open_ledger("sqlite:" + path);
  recoup::core::Error error;
  if (opened) {
    const auto tallies = (*opened)->tallies("kms", {kStart, kStart + 1h});
    REQUIRE_FALSE(tallies.ok());
    error = tallies.error();
  } else {
    error = opened.error();
  }
  INFO(error.message);
  CHECK(error.message.find("malformed") != std::string::npos);
  CHECK(error.help ==
        "put a copy in its place that was made before (recoup restore --replace COPY), or name "
        "another file as the ledger");
}

TEST_CASE(
    "a page that was read damaged is read again, and the ledger goes on without a new start") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  {
    const auto ledger = open(path);
    REQUIRE(ledger->write({.minutes = {{probe(*ledger), kMinute, {{Answered{200}, 3}}}}}).ok());
  }
  const auto size = static_cast<std::size_t>(std::filesystem::file_size(path));
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  std::string whole(size, '\0');
  file.read(whole.data(), static_cast<std::streamsize>(size));
  const auto put = [&](const std::string& bytes) {
    file.seekp(0);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    REQUIRE(file.flush().good());
  };
  const auto ledger = open(path);
  // All but the first page, which says what the file is.
  put(whole.substr(0, 4096) + std::string(size - 4096, '\x5a'));
  CHECK_FALSE(ledger->tallies("kms", {kStart, kStart + 1h}).ok());
  put(whole);
  const auto tallies = ledger->tallies("kms", {kStart, kStart + 1h});
  REQUIRE(tallies.ok());
  CHECK(tallies->rows().size() == 1);
  CHECK(ledger->write({.minutes = {{probe(*ledger), kMinute, {{Answered{200}, 4}}}}}).ok());
}

namespace {

constexpr int kSeriesOfWriter = 20;

// Batch `number` raises the count of its minute in every series and adds one piece of evidence.
Batch crash_batch(const std::vector<SeriesId>& ids, std::uint64_t number) {
  Batch batch;
  const Minute minute = kMinute + std::chrono::minutes(number / 7);
  for (const SeriesId id : ids) {
    batch.minutes.push_back({id, minute, {{Answered{200}, number % 7 + 1}}});
    batch.evidence.push_back({id, Evidence{kStart, number, Answered{500}, "", 0ms, "", "GET /"}});
    batch.checkpoints.push_back({id, kStart + std::chrono::seconds(number), 1s});
  }
  return batch;
}

std::vector<SeriesId> crash_series(Ledger& ledger) {
  std::vector<SeriesKey> keys;
  for (int i = 0; i < kSeriesOfWriter; ++i) {
    keys.push_back({"kms", SeriesKind::probe, std::to_string(i), "berlin"});
  }
  auto ids = ledger.series(keys);
  return ids ? *std::move(ids) : std::vector<SeriesId>{};
}

// Writes batches from `next` on and tells the pipe the number of each that was acknowledged.
[[noreturn]] void write_for_ever(const std::string& path, std::uint64_t next, int out) {
  auto ledger = open_ledger("sqlite:" + path);
  if (!ledger) _exit(1);
  const auto ids = crash_series(**ledger);
  for (;; ++next) {
    if (!(*ledger)->write(crash_batch(ids, next))) _exit(2);
    if (write(out, &next, sizeof next) != sizeof next) _exit(3);
  }
}

// Starts the writer, kills it after `lifetime` acknowledged batches and a random moment; returns
// the number of the last batch that it said was written.
std::uint64_t run_and_kill(const std::string& path, std::uint64_t next, int lifetime,
                           unsigned spins) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) write_for_ever(path, next, ends[1]);
  close(ends[1]);
  std::uint64_t last = 0;
  for (int i = 0; i < lifetime; ++i) REQUIRE(read(ends[0], &last, sizeof last) == sizeof last);
  // The kill falls somewhere into the next write, at no chosen place.
  for (std::atomic<unsigned> i = 0; i < spins; ++i) {
  }
  REQUIRE(kill(child, SIGKILL) == 0);
  while (read(ends[0], &last, sizeof last) == sizeof last) {
  }
  close(ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  return last;
}

// The number of the last batch that the ledger holds; checks that it holds all before it, whole.
std::uint64_t check_whole(Ledger& ledger) {
  std::vector<std::uint64_t> evidence;
  REQUIRE(ledger
              .evidence("kms", {kStart, kStart + 1ms},
                        [&](const Evidence& e) { evidence.push_back(e.tie); })
              .ok());
  REQUIRE(evidence.size() % kSeriesOfWriter == 0);
  const std::uint64_t batches = evidence.size() / kSeriesOfWriter;
  const std::uint64_t last = batches - 1;

  const auto tallies = ledger.tallies("kms", {kStart, kStart + 24h * 365});
  REQUIRE(tallies.ok());
  CHECK(tallies->rows().size() == (last / 7 + 1) * kSeriesOfWriter);
  std::size_t wrong = 0;
  for (const auto& row : tallies->rows()) {
    const auto at = static_cast<std::uint64_t>((row.minute - kMinute).count());
    const std::uint64_t expected = at < last / 7 ? 7 : last % 7 + 1;
    if (row.count != expected) ++wrong;
  }
  CHECK(wrong == 0);
  for (const SeriesId id : crash_series(ledger)) {
    const auto checkpoint = ledger.checkpoint(id);
    REQUIRE(checkpoint.ok());
    CHECK((*checkpoint)->watermark == kStart + std::chrono::seconds(last));
  }
  return last;
}

}  // namespace

TEST_CASE("a ledger whose writer is killed holds all that was acknowledged, and nothing by half") {
  const TempDir dir;
  const std::string path = dir.file("ledger.db");
  std::mt19937 random(20261003);
  std::uint64_t next = 0;
  for (int round = 0; round < 20; ++round) {
    INFO("round " << round << ", from batch " << next);
    const int lifetime = std::uniform_int_distribution(1, 60)(random);
    const unsigned spins = std::uniform_int_distribution(0U, 1'000'000U)(random);
    const std::uint64_t acknowledged = run_and_kill(path, next, lifetime, spins);
    const auto ledger = open(path);
    const std::uint64_t held = check_whole(*ledger);
    CHECK(held >= acknowledged);
    CHECK(held <= acknowledged + 1);
    next = held + 1;
  }
}
