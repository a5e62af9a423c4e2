// Server access logs of S3.
#include "sources/log_reading.h"

using namespace recoup;
using test::LineByLine;

namespace {

const std::string kOwner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
const std::string kUpToRequest = kOwner + " bucket [03/Oct/2026:02:00:00 +0000] 192.0.2.3 " +
                                 kOwner + " 3E57427F3EXAMPLE REST.GET.OBJECT a/b ";
const std::string kRequest = "\"GET /bucket/a/b?versionId=1 HTTP/1.1\" 503 SlowDown 113 2048 70 10";
const std::string kAgent = " \"-\" \"S3Console/0.4, aws-sdk\"";
const std::string kEnd =
    " - s9lzHYrFp76ZVxRc= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader "
    "bucket.s3.us-west-1.amazonaws.com TLSv1.2 arn:aws:s3:us-west-1:1:accesspoint/x Yes us-east-1";

}  // namespace

TEST_CASE("a line of a bucket's log is a request with S3's own id and name of the error") {
  LineByLine s3("s3");
  CHECK(s3.verdict(kUpToRequest + kRequest + kAgent + kEnd) == "1790992800 503/SlowDown");
  CHECK(s3.evidence().request_id == "3E57427F3EXAMPLE");
  CHECK(s3.evidence().detail == "GET /bucket/a/b");
  CHECK(s3.evidence().duration == core::Millis(70));
  CHECK(s3.evidence().peer.empty());
}

TEST_CASE("trailing fields of a bucket's log may be absent") {
  LineByLine s3("s3");
  for (const std::string& end : {kAgent + " -", kAgent, std::string(" \"-\""), std::string()}) {
    CHECK(s3.verdict(kUpToRequest + kRequest + end) == "1790992800 503/SlowDown");
  }
  CHECK(s3.verdict(kUpToRequest + "\"GET / HTTP/1.1\" 200 -") == "1790992800 200");
  CHECK(s3.evidence().duration == core::Millis(0));
  CHECK(s3.verdict(kUpToRequest + "\"GET / HTTP/1.1\" 200 ") == "1790992800 200");
}

TEST_CASE("quotes inside the URI of a bucket's log end no request") {
  LineByLine s3("s3");
  CHECK(s3.verdict(kUpToRequest + "\"GET /bucket/a\"b\"c HTTP/1.1\" 404 NoSuchKey 1 - 7 -" +
                   kAgent) == "1790992800 404/NoSuchKey");
  CHECK(s3.evidence().detail == "GET /bucket/a\"b\"c");
  CHECK(s3.verdict(kUpToRequest + "\"GET /a\" 20 HTTP/1.1\" 200 - 1 - 7 -") == "1790992800 200");
  CHECK(s3.verdict(kUpToRequest + "\"GET /a\\\" HTTP/1.1\" 500 InternalError 1 - 7 -") ==
        "1790992800 500/InternalError");
}

TEST_CASE("a request whose URI S3 does not know is a request all the same") {
  LineByLine s3("s3");
  CHECK(s3.verdict(kUpToRequest + "- 400 BadRequest 1 - 7 -") == "1790992800 400/BadRequest");
  CHECK(s3.evidence().detail.empty());
}

TEST_CASE("what S3 does by itself, and the objects of a request for many, are no requests") {
  const auto of = [](const std::string& operation, const std::string& rest) {
    return kOwner + " bucket [03/Oct/2026:02:00:00 +0000] - AmazonS3 3E57 " + operation + " a/b " +
           rest + "\n";
  };
  const auto content = test::read_text_log(
      of("S3.EXPIRE.OBJECT", "- - - - 2048 - -") + of("BATCH.DELETE.OBJECT", "- 204 - - 2048 - -") +
          of("REST.POST.MULTI_OBJECT_DELETE", "\"POST /?delete HTTP/1.1\" 200 -"),
      "s3");
  CHECK(content.requests == 1);
  CHECK(content.others == 2);
  CHECK(content.malformed == 0);
}

TEST_CASE("requests of our own probes are told from others by a bucket's log") {
  LineByLine s3("s3");
  CHECK(s3.verdict(kUpToRequest + kRequest + " \"-\" \"recoup/0.1.0\"" + kEnd) == "own");
  CHECK(s3.verdict(kUpToRequest + kRequest + " \"recoup/0.1.0\" \"-\"" + kEnd) ==
        "1790992800 503/SlowDown");
}

TEST_CASE("what is no line of a bucket's log says what was expected") {
  LineByLine s3("s3");
  const auto expected = [&](const std::string& line) {
    CHECK(s3.verdict(line) == "malformed");
    return s3.expected();
  };
  const std::string time = "expected a time like [03/Oct/2026:02:00:00 +0000]";
  const std::string before = "expected the bucket's owner and the bucket before the time";
  const std::string words =
      "expected address, requester, request id, operation and key behind the time";
  const std::string request = "expected the request in quotes and a status of three digits";
  CHECK(expected("x") == time);
  CHECK(expected(std::string(30, '\0')) == time);
  CHECK(expected(kOwner + " [03/Oct/2026:02:00:00 +0000] a") == before);
  CHECK(expected("a " + kUpToRequest + kRequest) == before);
  CHECK(expected("a b [31/Feb/2026:02:00:00 +0000] a b c d e " + kRequest) ==
        "expected a time that is in the calendar");
  CHECK(expected("a b [03/Oct/2026:02:00:00 +0000] a b c d") == words);
  CHECK(expected("a b [03/Oct/2026:02:00:00 +0000] a b c d  e " + kRequest) == words);
  CHECK(expected("a b [03/Oct/2026:02:00:00 +0000]a b c d e " + kRequest) == words);
  CHECK(expected(kUpToRequest + "\"GET / HTTP/1.1\"") == request);
  CHECK(expected(kUpToRequest + "\"GET / HTTP/1.1\" 200") == request);
  CHECK(expected(kUpToRequest + "\"GET / HTTP/1.1\" 20 -") == request);
  CHECK(expected(kUpToRequest + "\"GET / HTTP/1.1\" - - 1 -") == request);
  CHECK(expected(kUpToRequest + "GET 200 - 1 -") == request);
  CHECK(expected(kUpToRequest + "\"GET / 200 -") == request);
}

TEST_CASE("a log that makes up names of errors fills no table") {
  std::string log;
  for (int i = 0; i < 1000; ++i) {
    log += kUpToRequest + "\"GET / HTTP/1.1\" 500 Error" + std::to_string(i) + " 1 - 7 -\n";
  }
  const auto content = test::read_text_log(log, "s3");
  CHECK(content.requests == 1000);
  const auto counts = test::histogram(content);
  CHECK(counts.size() == 257);
  CHECK(counts.at("500") == 744);
  CHECK(counts.at("500/Error7") == 1);
}
