// Lines that have an id of their request: each is counted once, in whatever order and file it
// comes.
#include <algorithm>
#include <map>
#include <random>

#include "ledger/open.h"
#include "service/import.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

using Lines = std::vector<std::string>;

const auto kDay = *core::parse_instant("2026-10-03T00:00:00Z");

std::string s3(int i, int status = 200) {
  return fmt::format(
      "owner bucket [03/Oct/2026:{:02}:{:02}:00 +0000] 192.0.2.3 requester {:016X} "
      "REST.GET.OBJECT a \"GET /bucket/a HTTP/1.1\" {} - 1 1 7 6 \"-\" \"sdk\" - host+id=",
      i / 60, i % 60, 0x3E57427F0000 + i, status);
}

std::string alb(int i) {
  return fmt::format(
      "https 2026-10-03T02:00:00.{:06}Z app/lb/50dc6c495c0c9188 192.0.2.9:2817 10.0.0.1:80 0.086 "
      "0.048 0.037 503 503 0 57 \"GET https://h:443/ HTTP/1.1\" \"curl\" C TLSv1.2 arn:t "
      "\"Root=1-58337262-36d228ad5d99923122bbe354\"",
      i);
}

std::string text(const Lines& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + '\n';
  return all;
}

struct World {
  test::TempDir dir;
  std::unique_ptr<ledger::Ledger> ledger = *ledger::open_ledger("sqlite:" + dir.file("ledger.db"));
  int files = 0;

  service::Imported import(const std::string& content, const std::string& format = "auto",
                           const sources::FormatOptions& options = {}) {
    service::LogSource source{"web", "log", format};
    source.options = options;
    const std::string file = dir.write(fmt::format("log-{}", ++files), content);
    auto imported = service::import_log(*ledger, source, file, nullptr);
    INFO((imported ? "" : imported.error().message));
    REQUIRE(imported.ok());
    return *std::move(imported);
  }

  std::uint64_t requests() const {
    const auto tallies = ledger->tallies("web", {kDay, kDay + std::chrono::days(1)});
    REQUIRE(tallies.ok());
    std::uint64_t sum = 0;
    for (const auto& row : tallies->rows()) sum += row.count;
    return sum;
  }
};

}  // namespace

TEST_CASE("files of a few lines each, and one that has all of them in another order, count once") {
  Lines all;
  for (int i = 0; i < 200; ++i) all.push_back(s3(i, i % 50 == 0 ? 503 : 200));
  World world;
  for (std::size_t i = 0; i < all.size(); i += 4) {
    world.import(text({all.begin() + static_cast<std::ptrdiff_t>(i),
                       all.begin() + static_cast<std::ptrdiff_t>(i + 4)}));
  }
  CHECK(world.requests() == 200);
  Lines merged = all;
  std::shuffle(merged.begin(), merged.end(), std::mt19937(3));
  const auto again = world.import(text(merged));
  CHECK_FALSE(again.new_to_ledger);
  CHECK(again.known == 200);
  merged.push_back(s3(777, 503));
  std::shuffle(merged.begin(), merged.end(), std::mt19937(4));
  const auto more = world.import(text(merged));
  CHECK(more.new_to_ledger);
  CHECK(more.content.requests == 1);
  CHECK(more.content.read_before == 200);
  CHECK(world.requests() == 201);
}

TEST_CASE("a file that begins with a short one takes its place, and leaves out what others have") {
  const Lines all{s3(1), s3(2), s3(3), s3(4)};
  World world;
  world.import(text({all[0], all[1]}));
  world.import(text({all[2]}));
  const auto merged = world.import(text(all));
  CHECK(merged.content.requests == 3);
  CHECK_FALSE(merged.content.replaces.empty());
  CHECK(world.requests() == 4);
}

TEST_CASE("a line that a file has twice is one request where it has an id, and two where not") {
  World world;
  const auto twice = world.import(text({alb(1), alb(2), alb(1), alb(3), alb(3)}));
  CHECK(twice.content.format == "alb");
  CHECK(twice.content.requests == 3);
  CHECK(twice.content.read_before == 2);
  CHECK(world.requests() == 3);
  const std::string plain = "192.0.2.1 - - [03/Oct/2026:02:00:00 +0000] \"GET / HTTP/1.1\" 200 12";
  CHECK(World().import(text({plain, plain})).content.requests == 2);
}

TEST_CASE("one id on lines that differ is as many requests as there are lines") {
  // Retries behind a proxy that hands the client's id on.
  World world;
  std::string log;
  for (int second = 0; second < 3; ++second) {
    log += fmt::format(
        "192.0.2.1 - - [03/Oct/2026:02:00:{:02} +0000] \"GET / HTTP/1.1\" 503 12 id-1\n", second);
  }
  sources::FormatOptions options;
  options.request_id = 8;
  const auto read = world.import(log, "combined", options);
  CHECK(read.content.requests == 3);
  CHECK(read.content.keys.hours().begin()->second.size() == 3);
}

TEST_CASE("attempts of SDKs are known by their request ids, and without one by their neighbours") {
  const auto attempt = [](int i, bool has_id) {
    return fmt::format(R"({{"Type":"ApiCallAttempt","Service":"KMS","Region":"us-east-1",)"
                       R"("Timestamp":{},"HttpStatusCode":200{}}})",
                       kDay.time_since_epoch().count() + i,
                       has_id ? fmt::format(R"(,"XAmznRequestId":"id-{}")", i) : "");
  };
  Lines with, without;
  for (int i = 0; i < 100; ++i) with.push_back(attempt(i, true));
  for (int i = 0; i < 100; ++i) without.push_back(attempt(i % 7, false));
  World world;
  world.import(text(with));
  std::reverse(with.begin(), with.end());
  CHECK_FALSE(world.import(text(with)).new_to_ledger);
  CHECK(world.import(text(without)).content.requests == 100);
  CHECK_FALSE(world.import(text({without.begin() + 10, without.begin() + 90})).new_to_ledger);
  CHECK(world.requests() == 200);
}

TEST_CASE("what a file brought alone is new again when it was taken back") {
  World world;
  const auto first = world.import(text({s3(1), s3(2)}));
  REQUIRE(world.ledger->remove_file("web", first.content.digest).ok());
  CHECK(world.import(text({s3(2), s3(1)})).content.requests == 2);
  CHECK(world.requests() == 2);
}

TEST_CASE("parts of a log in any order, overlapping as they may, count as their union") {
  std::mt19937 random(11);
  World world;
  std::map<std::string, bool> all;
  for (int round = 0; round < 30; ++round) {
    Lines lines;
    const int size = static_cast<int>(random() % 60);
    for (int i = 0; i < size; ++i) lines.push_back(s3(static_cast<int>(random() % 400)));
    for (const std::string& line : lines) all[line] = true;
    world.import(text(lines));
    CHECK(world.requests() == all.size());
  }
}
