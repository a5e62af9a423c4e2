#include <map>

#include "fuzz/fuzz.h"
#include "sources/logs/auto_reader.h"
#include "sources/logs/format.h"
#include "sources/logs/trail_reader.h"

using namespace recoup;
using recoup::test::fuzz;

namespace {

const std::map<std::string, std::vector<std::string>> kSeeds{
    {"combined",
     {R"(192.0.2.1 - - [10/Oct/2026:13:55:36 -0700] "GET /a?b=c HTTP/1.1" 503 2326 "-" "curl/8")",
      R"(host:80 192.0.2.1 - "a b" [01/Jan/2024:00:00:60 +0000] "GET \"x\" HTTP/1.0" 200 - "-" "recoup/1")",
      R"("192.0.2.1 - - [10/Oct/2026:13:55:36 +0330] "POST / HTTP/2" 500 0 "-" "-"")"}},
    {"counts",
     {"2026-10-03T02:00:00Z,503/SlowDown,17", "minute,outcome,count",
      "\"2026-10-03T02:00Z\",200,0"}},
    {"alb",
     {R"(https 2026-10-03T02:00:00.186641Z app/lb/5 192.0.2.9:2817 10.0.0.1:80 0.086 0.048 0.037 503 200 0 57 "GET https://h:443/a?b HTTP/1.1" "curl \"x\"" - TLSv1.2 arn "Root=1-5" "-")"}},
    {"elb",
     {R"(2026-10-03T02:00:00.945958Z lb 192.0.2.9:2817 10.0.0.1:80 0.000073 0.001048 -1 503 200 0 29 "GET http://h:80/ HTTP/1.1" "curl/7" - -)",
      R"(2026-10-03T02:00:00.945958Z lb 192.0.2.9:2817 10.0.0.1:80 0.1 0.1 0.1 - - 0 29 "- - - " "-" - -)"}},
    {"s3",
     {R"(o b [06/Feb/2026:00:00:38 +0000] 192.0.2.3 o 3E57 REST.GET.OBJECT k "GET /b/k?x HTTP/1.1" 503 SlowDown 113 - 7 - "-" "S3Console/0.4" - s9 SigV4 - AuthHeader b TLSv1.2 - -)",
      R"(o b [06/Feb/2026:00:00:38 +0000] - o 3E57 BATCH.DELETE.OBJECT k - 204 - - - - -)"}},
    {"cloudfront",
     {"#Version: 1.0\n#Fields: date time sc-status cs-method cs-uri-stem x-edge-request-id "
      "time-taken cs(User-Agent)\n2026-10-03\t02:00:00\t503\tGET\t/a\tid==\t0.1\tcurl\n",
      "#Fields: timestamp(ms) sc-status\n1790992800000 000\n"}},
    {"csm",
     {R"({"Version":1,"Type":"ApiCallAttempt","Service":"KMS","Region":"r","Timestamp":1790992800000,"HttpStatusCode":503,"XAmznRequestId":"i","AttemptLatency":2})",
      R"({"Type":"ApiCall","Service":"KMS","Region":"r","Timestamp":1790992800000,"AttemptCount":3})"}},
    {"json",
     {R"({"ts":1790992800.25,"logger":"http.log.access","request":{"method":"GET","uri":"/a?b","headers":{"User-Agent":["curl\/8"]}},"duration":0.03,"status":503,"resp_headers":{"X-Amzn-Requestid":["r"]}})",
      R"(2026-10-03T02:00:00.1Z stdout F {"start_time":"2026-10-03T02:00:00.123Z","response_code":0,"path":"/\u00e9\x16"})",
      R"({"date":"2026-10-03","time":"02:00:00","sc-status":"000","x-edge-request-id":"=="})",
      R"({"time":"2026-10-03 02:00:00","status":"503","duration_ms":1e-3,"error":null})"}}};

sources::FormatOptions options_of(const sources::Format& format) {
  sources::FormatOptions options;
  if (format.has_numbered_fields) options.request_id = 9;
  if (format.has_named_fields) {
    REQUIRE(sources::set_time_zone(options, "Europe/Zurich").ok());
    REQUIRE(sources::add_field(options, "error=error").ok());
  }
  return options;
}

// Reads the text as the format, or as the one that it tells, and every record that was made of it.
void read(const std::string& format, const sources::FormatOptions& options,
          const std::string& text) {
  const std::vector<sources::RecordSpan> none;
  sources::Intake intake("log", none, [](const core::Outcome&) { return true; });
  const auto reader = sources::make_reader(format, options, intake);
  if (!reader) return;
  // In two parts: a line may be cut anywhere.
  const std::string_view whole = text;
  const std::size_t half = text.size() / 2;
  if ((*reader)->take(whole.substr(0, half), intake).ok() &&
      (*reader)->take(whole.substr(half), intake).ok()) {
    (void)(*reader)->finish(intake);
  }
  for (std::size_t i = 0; i < intake.content().failures.size(); ++i) {
    (void)intake.content().failures.at(i, intake.outcomes());
  }
}

void fuzz_format(const std::string& name) {
  const sources::FormatOptions options = options_of(*sources::find_format(name));
  fuzz(kSeeds.at(name), [&](const std::string& text) { read(name, options, text); });
}

}  // namespace

TEST_CASE("every format that can be read has seeds") {
  for (const sources::Format* format : sources::formats()) {
    CHECK(kSeeds.contains(std::string(format->name)));
  }
}

TEST_CASE("no log of the format combined breaks its reader", "[log-combined]") {
  fuzz_format("combined");
}
TEST_CASE("no log of the format counts breaks its reader", "[log-counts]") {
  fuzz_format("counts");
}
TEST_CASE("no log of the format alb breaks its reader", "[log-alb]") { fuzz_format("alb"); }
TEST_CASE("no log of the format elb breaks its reader", "[log-elb]") { fuzz_format("elb"); }
TEST_CASE("no log of the format s3 breaks its reader", "[log-s3]") { fuzz_format("s3"); }
TEST_CASE("no log of the format cloudfront breaks its reader", "[log-cloudfront]") {
  fuzz_format("cloudfront");
}
TEST_CASE("no log of the format csm breaks its reader", "[log-csm]") { fuzz_format("csm"); }
TEST_CASE("no log of the format json breaks its reader", "[log-json]") { fuzz_format("json"); }

TEST_CASE("no log breaks the reader that tells its format", "[log-auto]") {
  std::vector<std::string> seeds;
  for (const auto& [name, texts] : kSeeds) seeds.insert(seeds.end(), texts.begin(), texts.end());
  fuzz(seeds, [](const std::string& text) { read(sources::kAutoFormat.data(), {}, text); });
}

TEST_CASE("no log file of CloudTrail breaks its readers, and both say the same",
          "[log-cloudtrail]") {
  using sources::TrailReader;
  const auto told = [](const std::string& text, TrailReader::For processors) {
    std::vector<std::string> all;
    const auto reader = TrailReader::make(
        true,
        {[&](const sources::TrailRecord& record) { all.emplace_back(record.event_id); },
         [&](std::string_view expected, std::string_view) { all.emplace_back(expected); }},
        processors);
    const std::string padded = text + std::string(TrailReader::kPadding, ' ');
    const auto done = reader->read(std::string_view(padded).substr(0, text.size()));
    if (!done) all = {"refused"};
    return all;
  };
  const std::string record =
      R"({"eventVersion":"1.09","userIdentity":{"type":"IAMUser","accountId":"123456789012",)"
      R"("invokedBy":"s3.amazonaws.com"},"eventTime":"2026-10-03T02:00:00Z","eventSource":)"
      R"("kms.amazonaws.com","eventName":"Encrypt","awsRegion":"us-east-1","errorCode":)"
      R"("KMSInternalException","sourceIPAddress":"192.0.2.1","userAgent":"a\u0041\"","requestID":"r",)"
      R"("eventID":"7a3e1c90-5b1f-4c7d-9a53-000000000001","readOnly":true,"resources":[{"ARN":)"
      R"("arn:aws:kms:us-east-1:123456789012:key/k","accountId":"123456789012","type":)"
      R"("AWS::KMS::Key"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":)"
      R"("123456789012","eventCategory":"Management","requestParameters":{"keyId":"k"}})";
  fuzz({R"({"Records":[)" + record + "," + record + "]}", record}, [&](const std::string& text) {
    REQUIRE(told(text, TrailReader::For::this_one) == told(text, TrailReader::For::any));
  });
}
