// Logs that the real service follows: those that a real nginx writes and rotates, against what the
// probes counted, and those of a service that is killed while it reads.

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "ledger/open.h"
#include "support/catch.h"
#include "system/world.h"

using namespace recoup;
using namespace recoup::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

// Of one agreement, by "minute outcome": answers alone.
std::map<std::string, std::uint64_t> counts_of(const std::string& ledger_file,
                                               const std::string& agreement, bool by_minute) {
  const auto ledger = ledger::open_ledger("sqlite:" + ledger_file);
  REQUIRE(ledger.ok());
  const auto tallies = (*ledger)->tallies(
      agreement, {core::Instant{}, *core::parse_instant("2200-01-01T00:00:00Z")});
  REQUIRE(tallies.ok());
  std::map<std::string, std::uint64_t> counts;
  for (const auto& row : tallies->rows()) {
    const core::Outcome& outcome = tallies->outcomes()[row.outcome];
    if (!std::holds_alternative<core::Answered>(outcome)) continue;
    const auto status = std::to_string(std::get<core::Answered>(outcome).status);
    counts[(by_minute ? core::to_text(core::Instant(row.minute)) + ' ' : "") + status] += row.count;
  }
  return counts;
}

std::uint64_t sum_of(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t sum = 0;
  for (const auto& [what, count] : counts) sum += count;
  return sum;
}

std::string agreement_of(const std::string& id, const std::string& region,
                         const std::string& rest) {
  return fmt::format(
      "[[agreement]]\nid = \"{}\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
      "region = \"{}\"\n{}",
      id, region, rest);
}

std::string log_of(const std::string& path) {
  return fmt::format("[[agreement.log]]\nid = \"nginx\"\npath = \"{}\"\n", path);
}

std::unique_ptr<Process> service_in(const std::string& folder) {
  return std::make_unique<Process>(
      std::vector<std::string>{recoup_binary(), "run", "--config", folder + "/recoup.toml"},
      folder);
}

void gzip_file(const std::string& path) {
  REQUIRE(run({"gzip", path}, fs::path(path).parent_path()).status == 0);
}

}  // namespace

TEST_CASE("probes, nginx's common log and its JSON log come to the same through its rotations") {
  const TempDir folder;
  Nginx nginx(folder.path().string());
  std::string probes;
  for (int i = 0; i < 5; ++i) {
    probes += fmt::format(
        "[[agreement.probe]]\nid = \"p{}\"\nurl = \"{}\"\nevery = \"100ms\"\n"
        "keep_alive = false\n",
        i, nginx.url());
  }
  write_text(folder.file("recoup.toml"),
             fmt::format("ledger = \"sqlite:recoup.db\"\nlisten = \"127.0.0.1:{}\"\n"
                         "vantage = \"test\"\n",
                         free_port()) +
                 agreement_of("probes", "us-east-1", probes) +
                 agreement_of("common", "us-east-2", log_of("nginx/common.log*")) +
                 agreement_of("json", "us-west-2", log_of("nginx/common.json*")));
  const auto service = service_in(folder.path().string());
  const auto counted = [&](const char* agreement) {
    return counts_of(folder.file("recoup.db"), agreement, false);
  };
  REQUIRE(eventually([&] { return fs::exists(folder.file("recoup.db")); }));
  REQUIRE(eventually([&] { return sum_of(counted("json")) > 50; }));

  const std::string log = folder.file("nginx/common.log");
  const std::string json = folder.file("nginx/common.json");
  // Renamed, and opened anew by nginx.
  nginx.answer_with(500);
  std::this_thread::sleep_for(1500ms);
  for (const std::string& one : {log, json}) fs::rename(one, one + ".1");
  nginx.reopen_logs();
  // Copied and cut, while nothing is written.
  nginx.answer_with(503);
  std::this_thread::sleep_for(6s);
  nginx.pause();
  for (const std::string& one : {log, json}) {
    fs::copy_file(one, one + ".0");
    fs::resize_file(one, 0);
  }
  nginx.go_on();
  // Renamed again, twice in a row, and packed before anybody looked.
  nginx.answer_with(200);
  std::this_thread::sleep_for(1500ms);
  for (const std::string& one : {log, json}) fs::rename(one, one + "-20261003");
  nginx.reopen_logs();
  REQUIRE(eventually([&] { return fs::exists(log) && fs::file_size(log) > 0; }));
  for (const std::string& one : {log, json}) gzip_file(one + "-20261003");
  std::this_thread::sleep_for(1s);
  nginx.stop();

  // The probes' last answers are durable when later ones found nobody.
  const auto refused = [&] {
    const auto ledger = *ledger::open_ledger("sqlite:" + folder.file("recoup.db"));
    const auto tallies =
        *ledger->tallies("probes", {core::Instant{}, *core::parse_instant("2200-01-01T00:00:00Z")});
    std::uint64_t count = 0;
    for (const auto& row : tallies.rows()) {
      if (core::to_text(tallies.outcomes()[row.outcome]) == "connect") count += row.count;
    }
    return count;
  };
  REQUIRE(eventually([&] { return refused() >= 10; }));
  const auto by_probes = counted("probes");
  const bool is_all = eventually(
      [&] { return counted("common") == by_probes && counted("json") == by_probes; }, 40s);
  service->signal(SIGTERM);
  service->wait();
  INFO(service->err());
  CHECK(is_all);
  CHECK(by_probes.size() == 3);
  CHECK(counted("common") == by_probes);
  CHECK(counted("json") == by_probes);
  const auto by_minute = counts_of(folder.file("recoup.db"), "common", true);
  CHECK(by_minute == counts_of(folder.file("recoup.db"), "json", true));
  const auto verified = run(
      {recoup_binary(), "verify", "--agreement", "common", "--config", folder.file("recoup.toml")},
      folder.path().string());
  INFO(verified.out << verified.err);
  CHECK(verified.status == 0);
}

