#include <fmt/format.h>

#include "sources/query/engine.h"
#include "support/catch.h"

using namespace recoup;
using sources::CountRows;
using sources::QueryCounts;

namespace {

core::Instant at(const char* text) { return *core::parse_instant(text); }

const core::Interval kHour{at("2026-06-03T02:00:00Z"), at("2026-06-03T03:00:00Z")};
constexpr const char* kFirst = "1780452000";  // 02:00

int status_of(std::string_view name) { return name == "ThrottlingException" ? 400 : 0; }

std::string read(std::string_view outcome) {
  const auto known = sources::outcome_of_row(outcome, status_of);
  return known ? core::to_text(*known) : "refused";
}

sources::Query query(sources::QueryEngine engine) {
  sources::Query query;
  query.engine = engine;
  query.counts = "SELECT m AS minute FROM t WHERE ts >= {from} AND ts < {to}";
  query.evidence = "SELECT ts AS time FROM t WHERE ts >= {from} AND ts < {to}";
  return query;
}

}  // namespace

TEST_CASE("outcomes of rows are read as everywhere, and names as providers write them") {
  CHECK(read("200") == "200");
  CHECK(read("503/com.amazonaws.kms#KMSInternalException") == "503/KMSInternalException");
  CHECK(read("503/") == "503");
  CHECK(read("timeout") == "timeout");
  CHECK(read("200!indirect") == "200!indirect");
  CHECK(read("unread") == "unread");
  CHECK(read("error/ThrottlingException") == "400/ThrottlingException");
  CHECK(read("error/ThrottlingException!indirect") == "400/ThrottlingException!indirect");
  CHECK(read("error/NewException") == "unclassified/NewException");
  for (const char* bad : {"", "\\N", "-", "OK", "20", "missed/late", "99999999999999999999"}) {
    INFO(bad);
    CHECK(read(bad) == "refused");
  }
}

TEST_CASE("a row of a time that no instant has is listed, and not counted") {
  CountRows rows(kHour, nullptr, nullptr);
  for (const char* time : {"9223372036854775807", "-9223372036854775808", "9223372036854775800"}) {
    rows.add(time, "200", "1");
  }
  const QueryCounts counts = rows.take();
  CHECK(counts.minutes.empty());
  CHECK(counts.malformed == 3);
}

TEST_CASE("a value of Prometheus at a time that was not asked for is listed, and not counted") {
  sources::Query asked;
  asked.engine = sources::QueryEngine::prometheus;
  asked.label = "code";
  const std::string begin =
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"code":"200"},)"
      R"("values":[[1780452060,"3"],[)";
  for (const char* time : {"1e300", "-1e300", "1780455660", "1780448399", "253402300800"}) {
    INFO(time);
    CountRows rows(kHour, nullptr, nullptr);
    std::vector<core::Interval> unmeasured;
    const std::string body = begin + time + R"(,"7"]]}]}})";
    REQUIRE(sources::read_matrix(asked, kHour, body, rows, unmeasured).ok());
    const QueryCounts counts = rows.take();
    CHECK(counts.malformed == 1);
    CHECK(counts.minutes.size() == 1);
    CHECK(unmeasured ==
          std::vector<core::Interval>{{kHour.begin + std::chrono::minutes(1), kHour.end}});
  }
}

TEST_CASE("rows of one minute and outcome add up, and those that are none are listed") {
  CountRows rows(kHour, nullptr, nullptr);
  rows.add(kFirst, "200", "5");
  rows.add(kFirst, "200", "2");
  rows.add(kFirst, "503", "1");
  rows.add(kFirst, "weather", "4");
  rows.add("1780452001", "200", "1");  // within a minute
  rows.add("1780448400", "200", "1");  // an hour before
  rows.add("soon", "200", "1");
  rows.add(kFirst, "200", "-1");
  rows.add(kFirst, "200", "1.5");
  rows.add(kFirst, "500", "0");
  const QueryCounts counts = rows.take();
  CHECK(counts.rows == 10);
  CHECK(counts.malformed == 6);
  CHECK(counts.examples.size() == 5);
  REQUIRE(counts.minutes.size() == 1);
  const auto& outcomes = counts.minutes.begin()->second;
  CHECK(outcomes.size() == 3);
  CHECK(outcomes.at(*core::parse_outcome("200")) == 7);
  CHECK(outcomes.at(core::Unread{}) == 4);
  CHECK(counts.worth_names == std::set<std::string>{"503"});
}

TEST_CASE("a record is known again by what it says, to the millisecond") {
  const auto one = sources::evidence_of_row("1780452001.2509", "503", "a", nullptr);
  REQUIRE(one);
  CHECK(core::to_text(one->at) == "2026-06-03T02:00:01.250Z");
  CHECK(one->request_id == "a");
  CHECK(sources::evidence_of_row("1780452001.2509", "503", "a", nullptr)->tie == one->tie);
  CHECK(sources::evidence_of_row("1780452001.2509", "503", "b", nullptr)->tie != one->tie);
  CHECK(sources::evidence_of_row("1780452001", "503", "\\N", nullptr)->request_id.empty());
  for (const char* bad : {"", "x", "-5", "1.7e9", "12.", "1780452001.2x", "999999999999999"}) {
    INFO(bad);
    CHECK_FALSE(sources::evidence_of_row(bad, "503", "a", nullptr));
  }
}

TEST_CASE("a query is asked inside another, for a span that no zone changes") {
  const std::string house = sources::counts_text(query(sources::QueryEngine::clickhouse), kHour);
  CHECK(house ==
        "SELECT toInt64(minute), toString(outcome), toString(count) FROM (\n"
        "SELECT m AS minute FROM t WHERE ts >= toDateTime(1780452000) AND ts < "
        "toDateTime(1780455600)\n)");
  const std::string post = sources::counts_text(query(sources::QueryEngine::postgresql), kHour);
  CHECK(post.find("ts >= '2026-06-03T02:00:00Z'::timestamptz AND ts < "
                  "'2026-06-03T03:00:00Z'::timestamptz\n) AS q") != std::string::npos);
  // What an engine wrote goes back to it as a text, whatever stands in it.
  const std::vector<std::string> hostile{"x'\\"};
  CHECK(sources::evidence_text(query(sources::QueryEngine::clickhouse), kHour, hostile, 3)
            .ends_with("IN ('x''\\\\') ORDER BY time LIMIT 3"));
  CHECK(sources::evidence_text(query(sources::QueryEngine::postgresql), kHour, hostile, 3)
            .ends_with("IN ('x''\\') ORDER BY q.time LIMIT 3"));
}

TEST_CASE("what an engine says is one short line without the password") {
  CHECK(sources::engine_words("Code: 516, geheim is\nwrong\n", "geheim") ==
        "Code: 516, **** is wrong");
  CHECK(sources::engine_words(std::string(1000, 'x')).size() < 310);
}

TEST_CASE("a connection with a password in it is refused, and not repeated") {
  CHECK(sources::check_connection("host=db dbname=logs user=recoup"));
  CHECK(sources::check_connection("service=logs"));
  CHECK(sources::check_connection("postgresql://recoup@db/logs?sslmode=verify-full"));
  for (const char* bad : {"host=db password=geheim", "postgresql://recoup:geheim@db/logs",
                          "host=db geheim", "hots=geheim"}) {
    const auto checked = sources::check_connection(bad);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().message.find("geheim") == std::string::npos);
    CHECK(checked.error().help.find("geheim") == std::string::npos);
  }
}
