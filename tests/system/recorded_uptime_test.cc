// A month as Prometheus recorded it, and the same month exactly.

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/places.h"
#include "system/folder.h"
#include "system/simulated_month.h"
#include "system/world.h"

using namespace recoup;
using namespace recoup::test;
using core::Ratio;

namespace {

const Ratio kOne(1, 1);
const Ratio kOneInterval(1, kIntervals);

// Point is what is to be recorded of a script when `intervals` of its cycle are over.
struct Point {
  int intervals;
  Ratio upper = kOne;  // the uptime if what was not seen had been perfect
  Ratio lower = kOne;  // or a total loss
  Ratio exact = kOne;  // of all that happened
};

// By a scrape at least 150 s after its end, in the fourth or fifth minute, while it is the last one
// that is over.
bool was_seen(const Script& script, int interval, int over) {
  if (interval + 2 > over) return false;
  for (const int minute : {5 * interval + 8, 5 * interval + 9}) {
    if (script.service_runs(minute) && script.prometheus_runs(minute)) return true;
  }
  return false;
}

std::vector<Point> points_of(const Script& script, const std::set<int>& wanted) {
  std::vector<Ratio> losses;
  for (int i = 0; i < kIntervals; ++i) losses.push_back(loss_of(script, i));
  std::vector<Point> points;
  for (const int over : wanted) {
    Point point{over};
    for (int i = 0; i < over; ++i) {
      const Ratio loss = losses[static_cast<std::size_t>(i)] * kOneInterval;
      const bool seen = was_seen(script, i, over);
      point.exact -= loss;
      point.lower -= seen ? loss : kOneInterval;
      if (seen) point.upper -= loss;
    }
    points.push_back(point);
  }
  return points;
}

// Every six hours, around all that happens, and when the last interval begins; while the service or
// Prometheus does not run, nothing is recorded.
std::set<int> rough_moments() {
  std::set<int> moments{2, 3, kIntervals - 1};
  for (int i = 72; i < kIntervals; i += 72) moments.insert(i);
  for (const int minute :
       {at(9, 3, 0), at(12, 10, 0), at(15, 7, 40), at(20, 14, 0), at(22, 16, 40)}) {
    for (int i = minute / 5; i < minute / 5 + 15; i += 1) moments.insert(i);
  }
  std::erase_if(
      moments, [](int i) { return !kRough.service_runs(5 * i) || !kRough.prometheus_runs(5 * i); });
  return moments;
}

std::string expect(int minute, const std::string& expression, const std::string& sample) {
  return fmt::format("      - expr: '{}'\n        eval_time: {}m\n        exp_samples: [{}]\n",
                     expression, minute - kFirst, sample);
}

// That the expression, a comparison with bool, holds.
std::string holds(const Script& script, int minute, const std::string& expression) {
  return expect(minute, expression,
                fmt::format("{{ labels: '{{agreement=\"{}\", instance=\"a\"}}', value: 1 }}",
                            script.agreement));
}

std::string of(const Script& script, const char* name) {
  return fmt::format("{}{{agreement=\"{}\"}}", name, script.agreement);
}

constexpr char kUpper[] = "instance_agreement:recoup_monthly_uptime:upper";
constexpr char kLower[] = "instance_agreement:recoup_monthly_uptime:lower";
constexpr char kGauge[] = "recoup_monthly_uptime_ratio";

// The rules say that doubles are off by less than 1e-12.
std::string near(const Script& script, int minute, const char* name, const Ratio& figure) {
  return holds(script, minute,
               fmt::format("abs({} - {:.17g}) < bool 1e-12", of(script, name), figure.to_double()));
}

std::string checks_of(const Script& script, const Point& point) {
  const int minute = 5 * point.intervals;
  std::string checks = near(script, minute, kUpper, point.upper);
  checks += near(script, minute, kLower, point.lower);
  checks += holds(script, minute,
                  fmt::format("{} < bool {} + 1e-12", of(script, kGauge), of(script, kUpper)));
  checks += holds(script, minute,
                  fmt::format("{} > bool {} - 1e-12", of(script, kGauge), of(script, kLower)));
  // Where nothing that was lost is unseen, Recoup's own figure and the recorded one are the same.
  if (point.upper == point.exact) checks += near(script, minute, kGauge, point.exact);
  return checks;
}

// The exact figure of the program itself: the month's counts are imported and judged.
class Ledger {
 public:
  Ledger() : folder_(settings("rough") + settings("exact")) {}

