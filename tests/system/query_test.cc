// Requests that stand in ClickHouse, PostgreSQL and Prometheus, counted where they are: by real
// servers, against the same lines counted from their file.
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/outcome.h"
#include "ledger/open.h"
#include "support/catch.h"
#include "support/certificates.h"
#include "support/missing.h"
#include "support/query_engines.h"
#include "system/folder.h"

using namespace recoup::test;
namespace core = recoup::core;

namespace {

constexpr std::int64_t kBegin = 1780444800;  // 2026-06-03T00:00:00Z
constexpr int kLines = 30'000;
constexpr int kMany = 1'000'000;
constexpr int kSeconds = 6 * 3600;

struct Line {
  std::int64_t at;
  int status;
  std::string id;
};

// A morning of requests, five minutes of which went badly.
std::vector<Line> morning(int count = kLines) {
  std::vector<Line> lines;
  for (int i = 0; i < count; ++i) {
    const std::int64_t second = static_cast<std::int64_t>(i) * kSeconds / count;
    const bool is_bad = second / 60 >= 120 && second / 60 < 125;
    const int status = is_bad && i % 3 == 0 ? 500 : i % 997 == 0 ? 503 : i % 101 == 0 ? 404 : 200;
    lines.push_back({kBegin + second, status, fmt::format("r{:06}", i)});
  }
  return lines;
}

// "2026-06-03T00:00:59"
std::string text_of_second(std::int64_t at) {
  return core::to_text(core::Instant(std::chrono::seconds(at))).substr(0, 19);
}

std::string as_rows(const std::vector<Line>& lines) {
  std::string rows;
  for (const Line& one : lines) rows += fmt::format("{}\t{}\t{}\n", one.at, one.status, one.id);
  return rows;
}

// The log in nginx's own words.
std::string as_log(const std::vector<Line>& lines) {
  std::string log;
  for (const Line& one : lines) {
    const auto second = one.at - kBegin;
    log += fmt::format(
        "192.0.2.1 - - [03/Jun/2026:{:02}:{:02}:{:02} +0000] \"GET /{} HTTP/1.1\" {} 9\n",
        second / 3600, second / 60 % 60, second % 60, one.id, one.status);
  }
  return log;
}

// What one has and the other has not, for whoever reads why they differ.
std::string differences(
    const std::map<std::pair<core::Minute, std::string>, std::uint64_t>& one,
    const std::map<std::pair<core::Minute, std::string>, std::uint64_t>& other) {
  std::string all;
  for (const auto& [key, count] : one) {
    const auto found = other.find(key);
    if (found != other.end() && found->second == count) continue;
    all += fmt::format("{} {} x {} and {}\n", core::to_text(core::Instant(key.first)), key.second,
                       count, found == other.end() ? 0 : found->second);
  }
  return all;
}

// What the ledger of the folder has of June, minute by minute.
std::map<std::pair<core::Minute, std::string>, std::uint64_t> tallies(const Folder& folder) {
  const auto ledger = recoup::ledger::open_ledger("sqlite:" + folder.dir.file("recoup.db"),
                                                  recoup::ledger::Missing::refuse);
  REQUIRE(ledger);
  const auto begin = *core::parse_instant("2026-06-01T00:00:00Z");
  const auto end = *core::parse_instant("2026-07-01T00:00:00Z");
  const auto found = (*ledger)->tallies("web", {begin, end});
  REQUIRE(found);
  std::map<std::pair<core::Minute, std::string>, std::uint64_t> all;
  for (const auto& row : found->rows()) {
    all[{row.minute, core::to_text(found->outcomes()[row.outcome])}] += row.count;
  }
  return all;
}

nlohmann::json june(const Folder& folder) {
  return nlohmann::json::parse(folder.done({"assess", "--month", "2026-06", "--json"}))[0];
}

const std::vector<std::string> kQuery{"query", "--from", "2026-06-03T00:00:00Z", "--to",
                                      "2026-06-03T06:00:00Z"};

std::string clickhouse_settings(const ClickHouse& server, const std::string& more) {
  return agreement(
      fmt::format("[[agreement.query]]\nid = \"lines\"\nengine = \"clickhouse\"\n"
                  "url = \"{}\"\nuser = \"recoup\"\npassword = {{ file = \"pw\" }}\n"
                  "from = 2026-06-03T00:00:00Z\n{}",
                  server.url(), more));
}

// A folder that asks it.
struct Asking : Folder {
  Asking(const ClickHouse& server, const std::string& more)
      : Folder(clickhouse_settings(server, more)) {
    write_text(dir.file("pw"), "geheim");
  }
};

constexpr const char* kTable =
    "table = \"requests\"\ntime = \"ts\"\nstatus = \"code\"\nrequest_id = \"id\"\n";

// The lines, on two shards behind one table.
void fill(const ClickHouse& server, const std::vector<Line>& lines) {
  std::vector<Line> shards[2];
  for (std::size_t i = 0; i < lines.size(); ++i) shards[i % 2].push_back(lines[i]);
  const char* const names[] = {"one", "two"};
  for (int i = 0; i < 2; ++i) {
    server.ask(
        fmt::format("CREATE TABLE {}.requests (ts DateTime, code UInt16, id String) "
                    "ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY ts",
                    names[i]));
    server.ask(fmt::format("INSERT INTO {}.requests FORMAT TabSeparated", names[i]),
               as_rows(shards[i]));
  }
  server.ask(
      "CREATE TABLE requests (ts DateTime, code UInt16, id String) "
      "ENGINE = Distributed(two, '', requests, rand())");
}

}  // namespace

