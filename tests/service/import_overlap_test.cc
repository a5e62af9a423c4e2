// Logs that are read again, in parts, in copies and beside others: each line is counted once.
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "ledger/open.h"
#include "service/import.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

using Lines = std::vector<std::string>;

const auto kDay = *core::parse_instant("2026-10-03T00:00:00Z");

std::string line_at(int second, const std::string& host, const std::string& path, int status) {
  return fmt::format("{} - - [03/Oct/2026:{:02}:{:02}:{:02} +0000] \"GET {} HTTP/1.1\" {} 12", host,
                     second / 3600, second / 60 % 60, second % 60, path, status);
}

// Several requests in some seconds and none in others, with lines that repeat.
Lines some_log(std::mt19937& random, int count) {
  Lines lines;
  int second = static_cast<int>(random() % 3600);
  const std::string host = fmt::format("192.0.2.{}", random() % 250);
  while (static_cast<int>(lines.size()) < count) {
    if (random() % 3 != 0) second += static_cast<int>(random() % 3);
    const int status = random() % 20 == 0 ? 503 : 200;
    lines.push_back(line_at(second, host, fmt::format("/{}", random() % 4), status));
  }
  return lines;
}

Lines part(const Lines& all, std::size_t begin, std::size_t end) {
  return {all.begin() + static_cast<std::ptrdiff_t>(begin),
          all.begin() + static_cast<std::ptrdiff_t>(std::min(end, all.size()))};
}

std::string text(const Lines& lines, const std::string& end = "\n") {
  std::string all;
  for (const std::string& line : lines) all += line + end;
  return all;
}

// World is a ledger, and the counts by minute and status that it must have.
struct World {
  test::TempDir dir;
  std::string url = "sqlite:" + dir.file("ledger.db");
  std::unique_ptr<ledger::Ledger> ledger = *ledger::open_ledger(url);
  int files = 0;

  service::Imported import(const std::string& content, const std::string& log = "web",
                           const std::string& format = "combined",
                           const service::OnImportProgress& progress = nullptr) {
    const std::string file = dir.write(fmt::format("log-{}", ++files), content);
    auto imported = service::import_log(*ledger, {"kms", log, format}, file, progress);
    INFO((imported ? "" : imported.error().message));
    REQUIRE(imported.ok());
    return *std::move(imported);
  }

  std::map<std::string, std::uint64_t> counted() const {
    std::map<std::string, std::uint64_t> counts;
    const auto tallies = ledger->tallies("kms", {kDay, kDay + std::chrono::days(1)});
    REQUIRE(tallies.ok());
    for (const auto& row : tallies->rows()) {
      counts[core::to_text(core::Instant(row.minute)) + ' ' +
             core::to_text(tallies->outcomes()[row.outcome])] += row.count;
    }
    return counts;
  }

  std::uint64_t requests() const {
    std::uint64_t sum = 0;
    for (const auto& [key, count] : counted()) sum += count;
    return sum;
  }

  std::size_t failures() const {
    std::size_t count = 0;
    REQUIRE(ledger
                ->evidence("kms", {kDay, kDay + std::chrono::days(1)},
                           [&](const record::Evidence&) { ++count; })
                .ok());
    return count;
  }
};

std::map<std::string, std::uint64_t> counts_of(const std::vector<Lines>& logs) {
  World world;
  std::map<std::string, std::uint64_t> counts;
  for (const Lines& log : logs) {
    World alone;
    alone.import(text(log));
    for (const auto& [key, count] : alone.counted()) counts[key] += count;
  }
  return counts;
}

Lines log_of(int count, unsigned seed = 1) {
  std::mt19937 random(seed);
  return some_log(random, count);
}

}  // namespace

TEST_CASE("a shorter copy after the longer one, before it and around it adds nothing") {
  const Lines good = log_of(1000);
  const Lines first = part(good, 0, 700);
  for (const std::vector<Lines>& order :
       std::vector<std::vector<Lines>>{{first, good, first},
                                       {good, first},
                                       {first, good, part(good, 0, 701)},
                                       {good, part(good, 300, 1000)},
                                       {part(good, 300, 1000), first, good}}) {
    World world;
    for (const Lines& lines : order) world.import(text(lines));
    CHECK(world.counted() == counts_of({good}));
    CHECK(world.failures() == static_cast<std::size_t>(std::count_if(
                                  good.begin(), good.end(), [](const std::string& line) {
                                    return line.find(" 503 ") != std::string::npos;
                                  })));
  }
}

