#include "sources/sdk/datagram.h"

#include <random>

#include "sources/sdk/no_answer.h"
#include "support/catch.h"

using namespace std::chrono_literals;
using namespace recoup;
using namespace recoup::sources::sdk;
using core::NoAnswer;

namespace {

// As three SDKs sent them, but for the messages.
const std::string kFailed =
    R"({"Version":1,"ClientId":"app1","Type":"ApiCallAttempt","Service":"KMS","Api":"GenerateRandom",)"
    R"("Timestamp":1795702377910,"AttemptLatency":45,"Fqdn":"127.0.0.1:18999",)"
    R"("UserAgent":"Boto3/1.26.27","AccessKey":"AKIAIOSFODNN7EXAMPLE","Region":"us-east-1",)"
    R"("HttpStatusCode":500,"XAmznRequestId":"req-1","AwsException":"KMSInternalException",)"
    R"("AwsExceptionMessage":"x"})";
const std::string kCall =
    R"({"Version":1,"ClientId":"app1","Type":"ApiCall","Service":"KMS","Api":"GenerateRandom",)"
    R"("Timestamp":1795702377909,"AttemptCount":2,"Region":"us-east-1","UserAgent":"Boto3/1.26.27",)"
    R"("FinalHttpStatusCode":200,"Latency":640,"MaxRetriesExceeded":0})";

// An attempt with these fields beside those that each has.
std::string attempt_with(const std::string& fields) {
  return R"({"Type":"ApiCallAttempt","Service":"KMS","Region":"us-east-1",)"
         R"("Timestamp":1795702377910)" +
         (fields.empty() ? "" : "," + fields) + "}";
}

std::string outcome(const std::string& fields) {
  DatagramReader reader;
  const Said said = reader.read(attempt_with(fields));
  const auto* attempt = std::get_if<Attempt>(&said);
  return attempt == nullptr ? "no attempt" : core::to_text(attempt->outcome);
}

std::string complaint(const std::string& datagram) {
  DatagramReader reader;
  const Said said = reader.read(datagram);
  const auto* malformed = std::get_if<Malformed>(&said);
  return malformed == nullptr ? "" : std::string(malformed->expected);
}

}  // namespace

TEST_CASE("an attempt is read with what it came to, its time and its request id") {
  DatagramReader reader;
  const Said said = reader.read(kFailed);
  REQUIRE(std::holds_alternative<Attempt>(said));
  const Attempt& attempt = std::get<Attempt>(said);
  CHECK(attempt.of.service == "KMS");
  CHECK(attempt.of.region == "us-east-1");
  CHECK(attempt.of.client == "app1");
  CHECK(attempt.api == "GenerateRandom");
  CHECK(core::to_text(attempt.at) == "2026-11-26T14:12:57.910Z");
  CHECK(core::to_text(attempt.outcome) == "500/KMSInternalException");
  CHECK(attempt.request_id == "req-1");
  CHECK(attempt.latency == 45ms);
}

TEST_CASE("a call is read with how many attempts it took") {
  DatagramReader reader;
  const Said said = reader.read(kCall);
  REQUIRE(std::holds_alternative<Call>(said));
  const Call& call = std::get<Call>(said);
  CHECK(call.of.service == "KMS");
  CHECK(call.of.client == "app1");
  CHECK(core::to_text(call.at) == "2026-11-26T14:12:57.909Z");
  CHECK(call.attempts == 2);
  CHECK_FALSE(call.gave_up);
  const Said other = reader.read(
      R"({"Type":"ApiCall","Service":"KMS","Timestamp":1,"AttemptCount":3,"MaxRetriesExceeded":1})");
  CHECK(std::get<Call>(other).gave_up);
}

