// What AWS SDKs reported, written down one datagram a line.
#include "sources/logs/formats/csm.h"

#include "sources/log_reading.h"
#include "support/sdk_datagrams.h"

using namespace recoup;
using test::sdk_attempt;
using test::sdk_call;

namespace {

sources::FormatOptions only(const std::string& service, const std::string& region,
                            const std::vector<std::string>& clients = {}) {
  sources::FormatOptions options;
  options.subjects.push_back({{service}, region, clients});
  return options;
}

sources::LogContent read(const std::string& text, const std::string& format = "csm",
                         const sources::FormatOptions& options = {}) {
  return test::read_text_log(text, format, options);
}

using Histogram = std::map<std::string, std::uint64_t>;

}  // namespace

TEST_CASE("attempts are requests, calls are none, and the format is told by the first lines") {
  const std::string log =
      sdk_attempt("2026-10-03T12:00:00Z", 503,
                  R"(,"AwsException":"KMSInternalException","XAmznRequestId":"id-1",)"
                  R"("AttemptLatency":12)") +
      "\n" + sdk_attempt("2026-10-03T12:00:01Z", 200) + "\n" +
      sdk_attempt("2026-10-03T12:01:00Z", 0, R"(,"SdkException":"ReadTimeoutError")") + "\n" +
      sdk_call("2026-10-03T12:00:00Z", 3) + "\n\n{\"Type\":\"ApiCallSomething\"}\n";
  const auto content = read(log, "auto");
  CHECK(content.format == "csm");
  CHECK(
      test::histogram(content) ==
      Histogram{
          {"200", 1}, {"503/KMSInternalException", 1}, {"timeout", 1}, {"skip", 2}, {"blank", 1}});
  REQUIRE(content.failures.size() == 2);
  const auto evidence = content.failures.at(0, content.counts.outcomes());
  CHECK(evidence.request_id == "id-1");
  CHECK(evidence.detail == "Decrypt");
  CHECK(evidence.duration == core::Millis(12));
  CHECK(content.unseen.empty());
}

TEST_CASE("attempts of other services, Regions and clients are counted apart") {
  const std::string log = sdk_attempt("2026-10-03T12:00:00Z", 200) + "\n" +
                          sdk_attempt("2026-10-03T12:00:01Z", 200, "", "batch") + "\n";
  CHECK(read(log, "csm", only("KMS", "us-east-1")).requests == 2);
  const auto batch = read(log, "csm", only("KMS", "us-east-1", {"batch"}));
  CHECK(batch.requests == 1);
  CHECK(batch.of_others == 1);
  CHECK(read(log, "csm", only("KMS", "eu-west-1")).of_others == 2);
  CHECK(read(log, "csm", only("S3", "us-east-1")).of_others == 2);
}

TEST_CASE("a line that is no datagram is malformed, and nothing of its text is shown") {
  const auto content = read(sdk_attempt("2026-10-03T12:00:00Z", 200) +
                            "\n{\"Type\":\"ApiCallAttempt\",\"AccessKey\":\"AKIAIOSFODNN7EXAMPLE\","
                            "\"SessionToken\":\"secret\"}\n");
  CHECK(content.requests == 1);
  REQUIRE(content.malformed == 1);
  CHECK(content.examples.at(0).expected == "expected a Service");
  CHECK(content.examples.at(0).text == "a line of 84 bytes");
}

TEST_CASE("an interval whose calls made more attempts than there are was not seen as a whole") {
  std::string log;
  // Of the first interval the begin is not in the file.
  log += sdk_call("2026-10-03T12:04:00Z", 5) + "\n";
  log +=
      sdk_attempt("2026-10-03T12:06:00Z", 200) + "\n" + sdk_call("2026-10-03T12:06:00Z", 3) + "\n";
  log +=
      sdk_attempt("2026-10-03T12:11:00Z", 200) + "\n" + sdk_call("2026-10-03T12:11:00Z", 1) + "\n";
  const auto content = read(log);
  CHECK(content.requests == 2);
  CHECK(content.missing == 2);
  REQUIRE(content.unseen.size() == 1);
  CHECK(core::to_text(content.unseen[0].span.begin) == "2026-10-03T12:05:00Z");
  CHECK(core::to_text(content.unseen[0].span.end) == "2026-10-03T12:10:00Z");
  // Of calls of another Region nothing is missing here.
  CHECK(read(log, "csm", only("KMS", "eu-west-1")).missing == 0);
}

TEST_CASE("whose attempts are in a file is found without counting them") {
  const test::TempDir dir;
  const std::string path =
      dir.write("log", sdk_attempt("2026-10-03T12:00:00Z", 200) + "\n" +
                           sdk_attempt("2026-10-03T12:00:01Z", 200, "", "batch") + "\n" +
                           sdk_attempt("2026-10-03T12:00:02Z", 200) + "\n");
  CHECK(sources::looks_like_sdk_log(path));
  CHECK_FALSE(sources::looks_like_sdk_log(dir.write("other", "{\"a\":1}\n")));
  const auto found = sources::sdk_subjects(path, {});
  REQUIRE(found.ok());
  REQUIRE(found->size() == 2);
  CHECK(found->at(0).client == "app");
  CHECK(found->at(1).client == "batch");
  CHECK(found->at(0).service == "KMS");
  CHECK(sources::wants(only("KMS", "us-east-1").subjects, found->at(0)));
  CHECK_FALSE(sources::wants(only("KMS", "us-west-1").subjects, found->at(0)));
}