TEST_CASE("parts of a log that was read change nothing, and a tail adds what is new of it") {
  const Lines log = log_of(2500);
  World world;
  CHECK(world.import(text(part(log, 0, 2000))).new_to_ledger);
  CHECK_FALSE(world.import(text(part(log, 0, 700))).new_to_ledger);
  CHECK_FALSE(world.import(text(part(log, 1200, 2000))).new_to_ledger);
  CHECK(world.ledger->files("kms")->size() == 1);
  const auto tail = world.import(text(part(log, 1500, 2500)), "another-name");
  CHECK(tail.new_to_ledger);
  CHECK(tail.content.read_before == 500);
  CHECK(tail.content.requests == 500);
  CHECK(world.counted() == counts_of({log}));
  CHECK_FALSE(world.import(text(log)).new_to_ledger);
  CHECK(world.ledger->files("kms")->back().read_before == 500);
}

TEST_CASE("other line ends, a missing last newline and a byte order mark make no other log") {
  const int size = GENERATE(3, 1000);
  const Lines log = log_of(size);
  World world;
  world.import(text(log));
  const std::string whole = text(log);
  for (const std::string& copy :
       {text(log, "\r\n"), whole.substr(0, whole.size() - 1), "\xef\xbb\xbf" + whole,
        "\n" + whole + "\n\n", "garbage\n" + whole}) {
    CHECK_FALSE(world.import(copy).new_to_ledger);
  }
  CHECK(world.counted() == counts_of({log}));
}

TEST_CASE("a copy that was cut within its last line is the same log when it has grown") {
  const Lines log = log_of(900);
  const std::string whole = text(log);
  const std::string half = text(part(log, 0, 500));
  for (const std::size_t more : {0, 20, 65}) {
    INFO("cut after " << more << " bytes of a line");
    World world;
    world.import(half + log[500].substr(0, more));
    world.import(whole);
    CHECK(world.counted() == counts_of({log}));
    CHECK_FALSE(world.import(half + log[500].substr(0, more + 3)).new_to_ledger);
    CHECK(world.counted() == counts_of({log}));
  }
}

TEST_CASE("the logs of two hosts are counted fully, whatever lines they have in common") {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    const Lines common = some_log(random, 40 + static_cast<int>(random() % 400));
    Lines one = some_log(random, 200);
    Lines other = some_log(random, 200);
    // Here and there, and where each log begins.
    for (std::size_t at : {std::size_t{0}, std::size_t{50}, std::size_t{120}}) {
      const Lines shared = part(common, at / 10, 20 + at + random() % 20);
      one.insert(one.begin() + static_cast<std::ptrdiff_t>(at), shared.begin(), shared.end());
      other.insert(other.begin() + static_cast<std::ptrdiff_t>(at), shared.begin(), shared.end());
    }
    World world;
    world.import(text(one));
    CHECK(world.import(text(other)).content.read_before == 0);
    CHECK(world.counted() == counts_of({one, other}));
  }
}

TEST_CASE("checks of two hosts in the same seconds are counted of both") {
  Lines one;
  Lines other;
  for (int second = 0; second < 3600; ++second) {
    one.push_back(line_at(second, "192.0.2.9", "/health", 200));
    other.push_back(one.back());
    if (second % 600 == 300) one.push_back(line_at(second, "192.0.2.7", "/a", 200));
    if (second % 500 == 300) other.push_back(line_at(second, "192.0.2.8", "/b", 503));
  }
  World world;
  world.import(text(one));
  const auto second = world.import(text(other));
  CHECK(second.content.read_before == 0);
  CHECK(second.alike == 301);
  CHECK(second.alike_in.ends_with("log-1"));
  CHECK(world.requests() == one.size() + other.size());
}

TEST_CASE("logs cut, overlapped and repeated in random order count as their union") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::vector<Lines> logs{some_log(random, 600), some_log(random, 900)};
    std::vector<std::pair<std::size_t, Lines>> pieces;
    for (std::size_t log = 0; log < logs.size(); ++log) {
      // Every line is in some piece. Two of them overlap by no line, or by enough to be seen.
      const std::size_t step = 20;
      for (std::size_t begin = 0; begin < logs[log].size();) {
        const std::size_t size = step * (3 + random() % 20);
        const std::size_t back = std::min(begin, step * (random() % 4));
        pieces.emplace_back(log, part(logs[log], begin - back, begin + size));
        begin += size;
      }
      for (int i = 0; i < 4; ++i) {
        const std::size_t begin = step * (random() % (logs[log].size() / step));
        const std::size_t size = step * (1 + random() % 25);
        pieces.emplace_back(log, part(logs[log], begin, begin + size));
      }
    }
    std::shuffle(pieces.begin(), pieces.end(), random);
    World world;
    for (const auto& [log, lines] : pieces) {
      const std::string copy = text(lines, random() % 3 == 0 ? "\r\n" : "\n");
      world.import(random() % 3 == 0 ? copy.substr(0, copy.size() - 1) : copy);
    }
    for (const Lines& log : logs) world.import(text(log));
    CHECK(world.counted() == counts_of(logs));
  }
}