TEST_CASE("an attempt is an answer by its status, and none without one, by its exception") {
  CHECK(outcome(R"("HttpStatusCode":200)") == "200");
  CHECK(outcome(R"("HttpStatusCode":503)") == "503");
  // JavaScript: the answer came, and its end did not.
  CHECK(outcome(R"("HttpStatusCode":200,"SdkException":"NetworkingError")") == "200");
  CHECK(
      outcome(R"("HttpStatusCode":400,"AwsException":"com.amazonaws.kms#NotFoundException: x")") ==
      "400/NotFoundException");
  CHECK(outcome(R"("SdkException":"ReadTimeoutError","SdkExceptionMessage":"x")") == "timeout");
  // Ruby has a status of 0, and its own error where others have the provider's.
  CHECK(outcome(R"("HttpStatusCode":0,"AwsException":"Seahorse::Client::NetworkingError",)"
                R"("AwsExceptionMessage":"Failed to open TCP connection: Connection refused")") ==
        "connect");
  CHECK(outcome("") == "other");
  CHECK(outcome(R"("HttpStatusCode":null,"Api":null,"ClientId":null)") == "other");
}

TEST_CASE("why there was no answer is told by the exception first, and then by its message") {
  CHECK(no_answer_of("EndpointConnectionError", "Could not connect to the endpoint URL") ==
        NoAnswer::connect);
  CHECK(no_answer_of("ConnectTimeoutError", "Connect timeout on endpoint URL") ==
        NoAnswer::connect_timeout);
  CHECK(no_answer_of("NetworkingError", "connect ETIMEDOUT 127.0.0.1:1") ==
        NoAnswer::connect_timeout);
  CHECK(no_answer_of("ReadTimeoutError", "Read timeout on endpoint URL") == NoAnswer::timeout);
  CHECK(no_answer_of("ConnectionClosedError", "Connection was closed") == NoAnswer::reset);
  CHECK(no_answer_of("SSLError", "SSL validation failed") == NoAnswer::tls);
  CHECK(no_answer_of("NetworkingError", "connect ECONNREFUSED 127.0.0.1:1") == NoAnswer::connect);
  CHECK(no_answer_of("NetworkingError", "socket hang up") == NoAnswer::reset);
  CHECK(no_answer_of("TimeoutError", "socket hang up") == NoAnswer::reset);
  CHECK(no_answer_of("UnknownEndpoint", "Inaccessible host: `kms'") == NoAnswer::other);
  CHECK(no_answer_of("TimeoutError", "Connection timed out after 100ms") == NoAnswer::timeout);
  CHECK(no_answer_of("Seahorse::Client::NetworkingError", "end of file reached") ==
        NoAnswer::reset);
  CHECK(no_answer_of("", "") == NoAnswer::other);
}

TEST_CASE("the request id of S3 and its like is one, and what cannot be one is none") {
  DatagramReader reader;
  const auto id = [&](const std::string& fields) {
    const Said said = reader.read(attempt_with(fields));
    return std::string(std::get<Attempt>(said).request_id);
  };
  CHECK(id(R"("XAmzRequestId":"4442587FB7D0A2F9")") == "4442587FB7D0A2F9");
  CHECK(id(R"("XAmzRequestId":"b","XAmznRequestId":"a")") == "a");
  CHECK(id(R"("XAmznRequestId":"a\nb")").empty());
  CHECK(id(R"("XAmznRequestId":"\u202e")").empty());
}

TEST_CASE("keys are found in any order, escaped ones too, and others are passed over") {
  DatagramReader reader;
  const Said said = reader.read(
      R"({"HttpStatusCode":503,"new":{"a":[1,{"Service":"no"}]},"Timestamp":0,"\u0053ervice":"K\u004dS",)"
      R"("Type":"ApiCallAttempt"})");
  REQUIRE(std::holds_alternative<Attempt>(said));
  CHECK(std::get<Attempt>(said).of.service == "KMS");
  CHECK(std::get<Attempt>(said).of.region.empty());
}

TEST_CASE("what is neither attempt nor call is told apart from what is malformed") {
  DatagramReader reader;
  CHECK(std::holds_alternative<Other>(reader.read(R"({"Type":"Heartbeat"})")));
}

TEST_CASE("a malformed datagram is told with what was expected of it") {
  CHECK(complaint("") == "expected a JSON object");
  CHECK(complaint("hello") == "expected a JSON object");
  CHECK(complaint("[1]") == "expected a JSON object");
  CHECK(complaint(kFailed + "x") == "expected a JSON object");
  CHECK(complaint(kFailed + kFailed) == "expected a JSON object");
  CHECK(complaint("{}") == "expected a Type in text");
  CHECK(complaint(R"({"Type":7})") == "expected text of at most 255 characters");
  CHECK(complaint(R"({"Type":"ApiCall","Timestamp":1})") == "expected a Service");
  CHECK(complaint(R"({"Type":"ApiCall","Service":"KMS"})") ==
        "expected a Timestamp in milliseconds since 1970");
  CHECK(complaint(R"({"Type":"ApiCall","Service":"KMS","Timestamp":-1})") ==
        "expected a Timestamp in milliseconds since 1970");
  CHECK(complaint(R"({"Type":"ApiCall","Service":"KMS","Timestamp":1})") ==
        "expected an AttemptCount from 0 to 1000");
  CHECK(complaint(attempt_with(R"("HttpStatusCode":"200")")) == "expected a whole number");
  CHECK(complaint(attempt_with(R"("HttpStatusCode":2000)")) ==
        "expected an HttpStatusCode from 100 to 999, or none");
  CHECK(complaint(attempt_with(R"("AttemptLatency":-5)")) ==
        "expected an AttemptLatency in milliseconds");
  CHECK(complaint(attempt_with("\"ClientId\":\"" + std::string(256, 'a') + '"')) ==
        "expected text of at most 255 characters");
  CHECK(complaint(attempt_with("\"ClientId\":\"\xff\"")) == "expected a JSON object");
}

TEST_CASE("a datagram that is cut off anywhere, or broken anywhere, breaks nothing") {
  DatagramReader reader;
  for (const std::string& whole : {kFailed, kCall}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      INFO(whole.substr(0, size));
      CHECK(std::holds_alternative<Malformed>(reader.read(whole.substr(0, size))));
    }
  }
  std::mt19937 random(20261126);
  for (int round = 0; round < 20'000; ++round) {
    std::string broken = round % 2 == 0 ? kFailed : kCall;
    for (int i = 0; i < 1 + round % 4; ++i) {
      broken[random() % broken.size()] = static_cast<char>(random() % 256);
    }
    (void)reader.read(broken);
  }
  // And it reads on.
  CHECK(std::holds_alternative<Attempt>(reader.read(kFailed)));
}

TEST_CASE("no depth of brackets breaks the reader of datagrams") {
  DatagramReader reader;
  CHECK(std::holds_alternative<Malformed>(reader.read(std::string(60'000, '['))));
  const std::string deep = std::string(5'000, '[') + std::string(5'000, ']');
  (void)reader.read("{\"a\":" + deep + ",\"Type\":\"x\"}");
}
