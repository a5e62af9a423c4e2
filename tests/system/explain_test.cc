// `recoup explain`, as its users run it.

#include <filesystem>

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/places.h"
#include "system/folder.h"

using namespace recoup::test;
using nlohmann::json;

TEST_CASE("explain says what an interval holds, what it counts as, and what it costs") {
  const Folder folder;
  folder.import();
  write_text(folder.dir.file("access.log"),
             "10.0.0.1 - - [03/Jun/2026:03:00:01 +0000] \"GET /a HTTP/1.1\" 503 1 \"-\" \"x\"\n");
  folder.done({"import", "--agreement", "web", "--format", "combined", "access.log"});

  const auto explain = [&](const std::string& instant) {
    return folder.done({"explain", "--agreement", "web", instant});
  };
  const std::string text = explain("2026-06-03T04:03:00+02:00");
  CHECK_HAS(text, "interval   2026-06-03T02:00:00Z to 2026-06-03T02:05:00Z, number 601 of 8,640");
  CHECK_HAS(text, "Requests   24, of which 4 Errors: Availability 5/6 = 83.333333333333 %");
  CHECK_HAS(squeezed(text), "503 4 Error an Error is a Request that returns 500 or 503");
  CHECK_HAS(squeezed(text),
            "timeout 2 not a Request 'no-answer' is not a Request under this contract");
  CHECK_HAS(text, "verdict    lost: 4 of 24 Requests met an Error");
  CHECK_HAS(text, "its loss   1/51840 = 0.001929012345 % of the month's uptime");

  const std::string line = explain("2026-06-03T03:04:59.999Z");
  CHECK_HAS(line, "evidence");
  CHECK_HAS(line, "2026-06-03T03:00:01Z  503");
  CHECK_HAS(explain("2026-06-03T03:05:00Z"), "verdict    not lost: no Request was made");

  CHECK(
      folder.exclude("2026-06-03T02:04:00Z", "2026-06-03T02:06:00Z", {"--reason", "ours"}).status ==
      0);
  CHECK_HAS(explain("2026-06-03T02:00:00Z"), "excluded   2026-06-03T02:04:00Z to");
  CHECK(explain("2026-06-03T02:00") == explain("2026-06-03T02:00:00Z"));
  const Finished early = folder.recoup({"explain", "--agreement", "web", "2010-06-03T02:00:00Z"});
  CHECK(early.status == 1);
  CHECK_HAS(early.err, "effective since 2019-01-16");
}

TEST_CASE("explain names the run that a minute belongs to") {
  const Folder folder("rules = \"rules\"\n" + agreement());
  std::filesystem::create_directory(folder.dir.path() / "rules");
  std::string rule = read_text(SOURCE_DIR "/rules/sla/aws-kms.toml");
  const std::string mean =
      R"(formula    = { family = "mean-of-intervals", interval = "5m", silent = "available" })";
  REQUIRE(has(rule, mean));
  rule.replace(
      rule.find(mean), mean.size(),
      R"(formula = { family = "downtime-runs", error_rate_above = "10", at_least = "2m" })");
  write_text(folder.dir.file("rules/aws-kms.toml"), rule);
  folder.import("minute,outcome,count\n2026-06-03T02:00:00Z,503,2\n2026-06-03T02:01:00Z,503,2\n");
  const std::string text = folder.done({"explain", "--agreement", "web", "2026-06-03T02:01:00Z"});
  CHECK_HAS(text,
            "lost: it belongs to a Downtime Period, the 2 consecutive minutes above 10 % from "
            "2026-06-03T02:00:00Z to 2026-06-03T02:02:00Z with 4 Requests");
  CHECK_HAS(text, "its loss   1/43200");
}

TEST_CASE("explain of a day or a month shows what cost most, and the sums") {
  const Folder folder;
  folder.import();
  folder.exclude("2026-06-04T00:00:00Z", "2026-06-04T01:00:00Z", {"--reason", "ours"});
  const auto explain = [&](const std::string& when) {
    return folder.done({"explain", "--agreement", "web", when});
  };
  const std::string day = explain("2026-06-03");
  for (const char* part :
       {"day 2026-06-03, UTC: 2026-06-03T00:00:00Z to 2026-06-04T00:00:00Z, 288 intervals "
        "of 5m",
        "the costliest 2 of its 2 lost intervals",
        "2026-06-03T04:00:00Z 2 2 0 % 0.011574074074 85.71 % 503 (2)\n 2026-06-03T02:00:00Z 24 4 "
        "83.333333333333 % 0.001929012345 14.28 % 503 (4)",
        "its loss 0.013503086419 % of the month's uptime; the month lost 0.013503086419 %, "
        "100.00 % of it on this day",
        "budget 0.001 % may be lost in a month: its loss is 1350.30 % of that",
        "288: 2 measured, 286 silent, 0 excluded, 0 ahead; 2 below 100 %",
        "503 6 Error 0.013503086419 100.00 %", "timeout 2 not a Request\n"}) {
    CHECK_HAS(squeezed(day), part);
  }
  CHECK_FALSE(has(day, "ours"));
  const std::string month = explain("2026-06");
  CHECK_HAS(month, "month      2026-06, UTC: 2026-06-01T00:00:00Z to 2026-07-01T00:00:00Z, 8,640 ");
  CHECK_HAS(month, "its loss   0.013503086419 % of the month's uptime\n");
  CHECK_HAS(month, "8,640: 2 measured, 8,626 silent, 12 excluded");
  CHECK_HAS(month, "excluded   2026-06-04T00:00:00Z to 2026-06-04T01:00:00Z: ours");
  const std::string calm = explain("2026-06-05");
  CHECK_HAS(calm, "no interval in it takes from the uptime");
  CHECK_HAS(calm, "its loss   0.000000000000 % of the month's uptime; the month lost 0.0135");
}

