// Clauses as months: every *.toml here says what counts come in, and the exact uptime, verdict and
// credit that the contract makes of them.

#include <filesystem>
#include <sstream>

#include <toml++/toml.h>

#include "config/catalog.h"
#include "config/zones.h"
#include "core/assess.h"
#include "core/credit.h"
#include "support/catch.h"

using namespace recoup;
using core::Ratio;

namespace {

// "24x 1000/3" or "1x 200:18 503/SlowDown:2 timeout:1": how many intervals, and what each one saw.
struct Run {
  int intervals = 0;
  std::vector<std::pair<core::Outcome, std::uint64_t>> counts;
};

Run parse_run(const std::string& text) {
  Run run;
  std::istringstream in(text);
  std::string word;
  in >> word;
  REQUIRE(word.back() == 'x');
  run.intervals = std::stoi(word);
  while (in >> word) {
    if (const auto colon = word.rfind(':'); colon != std::string::npos) {
      const auto outcome = core::parse_outcome(word.substr(0, colon));
      REQUIRE(outcome.ok());
      run.counts.emplace_back(*outcome, std::stoull(word.substr(colon + 1)));
    } else {
      const std::uint64_t requests = std::stoull(word);
      const std::uint64_t errors = std::stoull(word.substr(word.find('/') + 1));
      run.counts.emplace_back(core::Answered{200}, requests - errors);
      run.counts.emplace_back(core::Answered{503}, errors);
    }
  }
  return run;
}

core::Tallies fill(const toml::array& runs, const core::Cycle& cycle, core::Millis interval) {
  core::Tallies tallies;
  core::Instant at = cycle.span.begin;
  for (const auto& node : runs) {
    const Run run = parse_run(node.value<std::string>().value());
    for (int i = 0; i < run.intervals; ++i, at += interval) {
      for (const auto& [outcome, count] : run.counts)
        tallies.add(core::minute_of(at), outcome, count);
    }
  }
  CHECK(at == cycle.span.end);  // the runs fill the month
  return tallies;
}

const core::Version& version_of(const core::Rule& rule, const std::string& date) {
  for (const core::Version& version : rule.versions) {
    if (core::to_text(version.effective) == date) return version;
  }
  throw std::runtime_error("no version " + date);
}

void check_month(const core::Version& version, const toml::table& month) {
  const auto text = [&](const char* key) { return month[key].value<std::string>(); };
  INFO(*text("clause"));
  const core::Zone zone = *config::find_zone(text("zone").value_or(version.time_zone));
  const core::Cycle cycle = core::cycle_of(*core::parse_month(*text("month")), zone);
  const core::Millis interval =
      std::visit([](const auto& family) { return core::Millis(family.interval); }, version.formula);
  const core::Tallies tallies = fill(*month["tallies"].as_array(), cycle, interval);
  const core::Assessment a = core::assess(version, zone, cycle, tallies, {}, cycle.span.end);

  CHECK(a.uptime.numerator() + "/" + a.uptime.denominator() == *text("exact"));
  CHECK((a.uptime * Ratio::whole(100)).to_decimal(12, core::Rounding::cut) == *text("shown"));
  CHECK(a.met == month["met"].value<bool>().value());

  std::optional<core::Charge> charge;
  if (const auto amount = text("charge")) charge = {{*Ratio::parse(*amount), "USD"}, "stated", ""};
  const core::Credit credit = core::credit(version, a, charge);
  CHECK((credit.share * Ratio::whole(100)).to_shortest(6) == *text("credit"));
  if (const auto eligible = month["eligible"].value<bool>()) CHECK(credit.eligible == *eligible);
}

}  // namespace

TEST_CASE("every scenario gives its exact uptime, verdict and credit") {
  int months = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TESTS_DIR "/scenarios")) {
    if (entry.path().extension() != ".toml") continue;
    INFO(entry.path().filename());
    const toml::table file = toml::parse_file(entry.path().string());
    const auto rule = config::Catalog().find_rule(file["rule"].value<std::string>().value());
    REQUIRE(rule != nullptr);
    const core::Version& version =
        version_of(rule->rule, file["version"].value<std::string>().value());
    for (const auto& month : *file["month"].as_array()) {
      check_month(version, *month.as_table());
      ++months;
    }
  }
  CHECK(months == 28);
}
