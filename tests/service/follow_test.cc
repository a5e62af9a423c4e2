// Logs that are followed: what is read of them, and that nothing counts twice.
#include "service/follow.h"

#include "ledger/address.h"
#include "ledger/sql/database.h"
#include "ledger/sql_ledger.h"
#include "support/captured_log.h"
#include "support/packed.h"

using namespace recoup;
using namespace std::chrono_literals;
using test::append;
using test::Followed;
using test::log_line;
using test::log_lines;
using test::seen_by_import;

namespace {

namespace fs = std::filesystem;

void gzip(const std::string& path) {
  const std::string content = test::slurp(path);
  std::ofstream(path + ".gz", std::ios::binary) << test::packed("gzip", content);
  fs::remove(path);
}

// As logrotate's copytruncate does.
void copy_and_truncate(const std::string& path, const std::string& copy) {
  fs::copy_file(path, copy);
  fs::resize_file(path, 0);
}

bool tells(const test::CapturedLog& log, const std::string& part) {
  return log.text().find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a log that grows is counted as far as its lines have ended") {
  Followed logs;
  append(logs.log("access.log"), log_lines(0, 20) + log_line(20).substr(0, 40));
  logs.turn();
  CHECK(logs.seen() == seen_by_import(log_lines(0, 20)));
  append(logs.log("access.log"), log_line(20).substr(40) + log_lines(21, 25));
  logs.turn();
  CHECK(logs.seen() == seen_by_import(log_lines(0, 25)));
  CHECK(logs.counts().format == "combined");
  CHECK(logs.counts().requests == 25);
  CHECK(logs.ledger->files("a")->size() == 1);
  CHECK(logs.ledger->files("a")->front().records == 25);
}

TEST_CASE(
    "a line that cannot be read belongs to the record before it, in whatever stretch it comes") {
  Followed logs;
  const std::string begin = "x\n" + log_lines(0, 20);
  append(logs.log("access.log"), begin);
  logs.turn();
  append(logs.log("access.log"), "garbage\n");
  logs.turn();
  append(logs.log("access.log"), "more\n" + log_lines(20, 90));
  logs.turn();
  CHECK(logs.seen() == seen_by_import(begin + "garbage\nmore\n" + log_lines(20, 90)));
  CHECK(logs.counts().malformed == 3);
}

TEST_CASE("a last line without its newline is counted when nobody writes on") {
  Followed logs;
  std::string cut = log_line(20);
  cut.pop_back();
  append(logs.log("access.log"), log_lines(0, 20) + cut);
  logs.turn();
  logs.sim.pass(9min);
  logs.turn();
  CHECK(logs.counts().requests == 20);
  logs.sim.pass(2min);
  logs.turn();
  CHECK(logs.seen() == seen_by_import(log_lines(0, 20) + cut));
  CHECK(logs.counts().requests == 21);
}

TEST_CASE("a log that is renamed is read to its end, and the new one from its begin") {
  const bool is_named = GENERATE(true, false);
  Followed logs(is_named ? "id = \"web\"\npath = \"logs/access.log*\"\n"
                         : "id = \"web\"\npath = \"logs/access.log\"\n");
  append(logs.log("access.log"), log_lines(0, 30));
  logs.turn();
  fs::rename(logs.log("access.log"), logs.log("access.log.1"));
  append(logs.log("access.log.1"), log_lines(30, 35));
  append(logs.log("access.log"), log_lines(35, 37));
  logs.turn();
  append(logs.log("access.log.1"), log_lines(37, 40));
  append(logs.log("access.log"), log_lines(40, 90));
  logs.turns();
  CHECK(logs.seen() == seen_by_import(log_lines(0, 90)));
  CHECK(logs.counts().read_before == 0);

  // And renamed while nobody looks.
  logs.follower.reset();
  append(logs.log("access.log"), log_lines(90, 95));
  fs::rename(logs.log("access.log.1"), logs.log("access.log.2"));
  fs::rename(logs.log("access.log"), logs.log("access.log.1"));
  append(logs.log("access.log"), log_lines(95, 120));
  logs.start();
  logs.turns();
  CHECK(logs.seen() == seen_by_import(log_lines(0, 120)));
  CHECK(logs.failures.empty());
}

TEST_CASE("a log that is removed while it is open is read to its end") {
  Followed logs("id = \"web\"\npath = \"logs/access.log\"\n");
  append(logs.log("access.log"), log_lines(0, 30));
  logs.turn();
  std::ofstream server(logs.log("access.log"), std::ios::app);
  fs::remove(logs.log("access.log"));
  server << log_lines(30, 40) << std::flush;
  logs.turn();
  CHECK(logs.seen() == seen_by_import(log_lines(0, 40)));
}

TEST_CASE("a log that is copied and cut counts once, with what came before it was copied") {
  const int first = GENERATE(3, 60);  // fewer lines than are known by a run, and more
  Followed logs;
  append(logs.log("access.log"), log_lines(0, first));
  logs.turn();
  const bool is_down = GENERATE(false, true);
  if (is_down) logs.follower.reset();
  append(logs.log("access.log"), log_lines(first, first + 5));
  copy_and_truncate(logs.log("access.log"), logs.log("access.log.1"));
  append(logs.log("access.log"), log_lines(first + 5, first + 9));
  if (is_down) logs.start();
  logs.turns();
  append(logs.log("access.log"), log_lines(first + 9, first + 100));
  logs.turns();
  CHECK(logs.seen() == seen_by_import(log_lines(0, first + 100)));
  CHECK(logs.failures.empty());
}

TEST_CASE("a copy that is being written adds nothing before it is whole") {
  Followed logs;
  append(logs.log("access.log"), log_lines(0, 100));
  logs.turn();
  const std::string content = test::slurp(logs.log("access.log"));
  for (std::size_t size = 0; size < content.size(); size += 1500) {
    append(logs.log("access.log.1"), content.substr(size, 1500));
    logs.turn();
    CHECK(logs.counts().requests == 100);
  }
  fs::resize_file(logs.log("access.log"), 0);
  append(logs.log("access.log"), log_lines(100, 160));
  logs.turns();
  CHECK(logs.seen() == seen_by_import(log_lines(0, 160)));
}

TEST_CASE("a log that was packed after its rotation adds what nobody had read") {
  Followed logs;
  append(logs.log("access.log"), log_lines(0, 100));
  logs.turn();
  append(logs.log("access.log"), log_lines(100, 107));
  fs::rename(logs.log("access.log"), logs.log("access.log.1"));
  gzip(logs.log("access.log.1"));
  append(logs.log("access.log"), log_lines(107, 150));
  logs.follower.reset();  // else it is open
  logs.start();
  logs.turns();
  CHECK(logs.seen() == seen_by_import(log_lines(0, 150)));
  // Looked at again by a new process, it is not even read.
  logs.start();
  logs.turns();
  CHECK(logs.counts().bytes == 0);
  CHECK(logs.seen() == seen_by_import(log_lines(0, 150)));
}

TEST_CASE("an import and following never count a line twice, whichever comes first") {
  Followed logs;
  const int size = GENERATE(6, 200);
  const auto import = [&](const std::string& text) {
    const auto done = service::import_log(*logs.ledger, {"a", "by-hand", "auto"},
                                          logs.dir.write("copy.log", text), nullptr);
    REQUIRE(done.ok());
    return done->new_to_ledger;
  };
  SECTION("an import before") {
    CHECK(import(log_lines(0, size)));
    append(logs.log("access.log"), log_lines(0, size + 5));
    logs.turn();
  }
  SECTION("an import after") {
    append(logs.log("access.log"), log_lines(0, size));
    logs.turn();
    CHECK_FALSE(import(log_lines(0, size)));
    CHECK(import(log_lines(0, size + 5)));
  }
  SECTION("an import that is ahead, and more lines after it") {
    append(logs.log("access.log"), log_lines(0, size));
    logs.turn();
    CHECK(import(log_lines(0, size + 4)));
    append(logs.log("access.log"), log_lines(size, size + 5));
    logs.turn();
  }
  SECTION("an import that is ahead while the service does not run") {
    append(logs.log("access.log"), log_lines(0, size));
    logs.turn();
    logs.follower.reset();
    append(logs.log("access.log"), log_lines(size, size + 2));
    CHECK(import(log_lines(0, size + 2)));
    append(logs.log("access.log"), log_lines(size + 2, size + 5));
    logs.start();
    logs.turn();
  }
  CHECK(logs.seen() == seen_by_import(log_lines(0, size + 5)));
  CHECK(logs.failures.empty());
}

TEST_CASE(
    "lines with an id are counted once, in whatever order a followed log and an import have them") {
  const auto line = [](int i) {
    return fmt::format(
        "owner bucket [03/Oct/2026:12:{:02}:00 +0000] 192.0.2.3 requester {:016X} REST.GET.OBJECT "
        "a "
        "\"GET /bucket/a HTTP/1.1\" 200 - 1 1 7 6 \"-\" \"sdk\" - host+id=\n",
        i % 60, 0x3E57427F0000 + i);
  };
  Followed logs("id = \"web\"\npath = \"logs/access.log*\"\nformat = \"s3\"\n");
  const auto import = [&](const std::string& text) {
    const auto done = service::import_log(*logs.ledger, {"a", "by-hand", "s3"},
                                          logs.dir.write("copy.log", text), nullptr);
    REQUIRE(done.ok());
    return done->content.requests;
  };
  CHECK(import(line(4) + line(1)) == 2);
  append(logs.log("access.log"), line(0) + line(1) + line(2));
  logs.turn();
  append(logs.log("access.log"), line(2) + line(3) + line(4));
  logs.turn();
  CHECK(import(line(5) + line(3) + line(0)) == 1);
  CHECK(logs.seen() ==
        std::vector<std::string>{"2026-10-03T12:00:00Z 200 x 1", "2026-10-03T12:01:00Z 200 x 1",
                                 "2026-10-03T12:02:00Z 200 x 1", "2026-10-03T12:03:00Z 200 x 1",
                                 "2026-10-03T12:04:00Z 200 x 1", "2026-10-03T12:05:00Z 200 x 1"});
}

TEST_CASE("two hosts' logs whose lines are the same for hours are both counted") {
  Followed logs("id = \"web\"\npath = \"logs/*/access.log*\"\n");
  for (const char* host : {"one", "two"}) {
    fs::create_directory(logs.dir.path() / "logs" / host);
    append(logs.log(std::string(host) + "/access.log"), log_lines(0, 50));
  }
  logs.turn();
  for (int n = 50; n < 100; n += 5) {
    append(logs.log("one/access.log"), log_lines(n, n + 5));
    append(logs.log("two/access.log"), log_lines(n, n + 5));
    logs.turn();
  }
  CHECK(logs.counts().requests == 200);
}

TEST_CASE("a late file corrects a time that was judged") {
  test::CapturedLog log;
  Followed logs;
  append(logs.log("access.log"), log_lines(0, 30));
  logs.turn();
  const auto before = logs.follower->take_written();
  const int month_ago = -30 * 24 * 3600;
  append(logs.log("access.log-20260903"), log_lines(month_ago, month_ago + 20));
  logs.turns();
  CHECK(logs.seen() == seen_by_import(log_lines(month_ago, month_ago + 20) + log_lines(0, 30)));
  CHECK(logs.counts().late == 20);
  CHECK(logs.follower->take_written().at("a") == test::log_time(month_ago));
  CHECK(tells(log, "20 requests of times that were judged before, from 2026-09-03T12:00:00Z"));
  const auto journal = *logs.ledger->journal("a", 0);
  REQUIRE(journal.size() == 1);
  CHECK(journal[0].span.begin == test::log_time(month_ago));
}

TEST_CASE("a file that is taken back stays taken back, and what follows counts") {
  Followed logs;
  append(logs.log("access.log"), log_lines(0, 40));
  logs.turn();
  const std::string digest = logs.ledger->files("a")->front().digest;
  REQUIRE(logs.ledger->remove_file("a", digest).ok());
  CHECK(logs.seen().empty());
  append(logs.log("access.log"), log_lines(40, 60));
  logs.turn();
  CHECK(logs.seen() == seen_by_import(log_lines(40, 60)));
  // An import brings all of it back.
  const auto again = service::import_log(*logs.ledger, {"a", "web", "auto"},
                                         logs.dir.write("copy.log", log_lines(0, 60)), nullptr);
  CHECK(again->new_to_ledger);
  CHECK(logs.seen() == seen_by_import(log_lines(0, 60)));
}

TEST_CASE(
    "a log that says nothing is silent, and the time is unseen until its records tell of it") {
  test::CapturedLog log;
  Followed logs;
  append(logs.log("access.log"), log_lines(0, 60));
  logs.turn();
  logs.sim.run_until(test::log_time(14 * 60));
  logs.turn();
  CHECK_FALSE(logs.counts().silent_since.has_value());
  logs.sim.run_until(test::log_time(40 * 60));
  logs.turn();
  CHECK(logs.counts().silent_since == test::log_time(60));
  CHECK(tells(log,
              "log a/web: says nothing any more, and last told of the time before "
              "2026-10-03T12:01:00Z"));
  const core::Interval day{test::log_time(0), test::log_time(24 * 3600)};
  const auto unseen = [&] { return logs.ledger->tallies("a", day)->unseen(); };
  REQUIRE(unseen().size() == 1);
  CHECK(unseen()[0].span.begin == test::log_time(60));
  CHECK(unseen()[0].span.end >= test::log_time(40 * 60));
  CHECK(unseen()[0].why == "the log said nothing");

  // A new process does not begin to count from then.
  logs.start();
  logs.sim.run_until(test::log_time(60 * 60));
  SECTION("its records tell of that time, but for an hour's quarter and more") {
    std::string late;
    for (int minute = 1; minute < 60; minute += minute == 20 ? 20 : 1) {
      late += log_line(minute * 60);
    }
    append(logs.log("access.log"), late);
    logs.turn();
    REQUIRE(unseen().size() == 1);
    CHECK(unseen()[0].span == core::Interval{test::log_time(21 * 60), test::log_time(40 * 60)});
  }
  SECTION("they go on where it goes on") {
    append(logs.log("access.log"), log_lines(59 * 60, 60 * 60));
    logs.turn();
    REQUIRE(unseen().size() == 1);
    CHECK(unseen()[0].span == core::Interval{test::log_time(60), test::log_time(59 * 60)});
  }
  CHECK_FALSE(logs.counts().silent_since.has_value());
}

TEST_CASE("files that cannot be read are told of once, and the others go on") {
  test::CapturedLog log;
  Followed logs;
  append(logs.log("access.log"), log_lines(0, 30));
  append(logs.log("access.log.2.gz"), test::packed("gzip", log_lines(0, 30)).substr(0, 60));
  std::string noise;
  for (int i = 0; i < 40; ++i) noise += "no line of a log\n";
  append(logs.log("access.log.3"), log_lines(100, 110) + noise);
  fs::create_directory(logs.log("access.log.d"));
  fs::create_symlink("nowhere", logs.log("access.log.4"));
  fs::create_symlink("access.log", logs.log("access.log.5"));
  logs.turns();
  logs.turns();
  CHECK(logs.counts().requests == 40);
  CHECK(logs.counts().malformed == 40);
  CHECK(logs.counts().files == 3);
  REQUIRE(logs.counts().problem_files == 2);
  CHECK(logs.counts().problems[0].file == "access.log.2.gz");
  CHECK(logs.counts().problems[1].file == "access.log.3");
  CHECK(log.lines() >= 2);
  CHECK(tells(log, "expected a tenth of the lines malformed at most, got more; help: line 11: "));
  const auto lines = log.lines();
  logs.turns();
  CHECK(log.lines() == lines);
  // What was cut is whole now.
  std::ofstream(logs.log("access.log.2.gz"), std::ios::binary)
      << test::packed("gzip", log_lines(200, 230));
  logs.turns();
  CHECK(logs.counts().requests == 70);
  CHECK(logs.counts().problem_files == 1);
}

TEST_CASE("a line of many megabytes waits and is malformed, in bounded memory") {
  Followed logs;
  append(logs.log("access.log"), log_lines(0, 20));
  logs.turn();
  const std::string part(4 << 20, 'x');
  for (int i = 0; i < 10; ++i) {
    append(logs.log("access.log"), part);
    logs.turn();
  }
  CHECK(logs.counts().malformed == 0);
  append(logs.log("access.log"), "\n" + log_lines(20, 30));
  logs.turn();
  CHECK(logs.counts().malformed == 1);
  CHECK(logs.counts().requests == 30);
}

namespace {

struct Crash {};

// A ledger whose process ends at one of its writes: before it is durable, or after.
class CrashingLedger final : public ledger::SqlLedger {
  template <typename Write>
  auto write_or_end(Write write) {
    const bool ends = --left_ == 0;
    if (ends && !after_) throw Crash();
    auto written = write();
    if (ends) throw Crash();
    return written;
  }