TEST_CASE("a file, ClickHouse and PostgreSQL count the same of the same lines") {
  const std::vector<Line> lines = morning(kMany);
  const Folder file;
  write_text(file.dir.file("access.log"), as_log(lines));
  file.done({"import", "--agreement", "web", "--format", "combined", "access.log"});
  const auto counted = tallies(file);
  const nlohmann::json verdict = june(file);
  REQUIRE(counted.size() > 360);

  const TempDir servers;
  const ClickHouse clickhouse(servers.file("clickhouse"));
  fill(clickhouse, lines);
  const Asking by_clickhouse(clickhouse, kTable);
  const std::string said = by_clickhouse.done(kQuery);
  CHECK_HAS(said, "web/lines: 2026-06-03T00:00:00Z to 2026-06-03T06:00:00Z: 1,000,000 Requests");
  CHECK_HAS(said, "360 minutes changed");
  CHECK((tallies(by_clickhouse) == counted));
  CHECK(june(by_clickhouse)["monthly_uptime"] == verdict["monthly_uptime"]);

  // Again: nothing is other than before. Late rows are counted where they belong, and once.
  CHECK_HAS(by_clickhouse.done(kQuery), "0 minutes changed, 0 new records");
  clickhouse.ask("INSERT INTO two.requests FORMAT TabSeparated",
                 fmt::format("{}\t500\tlate\n", kBegin + 61));
  CHECK_HAS(by_clickhouse.done(kQuery), "1,000,001 Requests");
  const auto minute = core::minute_of(core::Instant(std::chrono::seconds(kBegin + 61)));
  CHECK(tallies(by_clickhouse).at({minute, "500"}) == 1);

  // Its failures can be shown, each by its own id.
  const auto ledger = recoup::ledger::open_ledger("sqlite:" + by_clickhouse.dir.file("recoup.db"),
                                                  recoup::ledger::Missing::refuse);
  REQUIRE(ledger);
  const auto check = (*ledger)->check_evidence("web");
  REQUIRE(check);
  CHECK(check->excess.empty());
  for (const auto& total : check->totals) {
    const std::string outcome = core::to_text(total.outcome);
    if (outcome == "500" || outcome == "503") CHECK(total.counted == total.recorded);
  }

  const LogDatabase postgres(servers.file("postgres"));
  postgres.ask("CREATE TABLE requests (ts timestamptz, code int, id text)");
  postgres.ask("CREATE TABLE raw (at bigint, code int, id text)");
  postgres.ask("COPY raw FROM STDIN", as_rows(lines) + "\\.\n");
  postgres.ask("INSERT INTO requests SELECT to_timestamp(at), code, id FROM raw");
  const Folder by_postgres(agreement(
      fmt::format("[[agreement.query]]\nid = \"lines\"\nengine = \"postgresql\"\n"
                  "connection = \"{} passfile={}\"\nquery = \"\"\"\n"
                  "SELECT date_trunc('minute', ts) AS minute, code AS outcome, count(*) AS count\n"
                  "FROM requests WHERE ts >= {{from}} AND ts < {{to}} GROUP BY 1, 2\n\"\"\"\n"
                  "evidence = \"SELECT ts AS time, code AS outcome, id AS request_id FROM requests "
                  "WHERE ts >= {{from}} AND ts < {{to}}\"\n",
                  postgres.connection(), postgres.passfile())));
  CHECK_HAS(by_postgres.done(kQuery), "1,000,000 Requests");
  CHECK((tallies(by_postgres) == counted));
  CHECK(june(by_postgres)["monthly_uptime"] == verdict["monthly_uptime"]);
  CHECK_HAS(by_postgres.done(kQuery), "0 minutes changed, 0 new records");
}

