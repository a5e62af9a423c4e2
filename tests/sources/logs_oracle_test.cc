// The reader of access logs against an independent one, line by line, and against months whose
// exact uptime is known.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>

#include "core/assess.h"
#include "rules/zones.h"
#include "sources/logs/formats/combined.h"
#include "sources/logs/formats/lines.h"
#include "sources/logs/read_log.h"
#include "support/catch.h"
#include "support/missing.h"
#include "support/places.h"
#include "support/temp_dir.h"

namespace {

namespace fs = std::filesystem;
using namespace recoup;
using test::TempDir;

const fs::path kData = SHARED_DATA;
const fs::path kOracle = kData / ".." / "oracle";

// Says of each line of a file what the oracle makes of it: "blank", "malformed", or its second and
// status. Years that Python's dates do not have are malformed.
constexpr const char* kDriver = R"py(
import collections, sys
sys.path.insert(0, sys.argv[1])
import oracle
lines = oracle.read(sys.argv[2]).decode("latin-1").split("\n")
if lines[-1] == "":
    lines.pop()
for line in lines:
    line = line.rstrip("\r")
    if line.strip() == "":
        print("blank")
        continue
    try:
        print(*oracle.p_combined(line, None, collections.Counter()))
    except (oracle.Malformed, ValueError):
        print("malformed")
)py";