TEST_CASE("explain --top shows so many intervals, or so much evidence") {
  const Folder folder;
  folder.import();
  const auto costliest = folder.done({"explain", "--agreement", "web", "2026-06", "--top", "1"});
  CHECK_HAS(costliest, "the costliest 1 of its 2 lost intervals");
  CHECK_HAS(squeezed(costliest), "2026-06-03T04:00:00Z 2");
  CHECK_FALSE(has(costliest, "2026-06-03T02:00:00Z"));
  write_text(folder.dir.file("access.log"),
             "10.0.0.1 - - [03/Jun/2026:03:00:01 +0000] \"GET /a HTTP/1.1\" 503 1 \"-\" \"x\"\n"
             "10.0.0.1 - - [03/Jun/2026:03:00:02 +0000] \"GET /b HTTP/1.1\" 503 1 \"-\" \"x\"\n");
  folder.done({"import", "--agreement", "web", "--format", "combined", "access.log"});
  const auto evidence =
      folder.done({"explain", "--agreement", "web", "2026-06-03T03:00:00Z", "--top", "1"});
  CHECK_HAS(evidence, "evidence   1 of 2 records");
  CHECK_HAS(evidence, "GET /a");
  CHECK_FALSE(has(evidence, "GET /b"));
  CHECK(folder.recoup({"explain", "--agreement", "web", "2026-06", "--top", "0"}).status == 2);
}

TEST_CASE("explain --json has the same figures, exact") {
  const Folder folder;
  folder.import();
  const auto explain = [&](const std::string& when) {
    return json::parse(folder.done({"explain", "--agreement", "web", when, "--json"}));
  };
  const json interval = explain("2026-06-03T02:04:00Z");
  CHECK(interval["interval"]["begin"] == "2026-06-03T02:00:00Z");
  CHECK(interval["interval"]["number"] == 601);
  CHECK(interval["state"] == "measured");
  CHECK(interval["lost"] == true);
  CHECK(interval["availability"]["numerator"] == "5");
  CHECK(interval["loss"] ==
        json({{"percent", "0.001929012345"}, {"numerator", "1"}, {"denominator", "51840"}}));
  CHECK(interval["outcomes"].size() == 3);
  CHECK(interval["outcomes"][1]["outcome"] == "503");
  CHECK(interval["outcomes"][1]["counts_as"] == "Error");
  CHECK(interval["outcomes"][1]["because"] == "an Error is a Request that returns 500 or 503");
  CHECK(interval["evidence"]["total"] == 0);

  const json day = explain("2026-06-03");
  CHECK(day["day"] == "2026-06-03");
  CHECK(day["time_zone"] == "UTC");
  CHECK(day["costliest"].size() == 2);
  CHECK(day["costliest"][1]["loss"] == interval["loss"]);
  CHECK(day["costliest"][0]["mostly"]["status"] == 503);
  CHECK(day["share_of_month_loss"] == "100.000000000000");
  CHECK(day["budget"]["denominator"] == "100000");
  CHECK(day["intervals"]["silent"] == 286);

  const json month = explain("2026-06");
  CHECK_FALSE(month.contains("day"));
  CHECK(month["loss"] == day["loss"]);
  CHECK(month["loss"] == month["month_loss"]);
  const json verdict = json::parse(folder.done({"assess", "--month", "2026-06", "--json"})).at(0);
  CHECK(verdict["monthly_uptime"]["denominator"] == month["loss"]["denominator"]);
  CHECK(verdict["intervals"]["below_100"] == month["intervals"]["below_100"]);
}

TEST_CASE("words that are no instant, day or month are exit 2, with what they are like") {
  const Folder folder;
  for (const char* word : {"tomorrow", "2026-06-31", "2026-13", "2026", "2026-06-03T02"}) {
    const Finished refused = folder.recoup({"explain", "--agreement", "web", word});
    CHECK(refused.status == 2);
    CHECK_HAS(refused.err, std::string("expected an instant, a day or a month, got '") + word);
    CHECK_HAS(refused.err, "2026-10-03T02:01:00Z, 2026-10-03 and 2026-10");
  }
  CHECK(folder.recoup({"explain", "--agreement", "wed", "2026-06"}).status == 2);
  folder.import();
  const Finished early = folder.recoup({"explain", "--agreement", "web", "2010-06"});
  CHECK(early.status == 1);
  CHECK_HAS(early.err, "effective since 2019-01-16");
  const std::string help = folder.done({"explain", "--help"});
  for (const char* example : {"2026-10-03T02:01:00Z ", "2026-10-03 ", "2026-10 --top 5"}) {
    CHECK_HAS(help, std::string("recoup explain --agreement kms-us-east-1 ") + example);
  }
}