TEST_CASE("an import that another one overtakes is compared again") {
  const Lines log = log_of(1000);
  World world;
  const auto other = *ledger::open_ledger(world.url);
  bool overtaken = false;
  const auto imported = world.import(
      text(part(log, 200, 1000)), "web", "combined", [&](const service::ImportProgress&) {
        if (std::exchange(overtaken, true)) return;
        const std::string file = world.dir.write("other", text(part(log, 0, 700)));
        REQUIRE(service::import_log(*other, {"kms", "web", "combined"}, file, nullptr).ok());
      });
  CHECK(imported.content.read_before == 500);
  CHECK(world.counted() == counts_of({log}));
}

TEST_CASE("what was read of another agreement says nothing about this one") {
  const Lines log = log_of(500);
  World world;
  const std::string file = world.dir.write("log", text(log));
  REQUIRE(service::import_log(*world.ledger, {"s3", "web", "combined"}, file, nullptr).ok());
  world.import(text(part(log, 0, 400)));
  CHECK(world.requests() == 400);
}

TEST_CASE("counts of one source are known by their rows, those of another are counted") {
  Lines rows;
  for (int minute = 0; minute < 60; ++minute) {
    rows.push_back(fmt::format("2026-10-03T02:{:02}Z,200,60", minute));
  }
  World world;
  world.import(text(part(rows, 0, 40)), "one", "counts");
  CHECK(world.import(text(part(rows, 10, 60)), "one", "counts").content.read_before == 30);
  CHECK(world.requests() == 3600);
  CHECK_FALSE(world.import(text(part(rows, 5, 60)), "one", "counts").new_to_ledger);
  CHECK(world.import(text(part(rows, 5, 60)), "two", "counts").new_to_ledger);
  CHECK(world.requests() == 3600 + 55 * 60);
}

TEST_CASE("a file of which nothing was read can be read in another format") {
  World world;
  const std::string counts = "minute,outcome,count\n2026-10-03T02:00Z,200,7\n";
  const auto wrong = world.import(counts);
  CHECK_FALSE(wrong.new_to_ledger);
  CHECK(wrong.content.malformed == 2);
  CHECK(world.ledger->files("kms")->empty());
  CHECK(world.import(counts, "web", "counts").new_to_ledger);
  CHECK(world.requests() == 7);
}

TEST_CASE("a file that an earlier version read is known whole, and as the begin of a longer copy") {
  const Lines log = log_of(1000);
  const std::string first = text(part(log, 0, 700));
  World world;
  record::Batch content;
  content.minutes = {{0, core::minute_of(kDay), {{core::Answered{200}, 700}}}};
  const record::ImportedFile old{record::sha256_hex(first), first.size(), "old", 700, 700, 0, 0};
  REQUIRE(*world.ledger->import("kms", "web", old, content, ""));
  CHECK_FALSE(world.import(first).new_to_ledger);
  CHECK(world.requests() == 700);
  CHECK(world.import(text(log)).content.replaces == old.digest);
  CHECK(world.counted() == counts_of({log}));
  CHECK_FALSE(world.import(first).new_to_ledger);
}

TEST_CASE("what can be read once is not imported in part: it must be a file for that") {
  const Lines log = log_of(1000);
  World world;
  world.import(text(part(log, 0, 700)));
  const std::string pipe = world.dir.file("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << text(part(log, 300, 1000)); });
  const auto refused =
      service::import_log(*world.ledger, {"kms", "web", "combined"}, pipe, nullptr);
  writer.join();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().help == "write it to a file and import that");
  CHECK(world.requests() == 700);
}

TEST_CASE("a file of which an earlier version read nothing is read now") {
  World world;
  const std::string counts = "minute,outcome,count\n2026-10-03T02:00Z,200,7\n";
  const record::ImportedFile old{record::sha256_hex(counts), counts.size(), "old", 2, 0, 2, 0};
  REQUIRE(*world.ledger->import("kms", "web", old, record::Batch{}, ""));
  CHECK(world.import(counts, "web", "counts").new_to_ledger);
  CHECK(world.requests() == 7);
  CHECK(world.ledger->files("kms")->size() == 1);
}