std::vector<std::string> split_lines(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> ask_oracle(const TempDir& dir, const std::string& file) {
  const std::string driver = dir.write("driver.py", kDriver);
  const std::string out = dir.file("verdicts");
  const std::string command =
      "python3 -B '" + driver + "' '" + kOracle.string() + "' '" + file + "' > '" + out + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  return split_lines(out);
}

// What our parser makes of a line, in the oracle's words.
std::string our_verdict(std::string_view line) {
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (sources::is_blank(line)) return "blank";
  const auto request = sources::parse_combined(line);
  if (!request) return "malformed";
  const auto second = std::chrono::floor<std::chrono::seconds>(request->at).time_since_epoch();
  return std::to_string(second.count()) + ' ' + std::to_string(request->status);
}

std::vector<fs::path> real_logs() {
  std::vector<fs::path> files;
  for (const char* folder : {"weblogs", "fixtures", "fixtures/crowdsec", "fixtures/matomo"}) {
    for (const auto& entry : fs::directory_iterator(kData / folder)) {
      if (entry.is_regular_file() && entry.path().extension() != ".bz2") {
        files.push_back(entry.path());
      }
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

sources::LogContent read(const fs::path& path) {
  auto content = sources::read_log(path, {"combined"});
  REQUIRE(content.ok());
  return *std::move(content);
}

// How often each verdict occurs, without its instant.
std::map<std::string, std::uint64_t> histogram(const std::vector<std::string>& verdicts) {
  std::map<std::string, std::uint64_t> counts;
  for (const std::string& verdict : verdicts) {
    const auto space = verdict.find(' ');
    ++counts[space == std::string::npos ? verdict : verdict.substr(space + 1)];
  }
  return counts;
}

std::map<std::string, std::uint64_t> histogram(const sources::LogContent& content) {
  std::map<std::string, std::uint64_t> counts;
  for (const core::Minute minute : content.counts.minutes()) {
    for (const auto& [outcome, count] : content.counts.of(minute)) {
      counts[to_text(outcome)] += count;
    }
  }
  if (content.malformed > 0) counts["malformed"] = content.malformed;
  if (content.empty > 0) counts["blank"] = content.empty;
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
  static constexpr auto kBytes = "\"\"\"\\\\[]:/+-  0123456789\t\r\v\x1c\x85\xa0\x00'AJanFebxz{%"sv;
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
  if (!test::have_data(kOracle / "oracle.py")) return;
  const auto files = real_logs();
  REQUIRE(files.size() >= 40);
  const TempDir dir;
  std::uint64_t requests = 0;
  for (const fs::path& file : files) {
    INFO(file.filename().string());
    const auto expected = ask_oracle(dir, file);
    if (file.extension() != ".gz") {
      const auto lines = split_lines(file);
      REQUIRE(lines.size() == expected.size());
      for (std::size_t i = 0; i < lines.size(); ++i) {
        INFO(lines[i]);
        if (our_verdict(lines[i]) != expected[i]) CHECK(our_verdict(lines[i]) == expected[i]);
      }
    }
    const auto content = read(file);
    CHECK(histogram(content) == histogram(expected));
    CHECK(content.lines == expected.size());
    requests += content.requests;
  }
  CHECK(requests > 33'000);
}

TEST_CASE("lines of real logs, changed at random, give the oracle's verdict") {
  if (!test::have_data(kOracle / "oracle.py")) return;
  std::vector<std::string> lines;
  for (const fs::path& file : real_logs()) {
    if (file.extension() == ".gz") continue;
    // A few lines of each file, so that no large file outweighs the odd ones.
    const auto all = split_lines(file);
    for (std::size_t i = 0; i < all.size(); i += all.size() / 60 + 1) lines.push_back(all[i]);
  }
  std::mt19937 random(20261003);
  std::string text;
  std::vector<std::string> changed;
  for (int i = 0; i < 30'000; ++i) {
    const auto pick = [&]() -> const std::string& { return lines[random() % lines.size()]; };
    std::string line = mutated(pick(), pick(), random);
    while (random() % 3 == 0) line = mutated(line, pick(), random);
    text += line + '\n';
    changed.push_back(std::move(line));
  }
  const TempDir dir;
  const auto expected = ask_oracle(dir, dir.write("changed.log", text));
  REQUIRE(expected.size() == changed.size());
  int good = 0;
  for (std::size_t i = 0; i < changed.size(); ++i) {
    INFO("line " << i + 1 << ": " << changed[i]);
    if (our_verdict(changed[i]) != expected[i]) CHECK(our_verdict(changed[i]) == expected[i]);
    if (expected[i] != "malformed") ++good;
  }
  // Both verdicts must be common, or the test says little.
  CHECK(good > 5'000);
  CHECK(good < 25'000);
}

TEST_CASE("months of real logs have exactly the uptime that is known for them") {
  if (!test::have_data(kOracle / "oracle.py")) return;
  struct Row {
    const char* file;
    const char* zone;
    const char* month;
    std::size_t intervals;
    std::uint64_t measured, below_100, requests, errors;
    const char* numerator;
    const char* denominator;
  };
  const Row rows[] = {
      {"weblogs/elastic-apache_logs", "UTC", "2015-05", 8928, 84, 3, 10000, 3, "54324499",
       "54324648"},
      {"weblogs/labor-06_access_10000.log", "UTC", "2013-12", 8928, 185, 12, 2016, 29,
       "63809061231703", "63820311488640"},
      {"weblogs/labor-06_access_10000.log", "Europe/Zurich", "2013-10", 8940, 1, 0, 1, 0, "1", "1"},
      {"weblogs/labor-06_access_10000.log", "-12:00", "2013-11", 8640, 631, 3, 2651, 4, "75509609",
       "75513600"},
      {"weblogs/ocatak-acunetix.txt", "+03:00", "2016-12", 8928, 7, 6, 6539, 706,
       "18156493975465093399", "18157815157727484288"},
      {"weblogs/ocatak-netsparker.txt", "+03:00", "2016-12", 8928, 5, 1, 7314, 6, "4327103",
       "4327104"},
      {"fixtures/crowdsec/apache2-logs.log", "UTC", "2020-06", 8640, 3, 3, 5, 5, "2879", "2880"},
  };
  for (const Row& row : rows) {
    INFO(row.file << " " << row.month << " " << row.zone);
    const auto zone = rules::find_zone(row.zone);
    const auto month = core::parse_month(row.month);
    REQUIRE(zone.ok());
    REQUIRE(month.ok());
    const auto cycle = core::cycle_of(*month, *zone);
    const auto a = core::assess(five_minutes(), *zone, cycle, tallies_of(read(kData / row.file)),
                                {}, cycle.span.end);
    CHECK(a.parts.size() == row.intervals);
    CHECK(a.totals.measured == row.measured);
    CHECK(a.totals.below_100 == row.below_100);
    CHECK(a.totals.requests == row.requests);
    CHECK(a.totals.errors == row.errors);
    CHECK(a.uptime.numerator() == row.numerator);
    CHECK(a.uptime.denominator() == row.denominator);
  }
}