TEST_CASE("a service that is killed while it follows has the ledger of one clean import") {
  const TempDir folder;
  const std::uint64_t seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto between = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  fs::create_directory(folder.path() / "logs");
  write_text(folder.file("recoup.toml"),
             fmt::format("ledger = \"sqlite:recoup.db\"\nlisten = \"127.0.0.1:{}\"\n"
                         "vantage = \"test\"\n",
                         free_port()) +
                 agreement_of("web", "us-east-1", log_of("logs/access.log*")));
  const std::string log = folder.file("logs/access.log");
  std::string all;
  int line = 0;
  int rotations = 0;
  const auto write = [&](int lines) {
    std::ofstream out(log, std::ios::app);
    for (const int end = line + lines; line < end; ++line) {
      const std::string text = fmt::format(
          "10.0.0.1 - - [03/Oct/2026:{:02}:{:02}:{:02} +0000] \"GET /r/{} HTTP/1.1\" {} 2 \"-\" "
          "\"app/1\"\n",
          line / 3600 % 24, line / 60 % 60, line % 60, line, line % 7 == 0 ? 503 : 200);
      out << text;
      all += text;
    }
  };
  write(40'000);
  for (int round = 0; round < 25; ++round) {
    const auto service = service_in(folder.path().string());
    for (const auto end =
             std::chrono::steady_clock::now() + std::chrono::milliseconds(between(20, 700));
         std::chrono::steady_clock::now() < end;) {
      write(between(1, 300));
      if (between(0, 12) == 0) {
        const std::string rotated = fmt::format("{}.{}", log, ++rotations);
        fs::rename(log, rotated);
        if (between(0, 1) == 0) gzip_file(rotated);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(between(5, 60)));
    }
    service->signal(SIGKILL);
    service->wait();
  }
  fs::create_directory(folder.path() / "clean");
  write_text(
      folder.file("clean/recoup.toml"),
      "ledger = \"sqlite:recoup.db\"\nvantage = \"test\"\n" + agreement_of("web", "us-east-1", ""));
  write_text(folder.file("clean/all.log"), all);
  REQUIRE(run({recoup_binary(), "import", "--config", folder.file("clean/recoup.toml"),
               "--agreement", "web", folder.file("clean/all.log")},
              folder.path().string())
              .status == 0);
  const auto expected = counts_of(folder.file("clean/recoup.db"), "web", true);
  CHECK(sum_of(expected) == static_cast<std::uint64_t>(line));

  const auto service = service_in(folder.path().string());
  CHECK(eventually([&] { return counts_of(folder.file("recoup.db"), "web", true) == expected; },
                   60s));
  service->signal(SIGTERM);
  service->wait();
  INFO(service->err());
  INFO(rotations << " rotations, " << line << " lines");
  CHECK(counts_of(folder.file("recoup.db"), "web", true) == expected);
  // What came after a month was sealed is sealed too, by the next service if need be.
  const auto again = service_in(folder.path().string());
  Finished verified;
  const bool agrees = eventually([&] {
    verified = run(
        {recoup_binary(), "verify", "--agreement", "web", "--config", folder.file("recoup.toml")},
        folder.path().string());
    return verified.status == 0;
  });
  again->signal(SIGTERM);
  again->wait();
  INFO(verified.out << verified.err);
  CHECK(agrees);
}