TEST_CASE("rows that are none of a query are listed, and what they may have been is bounded") {
  const TempDir servers;
  const ClickHouse clickhouse(servers.file("clickhouse"));
  const Asking folder(
      clickhouse,
      "query = \"SELECT 1780444800 AS minute, arrayJoin(['200', 'nonsense', 'missed/late']) AS "
      "outcome, 7 AS count WHERE {from} < {to} UNION ALL SELECT 1780444801 AS minute, '200' AS "
      "outcome, 1 AS count\"\n");
  const Finished done = folder.recoup(kQuery);
  CHECK(done.status == 1);
  CHECK_HAS(done.out,
            "21 Requests, 0 Errors; 1 minute changed, 0 new records of single requests, "
            "3 rows malformed");
  CHECK_HAS(done.out, "malformed: expected the begin of a minute, got 1780444801, 200, 1");
  CHECK_HAS(done.out,
            "malformed: expected an outcome like 200, 503/SlowDown or timeout, got nonsense");
  const nlohmann::json verdict = june(folder);
  CHECK(verdict["bounds"]["upper"] != verdict["bounds"]["lower"]);
}

TEST_CASE("while an engine is away its time is not seen, and is asked for when it is back") {
  const TempDir servers;
  ClickHouse clickhouse(servers.file("clickhouse"));
  fill(clickhouse, morning());
  const Asking folder(clickhouse, kTable);
  clickhouse.stop();
  const Finished away = folder.recoup({"query"});
  CHECK(away.status == 1);
  CHECK_HAS(away.err, "web/lines: error: ");
  CHECK_HAS(away.err, "onnect");
  CHECK_FALSE(has(away.err + away.out, "geheim"));
  CHECK_HAS(june(folder).dump(), "the query was not answered");

  clickhouse.start();
  CHECK_HAS(folder.done({"query"}), "30,000 Requests");
  CHECK_FALSE(has(june(folder).dump(), "the query was not answered"));

  // What the engine itself complains of is said, in its words.
  clickhouse.ask("DROP TABLE requests");
  CHECK_HAS(folder.recoup({"query"}).err, "requests doesn't exist");
}

TEST_CASE("a service shows that an engine is away, and goes on when it is back") {
  const TempDir servers;
  ClickHouse clickhouse(servers.file("clickhouse"));
  fill(clickhouse, morning());
  const int port = free_port();
  const Asking folder(clickhouse, std::string(kTable) + "every = \"1s\"\n");
  write_text(folder.dir.file("recoup.toml"),
             fmt::format("listen = \"127.0.0.1:{}\"\n{}", port,
                         read_text(folder.dir.file("recoup.toml"))));
  const Process service({recoup_binary(), "run", "--config", folder.dir.file("recoup.toml")},
                        folder.dir.path().string());
  const std::string metrics = fmt::format("http://127.0.0.1:{}/metrics", port);
  const auto says = [&](const std::string& words) {
    return eventually([&] { return has(http_get(metrics), words); });
  };
  CHECK(says("recoup_query_up{agreement=\"web\",query=\"lines\"} 1\n"));
  CHECK(says("recoup_log_records_total{agreement=\"web\",log=\"lines\",kind=\"counted\"} 30000\n"));
  clickhouse.stop();
  CHECK(says("recoup_query_up{agreement=\"web\",query=\"lines\"} 0\n"));
  const std::string page = fmt::format("http://127.0.0.1:{}/agreements/web", port);
  CHECK(eventually([&] { return has(http_get(page), "not answered since "); }));
  clickhouse.start();
  CHECK(says("recoup_query_up{agreement=\"web\",query=\"lines\"} 1\n"));
}

