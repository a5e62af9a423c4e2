// The logs of load balancers of AWS, Application (alb) and Classic (elb) ones.
#include "sources/log_reading.h"

using namespace recoup;
using core::to_text;
using test::LineByLine;

namespace {

const std::string kUpToStatus =
    "https 2026-10-03T02:00:00.186641Z app/lb/50dc6c495c0c9188 192.0.2.9:2817 10.0.0.1:80 0.086 "
    "0.048 0.037 ";
const std::string kRequest = "503 200 0 57 \"GET https://www.example.com:443/a/b?c=d HTTP/1.1\"";
const std::string kAgent = " \"curl/8.0 \\\"x\\\"\"";
const std::string kTrace =
    " ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:1:targetgroup/t/7 "
    "\"Root=1-58337262-36d228ad5d99923122bbe354\"";
const std::string kAlb = kUpToStatus + kRequest + kAgent + kTrace;

// Without the type, and with what an Application Load Balancer does not write.
std::string classic(const std::string& status, const std::string& request) {
  return "2026-10-03T02:00:00.945958Z lb 192.0.2.9:2817 10.0.0.1:80 0.000073 0.001048 0.000057 " +
         status + " 0 29 \"" + request + "\" \"curl/7.38.0\" - -";
}

}  // namespace

TEST_CASE("a line of an Application Load Balancer is a request with its evidence") {
  LineByLine alb("alb");
  CHECK(alb.verdict(kAlb) == "1790992800 503");
  const record::Evidence& evidence = alb.evidence();
  CHECK(to_text(evidence.at) == "2026-10-03T02:00:00.186Z");
  CHECK(evidence.detail == "GET /a/b");
  CHECK(evidence.request_id == "Root=1-58337262-36d228ad5d99923122bbe354");
  CHECK(evidence.peer == "10.0.0.1:80");
  CHECK(evidence.duration == core::Millis(171));
}

TEST_CASE("lines of an Application Load Balancer may be longer, shorter and of any type") {
  LineByLine alb("alb");
  for (const char* type : {"http", "h2", "grpcs", "ws", "wss", "h3"}) {
    CHECK(alb.verdict(type + kAlb.substr(5)) == "1790992800 503");
  }
  CHECK(alb.verdict(kAlb + " \"-\" \"-\" 0 2026-10-03T02:00:00.1Z \"forward\" \"-\" \"-\" \"-\" "
                           "\"-\" \"-\" \"-\" TID_1 \"-\" \"-\" \"-\" more to come") ==
        "1790992800 503");
  CHECK(alb.evidence().request_id == "Root=1-58337262-36d228ad5d99923122bbe354");
  CHECK(alb.verdict(kUpToStatus + kRequest) == "1790992800 503");
  CHECK(alb.evidence().request_id.empty());
  CHECK(alb.verdict(kUpToStatus + kRequest + kAgent + " - - - \"-\"") == "1790992800 503");
  CHECK(alb.evidence().request_id.empty());
  CHECK(alb.verdict(kUpToStatus + "460 - 0 0 \"- http://lb:80- -\" \"-\"") == "1790992800 460");
  CHECK(alb.evidence().detail == "- /");
}

TEST_CASE("a request that reached no target has neither peer nor negative duration") {
  LineByLine alb("alb");
  CHECK(alb.verdict("h2 2026-10-03T02:00:00.186641Z app/lb/5 192.0.2.9:2817 - -1 -1 -1 503 - 0 57 "
                    "\"POST https://www.example.com:443/ HTTP/2.0\" \"-\"") == "1790992800 503");
  CHECK(alb.evidence().peer.empty());
  CHECK(alb.evidence().duration == core::Millis(0));
}

