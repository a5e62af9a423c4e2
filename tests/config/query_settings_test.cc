#include "config/query_settings.h"

#include "config/settings.h"
#include "support/catch.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

core::Result<config::Settings> read(const std::string& queries) {
  return config::parse_settings(
      "[[agreement]]\nid = \"kms\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
      "region = \"us-east-1\"\n" +
          queries,
      "recoup.toml", {{"HOSTNAME", "test"}, {"SECRET", "geheim"}});
}

config::QuerySettings one(const std::string& keys) {
  const auto settings = read("[[agreement.query]]\nid = \"q\"\n" + keys);
  INFO((settings ? "" : settings.error().message));
  REQUIRE(settings);
  return settings->agreements.at(0).queries.at(0);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a table of requests becomes two queries, whose names are none of its own") {
  const auto query =
      one("engine = \"clickhouse\"\nurl = \"https://db.example.com:8443/\"\nuser = \"recoup\"\n"
          "password = { env = \"SECRET\" }\ntable = \"logs.requests\"\ntime = \"ts\"\n"
          "status = \"code\"\nrequest_id = \"id\"\nfilter = \"service = 'kms'\"\n");
  CHECK(query.query.url == "https://db.example.com:8443");
  CHECK(query.query.password.reveal() == "geheim");
  CHECK(
      query.query.counts ==
      "SELECT intDiv(toUInt32(ts), 60) * 60 AS recoup_minute, code AS recoup_outcome, count(*) AS "
      "recoup_count FROM logs.requests WHERE ts >= {from} AND ts < {to} AND (service = 'kms') "
      "GROUP BY recoup_minute, recoup_outcome");
  CHECK(query.query.evidence ==
        "SELECT ts AS recoup_time, code AS recoup_outcome, id AS recoup_request_id FROM "
        "logs.requests WHERE ts >= {from} AND ts < {to} AND (service = 'kms')");
  CHECK(query.every == 1min);
  CHECK(query.delay == 1min);
  CHECK(query.reread == 2h);
  CHECK(query.silent_after == core::Millis(15min));
}

TEST_CASE("ready queries name the columns of AWS's tables, and the agreement's own records") {
  const auto alb =
      one("engine = \"clickhouse\"\nurl = \"http://127.0.0.1:8123\"\ntable = \"alb\"\n"
          "preset = \"alb\"\nfilter = \"elb = 'app/web/1'\"\n");
  CHECK(has(alb.query.counts, "toString(elb_status_code) AS recoup_outcome"));
  CHECK(has(alb.query.counts, "user_agent NOT LIKE 'recoup/%'"));
  CHECK(has(alb.query.counts, "AND (elb = 'app/web/1')"));
  CHECK(has(alb.query.evidence, "trace_id AS recoup_request_id"));

  const auto trail =
      one("engine = \"clickhouse\"\nurl = \"http://127.0.0.1:8123\"\ntable = \"trail\"\n"
          "preset = \"cloudtrail\"\ntime = \"parseDateTimeBestEffort(eventtime)\"\n");
  CHECK(trail.by_error_name);
  for (const char* part :
       {"uniqExact(eventid)", "eventsource IN ('kms.amazonaws.com')", "awsregion = 'us-east-1'",
        "recipientaccountid = '123456789012'", "parseDateTimeBestEffort(eventtime) >= {from}"}) {
    INFO(part);
    CHECK(has(trail.query.counts, part));
  }
}

TEST_CASE("a counter of Prometheus is asked for what it grew by in a minute") {
  const auto query =
      one("engine = \"prometheus\"\nurl = \"http://127.0.0.1:9090\"\ncounter = "
          "\"http_requests_total\"\n"
          "label = \"status\"\nfilter = \"service=\\\"kms\\\"\"\n");
  CHECK(query.query.counts ==
        "sum by (status) (increase(http_requests_total{service=\"kms\"}[1m]))");
  CHECK(query.delay == 2min);
  const auto own = one(
      "engine = \"prometheus\"\nurl = \"http://127.0.0.1:9090\"\nquery = \"sum by (code) (x)\"\n");
  CHECK(own.query.counts == "sum by (code) (x)");
  CHECK(own.query.label == "code");
}

TEST_CASE("a query of the user's own is asked as it stands, without what ends a statement") {
  const auto query =
      one("engine = \"postgresql\"\nconnection = \"service=logs\"\n"
          "query = \"SELECT minute, outcome, count FROM v WHERE m >= {from} AND m < {to};\\n\"\n");
  CHECK(query.query.counts ==
        "SELECT minute, outcome, count FROM v WHERE m >= {from} AND m < {to}");
  CHECK(query.query.evidence.empty());
}
