// Answers that took longer than a contract allows, in logs that say how long each took.
#include "sources/log_reading.h"

using namespace recoup;
using recoup::test::histogram;
using recoup::test::read_text_log;
using Counts = std::map<std::string, std::uint64_t>;

namespace {

sources::FormatOptions after(std::vector<core::Millis> times) {
  sources::FormatOptions options;
  options.late_after = std::move(times);
  return options;
}

const sources::FormatOptions kAfter =
    after({core::Millis(100), core::Millis(1000), core::Millis(10'000)});

}  // namespace

TEST_CASE("an answer of a log is late by the longest time that it took longer than") {
  const auto alb = [](const char* seconds, int status) {
    return std::string("http 2026-10-03T02:00:00.1Z lb 192.0.2.9:2817 10.0.0.1:80 0.0 ") + seconds +
           " 0.0 " + std::to_string(status) + " " + std::to_string(status) +
           " 0 5 \"GET http://a:80/ HTTP/1.1\" \"curl\"\n";
  };
  const std::string log = alb("0.100", 200) + alb("0.101", 200) + alb("9.5", 503) + alb("-1", 503);
  CHECK(histogram(read_text_log(log, "alb", kAfter)) ==
        Counts{{"200", 1}, {"200!later-than-100ms", 1}, {"503!later-than-1s", 1}, {"503", 1}});
  // Nobody asks.
  CHECK(histogram(read_text_log(log, "alb")) == Counts{{"200", 2}, {"503", 2}});
}

TEST_CASE("lines of JSON are late where they say how long it took") {
  const std::string log =
      "{\"time\":\"2026-10-03T02:00:00Z\",\"status\":200,\"request_time\":\"0.250\"}\n"
      "{\"time\":\"2026-10-03T02:00:00Z\",\"status\":500,\"duration_ms\":2000}\n"
      "{\"time\":\"2026-10-03T02:00:00Z\",\"status\":200}\n";
  CHECK(histogram(read_text_log(log, "json", kAfter)) ==
        Counts{{"200!later-than-100ms", 1}, {"500!later-than-1s", 1}, {"200", 1}});
}

TEST_CASE("CloudFront's and S3's logs say how long it took, too") {
  const std::string edge =
      "#Fields: date time sc-status time-taken\n2026-10-03\t02:00:00\t200\t1.001\n"
      "2026-10-03\t02:00:00\t200\t1.000\n";
  CHECK(histogram(read_text_log(edge, "cloudfront", kAfter)) ==
        Counts{{"200!later-than-1s", 1}, {"200!later-than-100ms", 1}});
}

TEST_CASE("a log that does not say it has no late answers, and counts may have them") {
  const std::string web = "192.0.2.1 - - [03/Oct/2026:02:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n";
  CHECK(histogram(read_text_log(web, "combined", kAfter)) == Counts{{"200", 1}});
  const std::string counts = "minute,outcome,count\n2026-10-03T02:00:00Z,200!later-than-10s,7\n";
  CHECK(histogram(read_text_log(counts, "counts")) == Counts{{"200!later-than-10s", 7}});
}
