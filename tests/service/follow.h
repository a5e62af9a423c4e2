#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "ledger/open.h"
#include "service/follow/follower.h"
#include "service/import.h"
#include "support/catch.h"
#include "support/sim_world.h"
#include "support/temp_dir.h"

// A log that is followed in a simulated world, and what one import of the same lines comes to.
namespace recoup::test {

inline core::Instant log_time(int seconds) {
  return *core::parse_instant("2026-10-03T12:00:00Z") + std::chrono::seconds(seconds);
}

// The n-th line of a web server's log: one each second, a few of them failures.
inline std::string log_line(int n) {
  const auto at = std::chrono::floor<std::chrono::seconds>(log_time(n));
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::hh_mm_ss time(at - day);
  const std::chrono::year_month_day date(day);
  const int status = n % 10 == 3 ? 500 : n % 10 == 7 ? 404 : 200;
  return fmt::format(
      "10.0.0.1 - - [{:02}/{}/{}:{:02}:{:02}:{:02} +0000] \"GET /r/{} HTTP/1.1\" {} 12 \"-\" "
      "\"app/1\"\n",
      static_cast<unsigned>(date.day()), static_cast<unsigned>(date.month()) == 9 ? "Sep" : "Oct",
      static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
      time.seconds().count(), n, status);
}

inline std::string log_lines(int begin, int end) {
  std::string text;
  for (int n = begin; n < end; ++n) text += log_line(n);
  return text;
}

inline void append(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::app);
  out << text;
  REQUIRE(out.flush().good());
}

inline std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// All that the ledger has of the agreement, as text: what was counted and each record, whichever
// file they are of.
inline std::vector<std::string> seen_of(ledger::Ledger& ledger, const std::string& agreement) {
  const core::Interval all{*core::parse_instant("2026-01-01T00:00:00Z"),
                           *core::parse_instant("2027-01-01T00:00:00Z")};
  const auto tallies = ledger.tallies(agreement, all);
  REQUIRE(tallies.ok());
  std::map<std::string, std::uint64_t> counts;
  for (const auto& row : tallies->rows()) {
    counts[core::to_text(core::Instant(row.minute)) + ' ' +
           core::to_text(tallies->outcomes()[row.outcome])] += row.count;
  }
  std::vector<std::string> lines;
  for (const auto& [what, count] : counts) lines.push_back(fmt::format("{} x {}", what, count));
  const std::size_t rows = lines.size();
  const auto read = ledger.evidence(agreement, all, [&](const record::Evidence& one) {
    lines.push_back(
        fmt::format("{} {} {}", core::to_text(one.at), core::to_text(one.outcome), one.detail));
  });
  REQUIRE(read.ok());
  std::sort(lines.begin() + static_cast<std::ptrdiff_t>(rows), lines.end());
  return lines;
}

// The same of one import of the text into a new ledger.
inline std::vector<std::string> seen_by_import(const std::string& text) {
  const TempDir dir;
  const auto ledger = *ledger::open_ledger("sqlite::memory:");
  const auto imported =
      service::import_log(*ledger, {"a", "web", "combined"}, dir.write("whole.log", text), nullptr);
  REQUIRE(imported.ok());
  return seen_of(*ledger, "a");
}

// Followed is a folder of logs with who follows them.
struct Followed {
  TempDir dir;
  SimWorld sim{log_time(0)};
  config::SharedSettings settings;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<service::Follower> follower;
  std::vector<std::string> failures;

  explicit Followed(const std::string& log = "id = \"web\"\npath = \"logs/access.log*\"\n")
      : settings(read("[[agreement.log]]\n" + log)) {
    std::filesystem::create_directory(dir.path() / "logs");
    start();
  }

  config::SharedSettings read(const std::string& log) const {
    auto parsed = config::parse_settings(
        "ledger = \"sqlite:ledger.db\"\nvantage = \"here\"\n[[agreement]]\nid = \"a\"\n"
        "sla = \"aws-kms\"\naccount = \"123456789012\"\nregion = \"us-east-1\"\n" +
            log,
        dir.file("recoup.toml"), {});
    INFO((parsed ? "" : parsed.error().message));
    REQUIRE(parsed.ok());
    return std::make_shared<const config::Settings>(*std::move(parsed));
  }

  // Begins as a new process does: nothing is known but what the ledger has.
  void start() {
    start(*ledger::open_ledger("sqlite:" + dir.file("ledger.db"), ledger::Missing::make));
  }
  void start(std::unique_ptr<ledger::Ledger> opened) {
    follower.reset();
    ledger = std::move(opened);
    follower = std::make_unique<service::Follower>(
        settings, *ledger, sim.world(),
        [this](const core::Error& error) { failures.push_back(error.message); });
  }

  std::string log(const std::string& name) const { return dir.file("logs/" + name); }

  void turn() {
    while (follower->turn({})) {
    }
    sim.pass(std::chrono::seconds(5));
  }
  // Until what has to be calm is.
  void turns() {
    for (int i = 0; i < 4; ++i) turn();
  }

  record::FollowedLog counts() const { return follower->counts().at(0); }
  std::vector<std::string> seen() { return seen_of(*ledger, "a"); }
};

}  // namespace recoup::test
