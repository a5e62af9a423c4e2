// What does it take to count Requests that stand in ClickHouse or PostgreSQL, beside reading their
// log?
//
//   bench_query [ROWS OF CLICKHOUSE]
//
// First the same million lines three ways, whose tallies must be the same; then as many rows as are
// asked for (10,000,000), spread over a month in a Distributed table of two local shards. Wall time
// of the whole command, the first time and when it asks again.
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "support/places.h"
#include "support/process.h"
#include "support/query_engines.h"
#include "support/temp_dir.h"

using namespace recoup::test;

namespace {

constexpr int kLines = 1'000'000;
// 2026-06-03T00:00:00Z, a line every 86.4 ms; one in a hundred fails in the hour from 06:00 on.
constexpr const char* kSeconds = "1780444800 + intDiv(number * 864, 10000)";
constexpr const char* kCodes =
    "if(intDiv(number * 864, 10000) >= 21600 AND intDiv(number * 864, 10000) < 25200 AND "
    "number % 100 = 0, 503, 200)";

struct Place {
  TempDir dir;

  explicit Place(const std::string& query) {
    write_text(dir.file("recoup.toml"),
               "[[agreement]]\nid = \"web\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
               "region = \"us-east-1\"\n" +
                   query);
  }

  // Runs the program; the seconds that it took.
  double recoup(std::vector<std::string> words, std::string* said = nullptr) const {
    words.insert(words.begin(), BINARY_DIR "/recoup");
    words.insert(words.end(), {"--config", dir.file("recoup.toml")});
    const auto begin = std::chrono::steady_clock::now();
    const Finished done = run(words, dir.path().string());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (done.status != 0) fmt::print(stderr, "{}{}", done.out, done.err);
    if (said != nullptr) *said = done.out;
    return took.count();
  }
};

std::string log_of_lines() {
  std::string log;
  for (std::int64_t i = 0; i < kLines; ++i) {
    const auto second = i * 864 / 10'000;
    const bool fails = second >= 21'600 && second < 25'200 && i % 100 == 0;
    log += fmt::format(
        "192.0.2.1 - - [03/Jun/2026:{:02}:{:02}:{:02} +0000] \"GET /{} HTTP/1.1\" {} 9\n",
        second / 3600, second / 60 % 60, second % 60, i, fails ? 503 : 200);
  }
  return log;
}

std::string uptime(const Place& place) {
  std::string said;
  place.recoup({"assess", "--month", "2026-06", "--json"}, &said);
  const auto at = said.find("\"uptime\"");
  return at == std::string::npos ? "none" : said.substr(at, said.find('}', at) - at);
}

void make_tables(const ClickHouse& server, const std::string& name) {
  for (const char* shard : {"one", "two"}) {
    server.ask(
        fmt::format("CREATE TABLE {}.{} (ts DateTime, code UInt16) ENGINE = MergeTree "
                    "PARTITION BY toYYYYMM(ts) ORDER BY ts",
                    shard, name));
  }
  server.ask(
      fmt::format("CREATE TABLE {0} (ts DateTime, code UInt16) ENGINE = Distributed(two, "
                  "'', {0}, rand())",
                  name));
}

std::string clickhouse_query(const ClickHouse& server, const std::string& table) {
  return fmt::format(
      "[[agreement.query]]\nid = \"lines\"\nengine = \"clickhouse\"\nurl = \"{}\"\n"
      "table = \"{}\"\ntime = \"ts\"\nstatus = \"code\"\ntimeout = \"10m\"\n",
      server.url(), table);
}

const std::vector<std::string> kDay{"query", "--from", "2026-06-03T00:00:00Z", "--to",
                                    "2026-06-04T00:00:00Z"};
const std::vector<std::string> kMonth{"query", "--from", "2026-06-01T00:00:00Z", "--to",
                                      "2026-07-01T00:00:00Z"};

void same_lines(const ClickHouse& clickhouse, const TempDir& servers) {
  const Place file("");
  write_text(file.dir.file("access.log"), log_of_lines());
  const double reading = file.recoup(
      {"import", "--agreement", "web", "--format", "combined", file.dir.file("access.log")});
  make_tables(clickhouse, "lines");
  for (int shard = 0; shard < 2; ++shard) {
    clickhouse.ask(
        fmt::format("INSERT INTO {}.lines SELECT toDateTime({}), {} FROM numbers({}) "
                    "WHERE number % 2 = {}",
                    shard == 0 ? "one" : "two", kSeconds, kCodes, kLines, shard));
  }
  const Place by_clickhouse(clickhouse_query(clickhouse, "lines"));
  const double house = by_clickhouse.recoup(kDay);

  const LogDatabase postgres(servers.file("postgres"));
  postgres.ask(
      fmt::format("CREATE TABLE lines AS SELECT to_timestamp(1780444800 + n * 864 / 10000) AS ts, "
                  "CASE WHEN n * 864 / 10000 >= 21600 AND n * 864 / 10000 < 25200 AND n % 100 = 0 "
                  "THEN 503 ELSE 200 END AS code FROM generate_series(0::bigint, {}) AS n",
                  kLines - 1));
  const Place by_postgres(fmt::format(
      "[[agreement.query]]\nid = \"lines\"\nengine = \"postgresql\"\n"
      "connection = \"{} passfile={}\"\ntable = \"lines\"\ntime = \"ts\"\nstatus = \"code\"\n",
      postgres.connection(), postgres.passfile()));
  const double post = by_postgres.recoup(kDay);
  const std::string right = uptime(file);
  fmt::print("{} lines of one day\n", kLines);
  fmt::print("  from their log      {:6.2f} s\n", reading);
  fmt::print("  by ClickHouse       {:6.2f} s, {}\n", house,
             uptime(by_clickhouse) == right ? "the same" : "OTHERS");
  fmt::print("  by PostgreSQL       {:6.2f} s, {}\n", post,
             uptime(by_postgres) == right ? "the same" : "OTHERS");
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t rows = argc > 1 ? std::stoull(argv[1]) : 10'000'000;
  const TempDir servers;
  const ClickHouse clickhouse(servers.file("clickhouse"));
  same_lines(clickhouse, servers);

  make_tables(clickhouse, "month");
  for (int shard = 0; shard < 2; ++shard) {
    clickhouse.ask(fmt::format(
        "INSERT INTO {}.month SELECT toDateTime(1780272000 + intDiv(number * 2592000, {})), "
        "if(number % 1000 = 7, 503, 200) FROM numbers({}) WHERE number % 2 = {}",
        shard == 0 ? "one" : "two", rows, rows, shard));
  }
  const Place month(clickhouse_query(clickhouse, "month"));
  const double first = month.recoup(kMonth);
  const double again = month.recoup(kMonth);
  const double assess = month.recoup({"assess", "--month", "2026-06"});
  fmt::print("{} rows of one month in ClickHouse\n", rows);
  fmt::print("  asked and written   {:6.2f} s\n  asked again         {:6.2f} s\n", first, again);
  fmt::print("  assessed            {:6.2f} s\n", assess);
  return 0;
}