  nlohmann::json judge(const Script& script) const {
    const std::string name = script.agreement + ".csv";
    write_text(folder_.dir.file(name), csv_of(script));
    folder_.done({"import", "--agreement", script.agreement, "--format", "counts", name});
    const std::string said =
        folder_.done({"assess", "--agreement", script.agreement, "--month", "2025-10", "--json"});
    return nlohmann::json::parse(said).at(0);
  }

 private:
  static std::string settings(const std::string& id) {
    return fmt::format(
        "[[agreement]]\nid = \"{}\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
        "region = \"us-east-1\"\n",
        id);
  }
  Folder folder_;
};

Ratio uptime_of(const nlohmann::json& assessment) {
  const auto& uptime = assessment.at("monthly_uptime");
  return *Ratio::parse_fraction(uptime.at("numerator").get<std::string>(),
                                uptime.at("denominator").get<std::string>());
}

void promtool_finds(const std::string& series, const std::string& checks) {
  const TempDir folder;
  const std::string tests = folder.write(
      "month.yml", "rule_files: [" SOURCE_DIR
                   "/rules/prometheus/recoup.yml]\n"
                   "evaluation_interval: 5m\ntests:\n  - interval: 1m\n    input_series:\n" +
                       series + "    promql_expr_test:\n" + checks);
  const Finished done = run({"promtool", "test", "rules", tests}, folder.path().string());
  const std::string said = done.out + done.err;
  INFO(said.substr(std::min(said.find("FAILED"), said.size()), 4000));
  CHECK(done.status == 0);
}

// Two intervals fail for two minutes in the next cycle, and are seen 40 minutes after its begin.
std::string checks_of_the_next_cycle(const Script& script) {
  const Ratio uptime = kOne - loss_of(script, kIntervals + 2) * Ratio(1, 30 * 288);
  return near(script, kMinutes + 40, kUpper, uptime) + near(script, kMinutes + 40, kGauge, uptime);
}

// The counters began anew with the service in the middle of an outage.
std::string checks_of_the_restart(const Script& script) {
  const auto errors = errors_in(script, at(15, 7, 30), at(15, 8, 30));
  const std::string increase =
      fmt::format("increase(recoup_errors_total{{agreement=\"{}\"}}[1h])", script.agreement);
  return holds(script, at(15, 8, 30), fmt::format("{} > bool 0.8 * {}", increase, errors)) +
         holds(script, at(15, 8, 30), fmt::format("{} < bool 1.05 * {}", increase, errors));
}

}  // namespace

TEST_CASE("what Prometheus records of a month encloses the exact uptime of every moment") {
  std::string checks;
  for (const Point& point : points_of(kRough, rough_moments())) {
    INFO(point.intervals);
    CHECK(point.lower <= point.exact);
    CHECK(point.exact <= point.upper);
    checks += checks_of(kRough, point);
  }
  checks += checks_of_the_next_cycle(kRough) + checks_of_the_restart(kRough);

  // Nearer than 1e-12, and on the wrong side of the commitment: see the next case.
  const Point last = points_of(kExactlyAtTheCommitment, {kIntervals - 1}).front();
  CHECK(last.upper == Ratio(99999, 100000));
  checks += checks_of(kExactlyAtTheCommitment, last);
  checks += holds(kExactlyAtTheCommitment, 5 * last.intervals,
                  fmt::format("{} < bool {}", of(kExactlyAtTheCommitment, kUpper),
                              of(kExactlyAtTheCommitment, "recoup_service_commitment_ratio")));
  promtool_finds(series_of(kRough) + series_of(kExactlyAtTheCommitment), checks);
}

TEST_CASE("the program decides by fractions what the records of a month leave open") {
  const Ledger ledger;
  const nlohmann::json exactly = ledger.judge(kExactlyAtTheCommitment);
  CHECK(uptime_of(exactly) == Ratio(99999, 100000));
  CHECK(exactly.at("met") == true);

  // The last figure that was recorded does not know of the outage at the end.
  const Ratio exact = uptime_of(ledger.judge(kRough));
  const Point last = points_of(kRough, {kIntervals - 1}).front();
  CHECK(exact == last.exact - loss_of(kRough, kIntervals - 1) * kOneInterval);
  CHECK(exact < last.upper - Ratio(1, 2) * kOneInterval);
  CHECK(exact >= last.lower - kOneInterval);
}
