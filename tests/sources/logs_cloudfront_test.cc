// Standard logs of CloudFront.
#include "sources/log_reading.h"

using namespace recoup;
using core::to_text;
using test::LineByLine;

namespace {

const std::string kFields =
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status "
    "cs(Referer) cs(User-Agent) cs-uri-query x-edge-result-type x-edge-request-id time-taken";

std::string line(const std::string& time, const std::string& status,
                 const std::string& agent = "curl/8.0") {
  return "2026-10-03\t" + time + "\tFRA2\t182\t192.0.2.10\tGET\td1.cloudfront.net\t/a/b\t" +
         status + "\t-\t" + agent + "\tc=d\tError\tMRVMF7KydIvxMWfJIglgwHQwZsbG==\t0.251";
}

}  // namespace

TEST_CASE("a line of CloudFront is a request with the edge's own id") {
  LineByLine log("cloudfront");
  CHECK(log.verdict("#Version: 1.0") == "skip");
  CHECK(log.verdict(kFields) == "skip");
  CHECK(log.verdict(line("02:00:00", "503")) == "1790992800 503");
  CHECK(log.evidence().request_id == "MRVMF7KydIvxMWfJIglgwHQwZsbG==");
  CHECK(log.evidence().detail == "GET /a/b");
  CHECK(log.evidence().duration == core::Millis(251));
  CHECK(log.verdict(line("02:00:00", "503") + "\tand\tmore") == "1790992800 503");
}

TEST_CASE("a status of 000 is a request that CloudFront gave no answer to") {
  LineByLine log("cloudfront");
  log.verdict(kFields);
  CHECK(log.verdict(line("02:00:00", "000")) == "1790992800 other");
}

TEST_CASE("a distribution may log any of the fields, and name others later") {
  LineByLine log("cloudfront");
  log.verdict("#Fields: sc-status\ttimestamp(ms)\tx-unknown");
  CHECK(log.verdict("502\t1790992800250\t") == "1790992800 502");
  CHECK(to_text(log.evidence().at) == "2026-10-03T02:00:00.250Z");
  CHECK(log.evidence().detail.empty());
  log.verdict("#Fields: time sc-status timestamp");
  CHECK(log.verdict("02:00:00\t502\t1790992800") == "1790992800 502");
  log.verdict("#Fields: time date sc-status");
  CHECK(log.verdict("02:00:00\t2026-10-03\t502") == "1790992800 502");
  CHECK(log.verdict("02:00:00  2026-10-03 502") == "1790992800 502");
}

TEST_CASE("requests of our own probes are told from others by CloudFront's log") {
  LineByLine log("cloudfront");
  log.verdict(kFields);
  CHECK(log.verdict(line("02:00:00", "200", "recoup/0.1.0%20(+probe)")) == "own");
  CHECK(log.verdict(line("02:00:00", "200", "curl%20recoup/0.1.0")) == "1790992800 200");
}

TEST_CASE("what is no line of CloudFront says what was expected") {
  LineByLine log("cloudfront");
  const auto expected = [&](const std::string& text) {
    CHECK(log.verdict(text) == "malformed");
    return log.expected();
  };
  CHECK(expected(line("02:00:00", "200")) ==
        "expected a line before it that names the fields, #Fields: …");
  log.verdict("#Fields: date x-edge-location sc-status");
  const std::string missing =
      "expected date, time and sc-status among the fields that #Fields names";
  CHECK(expected("2026-10-03\tFRA2\t200") == missing);
  log.verdict("#Fields: date time x-cf-status");
  CHECK(expected("2026-10-03\t02:00:00\tOK") == missing);
  log.verdict(kFields);
  const std::string fields = "expected as many fields as #Fields names";
  CHECK(expected(line("02:00:00", "200").substr(0, 60)) == fields);
  CHECK(expected("x") == fields);
  CHECK(expected(std::string("\0\t\0", 3)) == fields);
  const std::string time = "expected a time that is in the calendar";
  for (const char* wrong : {"24:00:00", "2:00:00", "02:00", "02:00:00Z", "-", ""}) {
    CHECK(expected(line(wrong, "200")) == time);
  }
  CHECK(expected(line(std::string(100, '0'), "200")) == time);
  for (const char* wrong : {"-", "20", "2000", ""}) {
    CHECK(expected(line("02:00:00", wrong)) == "expected a status of three digits");
  }
}

TEST_CASE("headers of CloudFront's logs are neither requests nor malformed") {
  const std::string log = "#Version: 1.0\n" + kFields + "\n" + line("02:00:00", "503") + "\n";
  const auto content = test::read_text_log(log + log, "auto");
  CHECK(content.format == "cloudfront");
  CHECK(content.lines == 6);
  CHECK(content.requests == 2);
  CHECK(content.malformed == 0);
  CHECK(content.others == 0);
}
