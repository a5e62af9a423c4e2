// The readers of logs against an independent one, line by line, and against months whose exact
// uptime is known.
#include <algorithm>
#include <filesystem>
#include <map>
#include <random>

#include "core/assess.h"
#include "rules/zones.h"
#include "sources/log_reading.h"
#include "sources/oracle.h"
#include "support/missing.h"

namespace {

namespace fs = std::filesystem;
using namespace recoup;
using test::ask_oracle;
using test::kOracle;
using test::split_lines;
using test::TempDir;

const fs::path kData = test::kSharedData;

// Files of a format, and what the oracle calls it.
struct Files {
  std::string format;
  std::string oracle;
  std::vector<fs::path> paths;
};

std::vector<fs::path> access_logs() {
  std::vector<fs::path> files;
  for (const char* folder : {"weblogs", "fixtures", "fixtures/crowdsec", "fixtures/matomo"}) {
    for (const auto& entry : fs::directory_iterator(kData / folder)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool is_packed(const fs::path& file) {
  return file.extension() == ".gz" || file.extension() == ".bz2";
}

std::vector<Files> real_logs() {
  const fs::path matomo = kData / "fixtures/matomo";
  const fs::path crowdsec = kData / "fixtures/crowdsec";
  return {{"combined", "combined", access_logs()},
          {"alb",
           "alb",
           {kData / "awslb/AppELBLog.log", kData / "awslb/AppELBLogWithNewFields.log",
            matomo / "alb.log"}},
          {"elb",
           "elb",
           {kData / "awslb/AWSLogs.log", kData / "awslb/UrlEncodedPath.log", matomo / "elb.log"}},
          {"s3", "s3", {matomo / "s3.log"}},
          {"cloudfront", "cloudfront", {matomo / "amazon_cloudfront_web.log"}},
          {"json",
           "caddy-json",
           {matomo / "caddy_json.log", crowdsec / "caddy-logs.log",
            kData / "fixtures/logfile_caddy_log.0", kData / "fixtures/logfile_caddy_log.1"}},
          {"json",
           "traefik-json",
           {matomo / "traefik_json.log", crowdsec / "traefik_json.log",
            crowdsec / "traefik_base-http-scenario.log"}},
          {"json", "nginx-json", {matomo / "nginx_json.log"}}};
}

sources::LogContent read(const fs::path& path, const std::string& format) {
  auto content = sources::read_log(path.string(), {format});
  REQUIRE(content.ok());
  return *std::move(content);
}

// The oracle takes for malformed what a Classic Load Balancer's listener for TCP writes.
std::string in_our_words(const std::string& verdict, const std::string& ours) {
  return verdict == "malformed" && ours == "skip" ? "skip" : verdict;
}

// Whether the verdict is a request, of a time that a log may have.
bool is_second(const std::string& verdict) {
  const auto space = verdict.find(' ');
  return space != std::string::npos && space <= 10 && verdict.front() != '-';
}

// It knows no names of errors: "1790992800 503" of "1790992800 503/SlowDown".
std::string without_name(const std::string& verdict) {
  return verdict.substr(0, verdict.find('/'));
}

// How often each verdict occurs, without its minute.
std::map<std::string, std::uint64_t> histogram(const std::vector<std::string>& verdicts) {
  std::map<std::string, std::uint64_t> counts;
  for (const std::string& verdict : verdicts) {
    const auto space = verdict.find(' ');
    ++counts[space == std::string::npos ? verdict : verdict.substr(space + 1)];
  }
  return counts;
}

core::Tallies tallies_of(const sources::LogContent& content) {
  core::Tallies tallies;
  for (const core::Minute minute : content.counts.minutes()) {
    for (const auto& [outcome, count] : content.counts.of(minute)) {
      tallies.add(minute, outcome, count);
    }
  }
  return tallies;
}

// 500 and 503 are Errors; the mean over intervals of five minutes.
core::Version five_minutes() {
  core::Version version;
  version.commitment = core::Ratio(99999, 100000);
  version.formula = core::MeanOfIntervals{std::chrono::minutes(5)};
  version.error.statuses = {{500, 500}, {503, 503}};
  return version;
}

// One random change of one line; `other` lends a piece.
std::string mutated(std::string line, const std::string& other, std::mt19937& random) {
  using namespace std::literals;
  static constexpr auto kBytes = "\"\"\"\\\\[]:/+-  0123456789\t\v\x1c\x85\xa0\x00'AJanFebxz{%"sv;
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::size_t at = below(line.size() + 1);
  const std::size_t length = std::min(below(40), line.size() - at);
  switch (below(7)) {
    case 0: return line.erase(at, 1);
    case 1: return line.insert(at, 1, kBytes[below(kBytes.size())]);
    case 2:
      if (at < line.size()) line[at] = kBytes[below(kBytes.size())];
      return line;
    case 3: return line.erase(at, length);
    case 4: return line.insert(at, line.substr(at, length));
    case 5: return line.substr(0, at);
    default: return line.substr(0, at) + other.substr(below(other.size() + 1));
  }
}

}  // namespace

TEST_CASE("real logs give the oracle's verdict on every line, and its sums") {
  if (!test::have_data(kOracle / "oracle.py") || !test::have_program("python3")) return;
  const TempDir dir;
  std::map<std::string, std::uint64_t> requests;
  for (const Files& files : real_logs()) {
    for (const fs::path& file : files.paths) {
      INFO(files.format << " " << file.filename().string());
      if (!test::have_data(file)) continue;
      auto expected = ask_oracle(dir, files.oracle, file);
      if (!is_packed(file)) {
        const auto lines = split_lines(file);
        REQUIRE(lines.size() == expected.size());
        test::LineByLine ours(files.format);
        for (std::size_t i = 0; i < lines.size(); ++i) {
          INFO(lines[i]);
          const std::string verdict = without_name(ours.verdict(lines[i]));
          expected[i] = in_our_words(expected[i], verdict);
          if (verdict != expected[i]) CHECK(verdict == expected[i]);
        }
      }
      const auto content = read(file, files.format);
      CHECK(content.others <= histogram(expected)["skip"]);  // headers are in no count of ours
      auto ours = test::histogram(content);
      auto theirs = histogram(expected);
      ours.erase("skip");
      theirs.erase("skip");
      CHECK(ours["unread"] <= content.malformed);  // the oracle has none
      ours.erase("unread");
      CHECK(ours == theirs);
      CHECK(content.lines == expected.size());
      requests[files.format] += content.requests;
    }
  }
  CHECK(requests["combined"] > 33'000);
  CHECK(requests["alb"] == 670);
  CHECK(requests["elb"] == 670);
  CHECK(requests["s3"] == 1);
  CHECK(requests["cloudfront"] == 1);
  CHECK(requests["json"] == 103);
}

TEST_CASE("lines of real logs, changed at random, give the oracle's verdict") {
  if (!test::have_data(kOracle / "oracle.py") || !test::have_program("python3")) return;
  const TempDir dir;
  for (const Files& files : real_logs()) {
    INFO(files.format);
    std::vector<std::string> lines;
    for (const fs::path& file : files.paths) {
      if (is_packed(file)) continue;
      // A few lines of each file, so that no large file outweighs the odd ones.
      const auto all = split_lines(file);
      for (std::size_t i = 0; i < all.size(); i += all.size() / 60 + 1) {
        lines.push_back(all[i].substr(0, all[i].find('\r')));
      }
    }
    std::mt19937 random(20261003);
    std::string text;
    std::vector<std::string> changed;
    const std::size_t rounds = files.format == "combined" ? 30'000 : 6'000;
    while (changed.size() < rounds) {
      const auto pick = [&]() -> const std::string& { return lines[random() % lines.size()]; };
      std::string line = mutated(pick(), pick(), random);
      while (random() % 3 == 0) line = mutated(line, pick(), random);
      text += line + '\n';
      changed.push_back(std::move(line));
    }
    const auto expected = ask_oracle(dir, files.oracle, dir.write("changed.log", text));
    REQUIRE(expected.size() == changed.size());
    test::LineByLine ours(files.format);
    std::size_t good = 0;
    for (std::size_t i = 0; i < changed.size(); ++i) {
      INFO("line " << i + 1 << ": " << changed[i]);
      const std::string verdict = without_name(ours.verdict(changed[i]));
      const std::string theirs = in_our_words(expected[i], verdict);
      // The oracle wants all of a line to be JSON, and ours what it needs of it.
      const bool is_stricter = files.format == "json" && !is_second(theirs);
      if (verdict != theirs && !is_stricter) CHECK(verdict == theirs);
      if (expected[i] != "malformed") ++good;
    }
    // Both verdicts must be common, or the test says little.
    CHECK(good > rounds / 10);
    CHECK(good < rounds - rounds / 20);
  }
}

TEST_CASE("months of real logs have exactly the uptime that is known for them") {
  if (!test::have_data(kOracle / "oracle.py")) return;
  struct Row {
    const char* file;
    const char* format;
    const char* zone;
    const char* month;
    std::size_t intervals;
    std::uint64_t measured, below_100, requests, errors;
    const char* numerator;
    const char* denominator;
  };
  const Row rows[] = {
      {"weblogs/elastic-apache_logs", "combined", "UTC", "2015-05", 8928, 84, 3, 10000, 3,
       "54324499", "54324648"},
      {"weblogs/labor-06_access_10000.log", "combined", "UTC", "2013-12", 8928, 185, 12, 2016, 29,
       "63809061231703", "63820311488640"},
      {"weblogs/labor-06_access_10000.log", "combined", "Europe/Zurich", "2013-10", 8940, 1, 0, 1,
       0, "1", "1"},
      {"weblogs/labor-06_access_10000.log", "combined", "-12:00", "2013-11", 8640, 631, 3, 2651, 4,
       "75509609", "75513600"},
      {"weblogs/ocatak-acunetix.txt", "combined", "+03:00", "2016-12", 8928, 7, 6, 6539, 706,
       "18156493975465093399", "18157815157727484288"},
      {"weblogs/ocatak-netsparker.txt", "combined", "+03:00", "2016-12", 8928, 5, 1, 7314, 6,
       "4327103", "4327104"},
      {"fixtures/crowdsec/apache2-logs.log", "combined", "UTC", "2020-06", 8640, 3, 3, 5, 5, "2879",
       "2880"},
      {"awslb/AppELBLog.log", "alb", "UTC", "2015-11", 8640, 1, 0, 668, 0, "1", "1"},
      {"awslb/AWSLogs.log", "elb", "UTC", "2015-11", 8640, 1, 0, 668, 0, "1", "1"},
  };
  for (const Row& row : rows) {
    if (!test::have_data(kData / row.file)) continue;
    INFO(row.file << " " << row.month << " " << row.zone);
    const auto zone = rules::find_zone(row.zone);
    const auto month = core::parse_month(row.month);
    REQUIRE(zone.ok());
    REQUIRE(month.ok());
    const auto cycle = core::cycle_of(*month, *zone);
    const auto a = core::assess(five_minutes(), *zone, cycle,
                                tallies_of(read(kData / row.file, row.format)), {}, cycle.span.end);
    CHECK(a.parts.size() == row.intervals);
    CHECK(a.totals.measured == row.measured);
    CHECK(a.totals.below_100 == row.below_100);
    CHECK(a.totals.requests == row.requests);
    CHECK(a.totals.errors == row.errors);
    CHECK(a.uptime.numerator() == row.numerator);
    CHECK(a.uptime.denominator() == row.denominator);
  }
}