TEST_CASE("requests of our own probes are told from others by the load balancers' logs") {
  LineByLine alb("alb");
  CHECK(alb.verdict(kUpToStatus + kRequest + " \"recoup/0.1.0 (+probe)\"" + kTrace) == "own");
  CHECK(alb.verdict(kUpToStatus + kRequest + " \"curl recoup/0.1.0\"" + kTrace) ==
        "1790992800 503");
  LineByLine elb("elb");
  std::string own = classic("200 200", "GET http://h:80/ HTTP/1.1");
  own.replace(own.find("curl/7"), 6, "recoup/7");
  CHECK(elb.verdict(own) == "own");
}

TEST_CASE("what is no line of an Application Load Balancer says what was expected") {
  LineByLine alb("alb");
  const auto expected = [&](const std::string& line) {
    CHECK(alb.verdict(line) == "malformed");
    return alb.expected();
  };
  const std::string fields =
      "expected the fields of a load balancer's log up to the bytes that were sent";
  const std::string time = "expected a time like 2026-10-03T02:00:00.186641Z";
  const std::string status = "expected the load balancer's own status, three digits";
  CHECK(expected("x") == fields);
  CHECK(expected(kUpToStatus + "503 200 0") == fields);
  CHECK(expected(kUpToStatus.substr(0, 50)) == fields);
  CHECK(expected(kAlb.substr(6)) == time);
  for (const char* wrong : {"2026-02-30T02:00:00Z", "2026-10-03T02:00:00", "2026-10-03T24:00:00Z",
                            "2026-10-03T02:00:00.Z", "2026-10-03T02:00Z", "yesterday"}) {
    CHECK(expected("https " + std::string(wrong) + kAlb.substr(33)) == time);
  }
  for (const char* wrong : {"- ", "50 ", "5030 ", "5o3 "}) {
    CHECK(expected(kUpToStatus + wrong + kRequest.substr(4)) == status);
  }
}

TEST_CASE("a line of a Classic Load Balancer has the load balancer's own status") {
  LineByLine elb("elb");
  CHECK(elb.verdict(classic("503 200", "GET http://h:80/a?b HTTP/1.1")) == "1790992800 503");
  CHECK(elb.evidence().detail == "GET /a");
  CHECK(elb.evidence().peer == "10.0.0.1:80");
  CHECK(elb.evidence().request_id.empty());
  CHECK(elb.evidence().duration == core::Millis(1));
  CHECK(elb.verdict(classic("504 -", "GET http://h:80/ HTTP/1.1")) == "1790992800 504");
}

TEST_CASE(
    "connections of a Classic Load Balancer's TCP listener are no requests, and not malformed") {
  const std::string log = classic("200 200", "GET http://h:80/ HTTP/1.1") + "\n" +
                          classic("- -", "- - - ") + "\n" + classic("- -", "- - -") + "\n";
  const auto content = test::read_text_log(log, "elb");
  CHECK(content.requests == 1);
  CHECK(content.others == 2);
  CHECK(content.malformed == 0);
  CHECK(content.lines == 3);
}

TEST_CASE("a request without the Classic Load Balancer's status is malformed") {
  LineByLine elb("elb");
  CHECK(elb.verdict(classic("- 200", "GET http://h:80/ HTTP/1.1")) == "malformed");
  CHECK(elb.expected() == "expected the load balancer's own status, three digits");
  CHECK(elb.verdict("# a comment of twelve words, which is what it has, to the last") ==
        "malformed");
  CHECK(elb.expected() == "expected a time like 2026-10-03T02:00:00.186641Z");
}

TEST_CASE("bytes that are no text break no load balancer's log") {
  for (const char* format : {"alb", "elb"}) {
    LineByLine lines(format);
    CHECK(lines.verdict(std::string(20, '\0')) == "malformed");
    CHECK(lines.verdict("\xff\xfe " + kAlb) == "malformed");
    CHECK(lines.verdict(std::string(5000, '"')) == "malformed");
  }
  LineByLine alb("alb");
  std::string zeros = kAlb;
  zeros[zeros.find("curl")] = '\0';
  zeros[zeros.find("a/b")] = '\xff';
  CHECK(alb.verdict(zeros) == "1790992800 503");
  CHECK(alb.evidence().detail == "GET /\\xff/b");
}
