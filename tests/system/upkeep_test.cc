// A ledger that is kept small, and its months as Prometheus and Grafana have them for years.
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/eventually.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;
using nlohmann::json;

namespace {

// What an answer of /api/v1/query has as the value of its only series.
std::string value_of(const std::string& answer) {
  const json parsed = json::parse(answer, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("data")) return answer;
  if (parsed["data"]["result"].size() != 1) return answer;
  return parsed["data"]["result"][0]["value"][1].get<std::string>();
}

}  // namespace

TEST_CASE("a ledger that was tidied is judged and verified as before, and says what went") {
  const Folder folder;
  folder.import();
  folder.done({"claims", "seal"});
  const std::vector<std::string> assess{"assess", "--month", "2026-06", "--json"};
  const std::string before = folder.done(assess);
  const std::string dry = folder.done({"ledger", "tidy", "--dry-run"});
  CHECK_HAS(dry, "would have folded 1 day of series (4 counts of minutes to ");
  CHECK_HAS(dry, "web: all evidence is kept: no month is over with all that can become of it");
  const json tidied = json::parse(folder.done({"ledger", "tidy", "--json"}));
  CHECK(tidied["folded_now"]["days"] == 1);
  CHECK(tidied["folded"]["minutes"] == 4);
  CHECK(folder.done(assess) == before);
  CHECK_HAS(folder.done({"verify", "--agreement", "web"}), "revision 1 of web 2026-06");
  // Once more there is nothing to do.
  CHECK_HAS(folder.done({"ledger", "tidy"}),
            "folded 0 days of series (0 counts of minutes to 0 bytes)");
}

TEST_CASE("Prometheus has the months of a ledger from promtool and an export") {
  const Folder folder;
  folder.import();
  const std::string text = folder.done({"export", "--openmetrics"});
  CHECK(text.ends_with("# EOF\n"));
  CHECK_HAS(text, "recoup_day_errors{agreement=\"web\"} 6 1780444800\n");
  CHECK_HAS(text, "recoup_day_requests{agreement=\"web\"} 0 1780272000\n");
  CHECK_HAS(folder.recoup({"export"}).err, "--openmetrics");
  CHECK(folder.done({"export", "--openmetrics", "--from", "2026-07"}).find("} ") ==
        std::string::npos);
  write_text(folder.dir.file("months.om"), text);
  const std::string data = folder.dir.file("tsdb");
  const Finished made = run(
      {"promtool", "tsdb", "create-blocks-from", "openmetrics", folder.dir.file("months.om"), data},
      folder.dir.path().string());
  INFO(made.out << made.err);
  REQUIRE(made.status == 0);

  const int port = free_port();
  write_text(folder.dir.file("prometheus.yml"), "global: { scrape_interval: 1m }\n");
  Process prometheus({"prometheus", "--config.file=" + folder.dir.file("prometheus.yml"),
                      "--storage.tsdb.path=" + data, "--storage.tsdb.retention.time=10y",
                      fmt::format("--web.listen-address=127.0.0.1:{}", port)},
                     folder.dir.path().string());
  const auto ask = [&](const std::string& query) {
    return value_of(http_get(fmt::format(
        "http://127.0.0.1:{}/api/v1/query?time=2026-06-03T12:00:00Z&query={}", port, query)));
  };
  const bool answered =
      eventually([&] { return ask("last_over_time(recoup_day_errors%5B1d%5D)") == "6"; });
  INFO(prometheus.err().substr(0, 2000));
  CHECK(answered);
  // As assess says it: 1 - (4/24 + 2/2) / 8640.
  const json assessed =
      json::parse(folder.done({"assess", "--month", "2026-06", "--json"}))[0]["monthly_uptime"];
  const double uptime = std::stod(assessed["numerator"].get<std::string>()) /
                        std::stod(assessed["denominator"].get<std::string>());
  CHECK(std::stod(ask("last_over_time(recoup_month_uptime_ratio%5B1d%5D)")) == uptime);
  // No uptime without how much of it was measured: two intervals of the month.
  CHECK(std::stod(ask("last_over_time(recoup_month_measured_ratio%5B1d%5D)")) == 2.0 / 8640);
  CHECK(ask("last_over_time(recoup_day_requests%5B1d%5D)") == "26");
  const double lost = std::stod(ask("sum_over_time(recoup_day_loss_ratio%5B3d%5D)"));
  CHECK(std::abs(lost - (1 - uptime)) < 1e-12);
}