TEST_CASE("what Prometheus estimates is marked, and near to what was counted") {
  const std::vector<Line> lines = morning();
  const TempDir folder;
  // What its counters said each 15 seconds, which no minute begins with.
  std::map<int, std::uint64_t> counters{{200, 0}, {404, 0}, {500, 0}, {503, 0}};
  std::string text = "# TYPE http_requests counter\n";
  std::map<int, std::string> samples;
  std::size_t next = 0;
  for (std::int64_t at = kBegin - 53; at <= kBegin + kSeconds + 60; at += 15) {
    for (; next < lines.size() && lines[next].at < at; ++next) ++counters[lines[next].status];
    const bool is_down = at >= kBegin + 600 && at < kBegin + 900;
    for (const auto& [status, count] : counters) {
      if (!is_down) {
        samples[status] +=
            fmt::format("http_requests_total{{code=\"{}\"}} {} {}\n", status, count, at);
      }
    }
  }
  for (const auto& [status, of_one] : samples) text += of_one;
  write_text(folder.file("metrics.txt"), text + "# EOF\n");
  const Finished made = run({"promtool", "tsdb", "create-blocks-from", "openmetrics",
                             folder.file("metrics.txt"), folder.file("tsdb")},
                            folder.path().string());
  INFO(made.out << made.err);
  REQUIRE(made.status == 0);
  write_text(folder.file("prometheus.yml"), "global: {}\n");
  Certificates certificates;
  certificates.authority("ours");
  certificates.issue("server", "ours", "DNS:localhost, IP:127.0.0.1");
  certificates.issue("recoup", "ours", "DNS:recoup");
  write_text(folder.file("web.yml"),
             fmt::format("tls_server_config: {{cert_file: {}, key_file: {}, client_ca_file: {}, "
                         "client_auth_type: RequireAndVerifyClientCert}}\n",
                         certificates.pem_file("server"), certificates.key_file("server"),
                         certificates.pem_file("ours")));
  const int port = free_port();
  const Process prometheus(
      {"prometheus", "--config.file=" + folder.file("prometheus.yml"),
       "--web.config.file=" + folder.file("web.yml"), "--storage.tsdb.path=" + folder.file("tsdb"),
       "--storage.tsdb.retention.time=20y", fmt::format("--web.listen-address=127.0.0.1:{}", port)},
      folder.path().string());
  const std::string asking =
      agreement(fmt::format("[[agreement.query]]\nid = \"counters\"\nengine = \"prometheus\"\n"
                            "url = \"https://127.0.0.1:{}\"\ncounter = \"http_requests_total\"\n",
                            port));
  const std::string believing = fmt::format("ca_file = \"{}\"\n", certificates.pem_file("ours"));
  const std::string shown =
      fmt::format("client_cert = \"{}\"\nclient_key = \"{}\"\n", certificates.pem_file("recoup"),
                  certificates.key_file("recoup"));
  const Folder estimated(asking + believing + shown);
  Finished first{};
  REQUIRE(eventually([&] {
    first = estimated.recoup(kQuery);
    return first.status == 0;
  }));
  CHECK_HAS(Folder(asking + shown).recoup(kQuery).err, "certificate");
  CHECK(Folder(asking + believing).recoup(kQuery).status == 1);
  CHECK_HAS(first.out, ", estimated");
  const nlohmann::json judged = june(estimated);
  CHECK(judged["estimated"] == true);
  CHECK_HAS(estimated.done({"assess", "--month", "2026-06"}),
            "Estimated: what counters grew by between samples");
  // Five minutes without a sample are none without a loss.
  CHECK_HAS(judged.dump(), "the engine has no samples");

  std::map<std::string, std::uint64_t> told, counted;
  const auto is_measured = [](std::int64_t second) { return second < 600 || second >= 960; };
  for (const auto& [key, count] : tallies(estimated)) {
    const auto at = std::chrono::seconds(key.first.time_since_epoch()).count() - kBegin;
    if (is_measured(at)) told[key.second] += count;
  }
  for (const Line& one : lines) {
    if (is_measured((one.at - kBegin) / 60 * 60)) ++counted[std::to_string(one.status)];
  }
  for (const auto& [outcome, count] : counted) {
    const auto difference =
        std::abs(static_cast<double>(told[outcome]) - static_cast<double>(count));
    INFO(outcome << ": " << told[outcome] << " of " << count);
    CHECK(difference <= 0.1 * static_cast<double>(count) + 5);
  }
}

