// Which format a log is read as where nobody says it, and what may be said of a format.
#include "sources/log_reading.h"

using namespace recoup;
using sources::FormatOptions;
using test::read_text_log;
using test::TempDir;

namespace {

const std::string kCombined =
    "192.0.2.1 - - [03/Oct/2026:02:00:00 +0000] \"GET / HTTP/1.1\" 503 12 \"-\" \"curl/8\"";
const std::string kElb =
    "2026-10-03T02:00:00.945958Z lb 192.0.2.9:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 "
    "0 29 \"GET http://www.example.com:80/ HTTP/1.1\" \"curl/7.38.0\" - -";

core::Error refused(const std::string& text, const std::string& format,
                    const FormatOptions& options = {}) {
  const TempDir dir;
  sources::LogReading reading{format};
  reading.options = options;
  const auto content = sources::read_log(dir.write("log", text), reading);
  REQUIRE_FALSE(content.ok());
  return content.error();
}

}  // namespace

TEST_CASE("a log tells its format by its first lines") {
  const auto combined = read_text_log("\xef\xbb\xbf\n" + kCombined + "\r\n\n" + kCombined, "auto");
  CHECK(combined.format == "combined");
  CHECK(combined.requests == 2);
  CHECK(combined.lines == 4);
  const auto elb = read_text_log("# classic\n" + kElb + "\n", "auto");
  CHECK(elb.format == "elb");
  CHECK(elb.requests == 1);
  CHECK(elb.malformed == 1);
  CHECK(read_text_log("minute,outcome,count\n2026-10-03T02:00Z,200,7\n", "auto").format ==
        "counts");
  CHECK(read_text_log(kCombined, "combined").format == "combined");
}

TEST_CASE("the format that most of the first lines fit is the log's") {
  CHECK(read_text_log(kElb + "\n" + kCombined + "\n" + kCombined + "\n", "auto").format ==
        "combined");
  CHECK(read_text_log(kElb + "\n" + kElb + "\n" + kCombined + "\n", "auto").format == "elb");
}

TEST_CASE("a log without a line tells no format, and is read") {
  CHECK(read_text_log("", "auto").lines == 0);
  CHECK(read_text_log("\n\r\n \n", "auto").empty == 3);
}

TEST_CASE("a log of many parts is read as a whole once its format is told") {
  std::string log;
  while (log.size() < 1'000'000) log += kCombined + "\n";
  const auto content = read_text_log(log, "auto");
  CHECK(content.requests == log.size() / (kCombined.size() + 1));
  CHECK(content.bytes == log.size());
  const auto late = read_text_log(std::string(100'000, 'x') + "\n" + kCombined, "auto");
  CHECK(late.format == "combined");
  CHECK(late.malformed == 1);
}

TEST_CASE("a log whose first lines are of no format is refused, with what it looks like") {
  const core::Error nothing = refused("Oct  3 host sshd[1]: hello password=hunter2\n", "auto");
  CHECK(nothing.message == "expected a log in one of the formats " + sources::format_names() +
                               ", got lines of none: Oct  3 host sshd[1]: hello password=****");
  CHECK(nothing.help == "name its format with --format; see `recoup import --help`");
  CHECK(nothing.where.ends_with("/log"));
  CHECK(refused("{\"Records\":[{\"eventVersion\":\"1.08\"}]}", "auto").help ==
        "it looks like a CloudTrail log file: import it with --format cloudtrail");
}

TEST_CASE("options that a format does not have are refused") {
  FormatOptions numbered;
  numbered.request_id = 10;
  CHECK(refused(kElb, "elb", numbered).message ==
        "expected no number of the request id's field for the format elb, got one");
  CHECK(refused(kElb, "elb", numbered).help == "it is of the format combined");
  CHECK(refused(kElb, "auto", numbered).where.ends_with("/log"));
  FormatOptions named;
  REQUIRE(sources::add_field(named, "time=ts").ok());
  CHECK(refused(kCombined, "combined", named).message ==
        "expected no key of a field for the format combined, got one");
  CHECK(refused(kCombined, "combined", named).help == "it is of the format json");
  FormatOptions zoned;
  REQUIRE(sources::set_time_zone(zoned, "Europe/Zurich").ok());
  CHECK(refused(kCombined, "combined", zoned).message ==
        "expected no time zone for the format combined, got one");
  CHECK(refused(kCombined, "weblog").message == "expected a log format, got 'weblog'");
}

TEST_CASE("a field is named with its key, once") {
  FormatOptions options;
  CHECK(sources::add_field(options, "status=response.code").ok());
  CHECK(options.fields == std::map<std::string, std::string>{{"status", "response.code"}});
  CHECK(sources::add_field(options, "time=a=b").ok());
  CHECK(options.fields["time"] == "a=b");
  const auto error = [&](const std::string& text) {
    const auto added = sources::add_field(options, text);
    REQUIRE_FALSE(added.ok());
    return added.error();
  };
  CHECK(error("when=ts").message == "expected a field and its key like time=ts, got 'when=ts'");
  CHECK(error("when=ts").help ==
        "the fields are time, status, request, method, path, request_id, duration, peer, agent, "
        "error");
  CHECK(error("ts").message == "expected a field and its key like time=ts, got 'ts'");
  for (const char* wrong : {"", ".a", "a.", "a..b"}) {
    CHECK(error("path=" + std::string(wrong)).message ==
          "expected a key behind path=, got '" + std::string(wrong) + "'");
  }
  CHECK(error("status=code").message == "expected the field status once, got it twice");
  CHECK_FALSE(sources::set_time_zone(options, "Mars/Olympus").ok());
}
