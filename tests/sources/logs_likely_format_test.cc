// What is said of lines that are malformed, and of files that hold nothing of the format.
#include "sources/logs/likely_format.h"
#include "sources/logs/read_log.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace recoup::sources;
using recoup::test::TempDir;

namespace {

LogContent read(const std::string& text, const std::string& format = "combined") {
  const TempDir dir;
  auto content = read_log(dir.write("log", text), {format});
  REQUIRE(content.ok());
  return *std::move(content);
}

constexpr char kOwner[] = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

}  // namespace

TEST_CASE("a log in another format is told by its first lines") {
  struct Row {
    std::string line;
    std::string name;
    std::string format = {};
  };
  const std::vector<Row> table{
      {"192.0.2.1 - - [03/Oct/2026:02:00:00 +0000] \"GET / HTTP/1.1\" 200 12",
       "an access log of a web server", "combined"},
      {"minute,outcome,count", "counts, CSV minute,outcome,count", "counts"},
      {"2026-10-03T02:00Z,200,7", "counts, CSV minute,outcome,count", "counts"},
      {"https 2026-10-03T02:00:00.186641Z app/my-lb/50dc6c495c0c9188 192.168.131.39:2817 "
       "10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 \"GET https://www.example.com:443/ HTTP/1.1\"",
       "an access log of an Application Load Balancer", "alb"},
      {"2026-10-03T02:00:00.945958Z my-lb 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 "
       "0.000057 200 200 0 29 \"GET http://www.example.com:80/ HTTP/1.1\" \"curl/7.38.0\" - -",
       "an access log of a Classic Load Balancer", "elb"},
      {"#Version: 1.0", ""},
      {"#Fields: date time x-edge-location sc-bytes c-ip cs-method sc-status",
       "a CloudFront standard log", "cloudfront"},
      {"#Fields: timestamp(ms) sc-status", "a CloudFront standard log", "cloudfront"},
      {"#Fields: date time s-ip cs-method cs-uri-stem s-port c-ip sc-status sc-substatus", ""},
      {"#Fields: date time x-edge-location", ""},
      {std::string(kOwner) +
           " bucket [03/Oct/2026:02:00:00 +0000] 192.0.2.3 - 3E57427F3EXAMPLE REST.GET.VERSIONING "
           "- \"GET /bucket?versioning HTTP/1.1\" 200 - 113 - 7 -",
       "an S3 server access log", "s3"},
      {"{\"Records\":[{\"eventVersion\":\"1.08\"}]}", "a CloudTrail log file", "cloudtrail"},
      {"{\"level\":\"info\",\"status\":200}", "JSON lines of requests", "json"},
      {"{\"eventTime\":\"2026-10-03T02:00:00Z\",\"eventVersion\":\"1.11\"}",
       "a CloudTrail log file", "cloudtrail"},
      {"{\"level\":\"info\"}", "JSON lines", "json"},
      {"Oct  3 02:00:00 host sshd[1]: hello", ""},
      {"", ""},
  };
  for (const Row& row : table) {
    INFO(row.line);
    CHECK(likely_format({row.line}) == LikelyFormat{row.name, row.format});
  }
}

TEST_CASE("a file without a record says what it looks like, one with records does not") {
  const std::string counts = "minute,outcome,count\n2026-10-03T02:00Z,200,7\n";
  CHECK(read(counts).looks_like.format == "counts");
  CHECK(read(counts).malformed == 2);
  CHECK(read(counts, "counts").looks_like.name.empty());
  CHECK(read("").looks_like.name.empty());
}

TEST_CASE("each malformed line says what was expected") {
  const auto expected = [](const std::string& line, const std::string& format = "combined") {
    const auto content = read(line + "\n", format);
    REQUIRE(content.examples.size() == 1);
    CHECK(content.examples[0].number == 1);
    return std::string(content.examples[0].expected);
  };
  const std::string time = "[03/Oct/2026:02:00:00 +0000]";
  CHECK(expected("a - - 200") == "expected a time like " + time);
  CHECK(expected("a - " + time + " \"-\" 200 1") ==
        "expected host, ident and user before the time");
  CHECK(expected("a - - [31/Feb/2026:02:00:00 +0000] \"-\" 200 1") ==
        "expected a time that is in the calendar");
  CHECK(expected("a - - " + time + " 200 1") == "expected the request in quotes behind the time");
  CHECK(expected("a - - " + time + " \"GET /\" 20 1") ==
        "expected the request in quotes, a status of three digits and a size");
  CHECK(expected("a;b", "counts") == "expected minute,outcome,count");
  CHECK(expected("2026-10-03T02:00:01Z,200,1", "counts") ==
        "expected a whole minute like 2026-10-03T02:00Z");
  CHECK(expected("2026-10-03T02:00Z,great,1", "counts") ==
        "expected an outcome like 503 or timeout");
  CHECK(expected("2026-10-03T02:00Z,200,9007199254740992", "counts") ==
        "expected a count, a whole number less than 9007199254740992");
}

TEST_CASE("lines that only carriage returns end are no request, and said to be so") {
  std::string log;
  for (int i = 0; i < 1000; ++i) {
    log += "192.0.2.1 - - [03/Oct/2026:02:00:00 +0000] \"GET / HTTP/1.1\" 200 12\r";
  }
  const auto content = read(log);
  CHECK(content.requests == 0);
  CHECK(content.malformed == 1);
  REQUIRE(content.examples.size() == 1);
  CHECK(content.examples[0].expected ==
        "expected a line that ends with a newline, got carriage returns inside it");
}

TEST_CASE("a byte order mark is no part of the first line") {
  CHECK(read("\xef\xbb\xbfminute,outcome,count\n2026-10-03T02:00Z,200,7\n", "counts").malformed ==
        0);
}

TEST_CASE("counts that add up to more than a ledger holds are refused with their line") {
  const TempDir dir;
  std::string counts;
  for (int i = 0; i < 1024; ++i) counts += "2026-10-03T02:00Z,503,9007199254740991\n";
  const auto most = read(counts + "2026-10-03T02:01Z,503,1023\n", "counts");
  CHECK(most.requests == std::uint64_t{9223372036854775807});
  const std::string path = dir.write("log", counts + "2026-10-03T02:01Z,503,1024\n");
  const auto refused = read_log(path, {"counts"});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "expected counts that add up to at most 9223372036854775807, got more with this line");
  CHECK(refused.error().where == path + ":1025");
}