TEST_CASE("the ready query for ALB's table counts what the log itself has") {
  const TempDir servers;
  const ClickHouse clickhouse(servers.file("clickhouse"));
  // The columns that AWS's table has of those that are asked for, and of a connection that was
  // closed before there was a request.
  clickhouse.ask(
      "CREATE TABLE alb (type String, time String, elb String, elb_status_code Nullable(Int32), "
      "user_agent String, trace_id String) ENGINE = MergeTree PARTITION BY tuple() ORDER BY time");
  std::string log, rows;
  const auto lines = morning();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_closed = i % 211 == 0, is_own = i % 307 == 1;
    const std::string status = is_closed ? "-" : std::to_string(lines[i].status);
    const std::string agent = is_own ? "recoup/0.1" : "curl/7.88";
    const std::string time =
        fmt::format("{}.{:06}Z", text_of_second(lines[i].at), (i * 7919) % 1'000'000);
    log += fmt::format(
        "http {} app/web/50dc6c495c0c9188 192.0.2.1:2817 10.0.0.1:80 0.000 0.001 0.000 {} {} 34 "
        "366 \"{}\" \"{}\" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/w/7 "
        "\"Root=1-{}\" \"-\" \"-\" 0 {} \"forward\" \"-\" \"-\" \"10.0.0.1:80\" \"{}\" \"-\" "
        "\"-\"\n",
        time, status, status, is_closed ? "- - - " : "GET http://web.example:80/ HTTP/1.1", agent,
        lines[i].id, time, status);
    rows += fmt::format("http\t{}\tapp/web/50dc6c495c0c9188\t{}\t{}\tRoot=1-{}\n", time,
                        is_closed ? "\\N" : status, agent, lines[i].id);
  }
  clickhouse.ask("INSERT INTO alb FORMAT TabSeparated", rows);
  const Folder file;
  write_text(file.dir.file("alb.log"), log);
  file.done({"import", "--agreement", "web", "--format", "alb", "alb.log"});
  const Asking asked(clickhouse,
                     "table = \"alb\"\npreset = \"alb\"\n"
                     "time = \"parseDateTimeBestEffort(time)\"\nfilter = \"elb LIKE 'app/%'\"\n");
  const Finished done = asked.recoup(kQuery);
  CHECK(done.status == 1);  // for the connections without a status, which are listed
  CHECK_HAS(done.out, "143 rows malformed");
  REQUIRE(tallies(file).size() > 360);
  // A row has its time, a line that cannot be read that of the line before it.
  auto by_query = tallies(asked), by_file = tallies(file);
  const auto is_unread = [](const auto& one) { return one.first.second == "unread"; };
  CHECK(std::erase_if(by_query, is_unread) == std::erase_if(by_file, is_unread));
  INFO("asked but not read:\n" << differences(by_query, by_file));
  INFO("read but not asked:\n" << differences(by_file, by_query));
  CHECK((by_query == by_file));
}