 public:
  CrashingLedger(const std::string& url, int& left, bool after)
      : SqlLedger(ledger::Address::parse(url)->open(ledger::Missing::make)),
        left_(left),
        after_(after) {}

  core::Result<std::vector<std::int64_t>> note_followed(
      const std::vector<record::FollowedFile>& files,
      const std::vector<std::int64_t>& gone) override {
    return write_or_end([&] { return SqlLedger::note_followed(files, gone); });
  }
  core::Result<std::optional<std::int64_t>> grow(const record::FileGrowth& growth,
                                                 const record::Pieces& content,
                                                 std::uint64_t compared_with) override {
    return write_or_end([&] { return SqlLedger::grow(growth, content, compared_with); });
  }
  core::Result<core::Interval> note_silence(const record::Silence& silence) override {
    return write_or_end([&] { return SqlLedger::note_silence(silence); });
  }
  core::Result<bool> import(const std::string& agreement, const std::string& log,
                            const record::ImportedFile& file, const record::Pieces& content,
                            const std::string& replaces,
                            std::optional<std::uint64_t> compared_with) override {
    return write_or_end(
        [&] { return SqlLedger::import(agreement, log, file, content, replaces, compared_with); });
  }

 private:
  int& left_;
  bool after_;
};

}  // namespace

TEST_CASE("a process that ends between any two writes leaves the ledger of one clean import") {
  const test::CapturedLog quiet;
  const bool after = GENERATE(false, true);
  const bool is_down_for_a_step = !after;
  const auto expected =
      seen_by_import(log_lines(-2'600'000, -2'599'980) + log_lines(0, 240) + log_lines(7200, 7230));
  int writes = 0;
  bool has_crashed = true;
  for (; has_crashed; ++writes) {
    has_crashed = false;
    int left = writes + 1;
    Followed logs;
    const auto start = [&] {
      logs.start(
          std::make_unique<CrashingLedger>("sqlite:" + logs.dir.file("ledger.db"), left, after));
    };
    start();
    const auto turns = [&] {
      if (!logs.follower) start();
      try {
        logs.turns();
      } catch (const Crash&) {
        has_crashed = true;
        logs.follower.reset();
        if (is_down_for_a_step) return;
        start();
        logs.turns();
      }
    };
    append(logs.log("access.log"), log_lines(0, 40));
    turns();
    append(logs.log("access.log"), log_lines(40, 50) + log_line(50).substr(0, 30));
    turns();
    append(logs.log("access.log"), log_line(50).substr(30));
    fs::rename(logs.log("access.log"), logs.log("access.log.1"));
    append(logs.log("access.log"), log_lines(51, 110));
    turns();
    append(logs.log("access.log.1"), log_lines(110, 115));
    append(logs.log("access.log"), log_lines(115, 130));
    turns();
    copy_and_truncate(logs.log("access.log"), logs.log("access.log-20261003"));
    append(logs.log("access.log"), log_lines(130, 200));
    turns();
    append(logs.log("access.log.1"), log_lines(200, 203));
    gzip(logs.log("access.log.1"));
    append(logs.log("access.log"), log_lines(203, 240));
    turns();
    std::ofstream(logs.log("access.log-20260903.gz"), std::ios::binary)
        << test::packed("gzip", log_lines(-2'600'000, -2'599'980));
    turns();
    logs.sim.pass(30min);
    turns();
    append(logs.log("access.log"), log_lines(7200, 7230));
    turns();
    turns();
    INFO("the process ended at write " << writes + 1);
    CHECK(logs.seen() == expected);
    CHECK(logs.failures.empty());
    const auto files = *logs.ledger->files("a");
    std::uint64_t requests = 0;
    for (const auto& file : files) requests += file.requests;
    CHECK(requests == 290);
    CHECK(logs.ledger->check_chain("a", {})->empty());
    CHECK(logs.ledger->check_evidence("a")->excess.empty());
  }
  CHECK(writes > 15);
}