TEST_CASE("the ready query for CloudTrail's table counts what the trail's own file has") {
  const TempDir servers;
  const ClickHouse clickhouse(servers.file("clickhouse"));
  clickhouse.ask(
      "CREATE TABLE trail (eventtime String, eventsource String, eventtype String, awsregion "
      "String, sourceipaddress String, useragent Nullable(String), errorcode Nullable(String), "
      "requestid String, eventid String, recipientaccountid String) "
      "ENGINE = MergeTree PARTITION BY tuple() ORDER BY eventtime");
  std::string file_records, rows;
  const auto add = [&](std::size_t i, const Line& line, const std::string& id) {
    const std::string error = line.status == 500   ? "KMSInternalException"
                              : line.status == 503 ? "DependencyTimeoutException"
                              : line.status == 404 ? "NotFoundException"
                                                   : "";
    const std::string source = i % 5 == 0 ? "s3.amazonaws.com" : "kms.amazonaws.com";
    const std::string region = i % 11 == 0 ? "eu-west-1" : "us-east-1";
    const std::string from = i % 3 == 0 ? "dynamodb.amazonaws.com" : "192.0.2.7";
    const std::string agent = i % 13 == 0 ? "[recoup/0.1]" : "aws-cli/2.9";
    const std::string time = text_of_second(line.at) + 'Z';
    file_records += fmt::format(
        "{}{{\"eventVersion\":\"1.09\",\"userIdentity\":{{\"accountId\":\"123456789012\"}},"
        "\"eventTime\":\"{}\",\"eventSource\":\"{}\",\"eventName\":\"Decrypt\",\"awsRegion\":\"{}"
        "\","
        "\"sourceIPAddress\":\"{}\",\"userAgent\":\"{}\",{}\"requestID\":\"{}\",\"eventID\":\"{}\","
        "\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"eventCategory\":\"Management\","
        "\"recipientAccountId\":\"123456789012\"}}",
        file_records.empty() ? "" : ",", time, source, region, from, agent,
        error.empty() ? "" : fmt::format("\"errorCode\":\"{}\",", error), line.id, id);
    rows += fmt::format("{}\t{}\tAwsApiCall\t{}\t{}\t{}\t{}\t{}\t{}\t123456789012\n", time, source,
                        region, from, agent, error.empty() ? "\\N" : error, line.id, id);
  };
  const auto lines = morning(10'000);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    add(i, lines[i], "e-" + lines[i].id);
    if (i % 17 == 0) add(i, lines[i], "e-" + lines[i].id);  // delivered twice
  }
  clickhouse.ask("INSERT INTO trail FORMAT TabSeparated", rows);
  const std::string kms =
      "[[agreement]]\nid = \"web\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
      "region = \"us-east-1\"\n";
  const Folder file(kms);
  write_text(file.dir.file("trail.json"), "{\"Records\":[" + file_records + "]}");
  file.done({"import", "--agreement", "web", "--format", "cloudtrail", "trail.json"});
  const Folder asked(
      kms +
      fmt::format("[[agreement.query]]\nid = \"lines\"\nengine = \"clickhouse\"\nurl = \"{}\"\n"
                  "table = \"trail\"\npreset = \"cloudtrail\"\n"
                  "time = \"parseDateTimeBestEffort(eventtime)\"\n",
                  clickhouse.url()));
  asked.done(kQuery);
  REQUIRE(tallies(file).size() > 360);
  INFO("asked but not read:\n" << differences(tallies(asked), tallies(file)));
  INFO("read but not asked:\n" << differences(tallies(file), tallies(asked)));
  CHECK((tallies(asked) == tallies(file)));
}

TEST_CASE("the present ClickHouse counts the same by the same queries") {
  const std::string checks = SOURCE_DIR "/tests/engines";
  if (!have_checks(checks)) return;
  const std::vector<Line> lines = morning();
  const TempDir dir;
  const ClickHouse server(dir.file("clickhouse"));
  fill(server, lines);
  std::string values, parts;  // DateTime64 takes a whole number for its smallest parts
  for (const Line& one : lines) {
    values +=
        fmt::format("{}({}, {}, '{}')", values.empty() ? "" : ",", one.at, one.status, one.id);
    parts +=
        fmt::format("{}({}.25, {}, '{}')", parts.empty() ? "" : ",", one.at, one.status, one.id);
  }
  const std::string table = "CREATE TABLE default.requests (ts ";
  const std::string engine = ", code UInt16, id String) ENGINE = MergeTree ORDER BY ts\n";
  write_text(dir.file("seconds"),
             table + "DateTime" + engine + "INSERT INTO default.requests VALUES " + values + '\n');
  write_text(dir.file("parts"), table + "DateTime64(3, 'Asia/Kolkata')" + engine +
                                    "INSERT INTO default.requests VALUES " + parts + '\n');
  const Asking folder(server, kTable);
  std::vector<std::string> show = kQuery;
  show.emplace_back("--show");
  const std::string query = folder.done(show);
  write_text(dir.file("query"), query);
  const auto rows = [](const std::string& text) {
    std::istringstream in(text);
    std::multiset<std::string> all;
    for (std::string line; std::getline(in, line);) all.insert(line);
    return all;
  };
  const auto old = rows(server.ask(query));
  REQUIRE(old.size() > 360);
  for (const char* kind : {"seconds", "parts"}) {
    const Finished done =
        run({"node", checks + "/ask.mjs", dir.file(kind), dir.file("query")}, dir.path().string());
    INFO(done.err);
    REQUIRE(done.status == 0);
    const bool same = rows(done.out.substr(0, done.out.find("--\n"))) == old;
    CHECK(same);
  }
}
