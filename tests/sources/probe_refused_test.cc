#include "sources/probe/refusal.h"

#include <atomic>
#include <mutex>
#include <numeric>

#include <fmt/format.h>

#include "core/classify.h"
#include "sources/probe/signer.h"
#include "support/catch.h"
#include "support/contracts.h"
#include "support/loopback_server.h"
#include "support/probing.h"

using namespace recoup;
using namespace recoup::sources::probe;
using Request = LoopbackServer::Request;
using Reply = LoopbackServer::Reply;

namespace {

// What the watch of that signer makes of an answer: "403 SignatureDoesNotMatch", or "no".
std::string seen(const char* signer, int status, const std::vector<std::string>& headers,
                 const std::string& body) {
  RefusalWatch watch;
  watch.expect(&find_signer(signer)->refusals);
  watch.head("HTTP/1.1 100 Continue\r\n");
  watch.head(fmt::format("HTTP/1.1 {} Whatever\r\n", status));
  for (const std::string& header : headers) watch.head(header + "\r\n");
  watch.head("\r\n");
  watch.body(body.substr(0, body.size() / 2));
  watch.body(body.substr(body.size() / 2));
  const auto refused = watch.refused();
  return refused ? to_text(*refused, core::Instant{}) : "no";
}

std::string xml(const std::string& name) {
  return fmt::format("<?xml version=\"1.0\"?><Error><Code>{}</Code><Message>m</Message></Error>",
                     name);
}

Reply answer(int status, std::string body,
             std::vector<std::pair<std::string, std::string>> headers) {
  Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  reply.headers = std::move(headers);
  return reply;
}

const documents::Environment kKeys{{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
                                   {"AWS_SECRET_ACCESS_KEY", "secret"}};

ProbeSettings kms_probe(const LoopbackServer& provider) {
  ProbeSettings settings;
  settings.id = "describe";
  settings.url = provider.url("/");
  settings.every = core::Millis(10);
  settings.sign = rules::Signing{"", "kms", "us-east-1"};
  return settings;
}

}  // namespace

TEST_CASE("answers that refuse a signature, a clock or credentials are told from all others") {
  struct Row {
    const char* signer;
    int status;
    std::vector<std::string> headers;
    std::string body;
    const char* expected;
  };
  const std::string json = R"({"__type":"com.amazon.coral.service#)";
  for (const Row& row : std::vector<Row>{
           {"sigv4",
            400,
            {},
            json + R"(UnrecognizedClientException","message":"m"})",
            "400 UnrecognizedClientException"},
           {"sigv4",
            400,
            {},
            json + R"(InvalidSignatureException"})",
            "400 InvalidSignatureException"},
           {"sigv4", 400, {}, R"({"__type":"ExpiredTokenException"})", "400 ExpiredTokenException"},
           {"sigv4",
            403,
            {"x-amzn-ErrorType: MissingAuthenticationTokenException:http://x/"},
            "{}",
            "403 MissingAuthenticationTokenException"},
           {"sigv4", 403, {}, xml("RequestTimeTooSkewed"), "403 RequestTimeTooSkewed"},
           {"sigv4", 403, {}, xml("SignatureDoesNotMatch"), "403 SignatureDoesNotMatch"},
           {"sigv4",
            403,
            {},
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/\"><Error><Type>Sender</Type>"
            "<Code>InvalidClientTokenId</Code></Error></ErrorResponse>",
            "403 InvalidClientTokenId"},
           {"sigv4",
            401,
            {},
            "<Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>",
            "401 AuthFailure"},
           // A policy, the service's own errors, a word of the user's, and one who proves nothing.
           {"sigv4", 403, {}, xml("AccessDenied"), "no"},
           {"sigv4", 400, {}, json + R"(AccessDeniedException"})", "no"},
           {"sigv4", 400, {}, json + R"(ThrottlingException","message":"ExpiredToken"})", "no"},
           {"sigv4", 500, {}, json + R"(ExpiredTokenException"})", "no"},
           {"sigv4", 200, {}, json + R"(ExpiredTokenException"})", "no"},
           {"sigv4", 401, {"WWW-Authenticate: Basic"}, "", "no"},
           {"acs3",
            400,
            {},
            R"({"RequestId":"r","Code":"SignatureDoesNotMatch","Message":"m"})",
            "400 SignatureDoesNotMatch"},
           {"acs3", 404, {}, R"({"Code":"InvalidAccessKeyId.NotFound"})", "404 InvalidAccessKeyId"},
           {"acs3", 400, {}, R"({"Code":"InvalidTimeStamp.Expired"})", "400 InvalidTimeStamp"},
           {"acs3",
            400,
            {},
            R"({"Code":"InvalidSecurityToken.Expired"})",
            "400 InvalidSecurityToken"},
           {"acs3", 400, {}, R"({"Code":"SignatureNonceUsed"})", "400 SignatureNonceUsed"},
           {"acs3", 400, {}, R"({"Code":"IllegalTimestamp"})", "400 IllegalTimestamp"},
           {"acs3", 403, {}, R"({"Code":"Forbidden.RAM"})", "no"},
           {"tc3",
            200,
            {},
            R"({"Response":{"Error":{"Code":"AuthFailure.SignatureExpire"}}})",
            "200 AuthFailure.SignatureExpire"},
           {"tc3",
            200,
            {},
            R"({"Response":{"Error":{"Code":"AuthFailure.SecretIdNotFound"}}})",
            "200 AuthFailure.SecretIdNotFound"},
           {"tc3",
            200,
            {},
            R"({"Response":{"Error":{"Code":"AuthFailure.UnauthorizedOperation"}}})",
            "no"},
           {"tc3", 200, {}, R"({"Response":{"Error":{"Code":"InternalError"}}})", "no"},
           {"tc3", 200, {}, R"({"Response":{"RequestId":"r"}})", "no"},
           {"alibaba-gateway",
            400,
            {"X-Ca-Error-Message: Invalid Signature, Server StringToSign:`GET#hunter2`"},
            "",
            "400 Invalid Signature"},
           {"alibaba-gateway",
            400,
            {"X-Ca-Error-Message: Invalid AppKey"},
            "",
            "400 Invalid AppKey"},
           {"alibaba-gateway", 403, {"X-Ca-Error-Message: Unauthorized"}, "", "no"},
           {"google", 401, {}, "", "401"},
           {"google", 403, {}, R"({"error":{"status":"PERMISSION_DENIED"}})", "no"},
           {"azure", 401, {"WWW-Authenticate: Bearer authorization=\"https://x\""}, "", "401"},
           {"azure", 401, {}, "", "no"},
           {"azure", 403, {"WWW-Authenticate: Bearer"}, "", "no"},
           {"basic", 401, {"WWW-Authenticate: Basic realm=\"r\""}, "", "401"},
           {"bearer", 401, {}, "", "401"},
           {"bearer", 403, {}, "", "no"}}) {
    INFO(row.signer << " " << row.status << " " << row.body);
    CHECK(seen(row.signer, row.status, row.headers, row.body) == row.expected);
  }
}

TEST_CASE("a refused request is its answer with a mark, has a record, and is said once") {
  std::atomic<bool> refuses{true};
  LoopbackServer provider([&](const Request&) {
    if (!refuses) return answer(200, "{}", {});
    return answer(400, R"({"__type":"InvalidSignatureException"})",
                  {{"Date", "Sat, 01 Jan 2000 00:00:00 GMT"}});
  });
  std::mutex mutex;
  std::vector<std::string> said;
  auto second = kms_probe(provider);
  second.id = "random";
  Probing probing({kms_probe(provider), second}, kKeys, nullptr, [&](const std::string& line) {
    const std::lock_guard lock(mutex);
    said.push_back(line);
  });
  const std::string marked = "400/InvalidSignatureException!refused";
  CHECK(eventually([&] { return probing.outcomes()[marked] > 20; }));
  // Of others a machine that is busy may have missed some.
  for (const auto& [outcome, count] : probing.outcomes()) {
    INFO(outcome);
    CHECK((outcome == marked || outcome.starts_with("missed/")));
  }
  refuses = false;
  CHECK(eventually([&] { return probing.outcomes()["200"] > 20; }));
  probing.stop();

  const auto counts = probing.board.counts();
  for (const auto& each : counts) {
    std::uint64_t answered = 0;
    for (const auto& [outcome, count] : each.outcomes) answered += count;
    CHECK(each.missed[static_cast<std::size_t>(core::NotSent::refused)] == 0);
    const auto missed = std::accumulate(each.missed.begin(), each.missed.end(), std::uint64_t{0});
    CHECK(each.due == missed + answered + each.in_flight);
  }
  const auto batch = take(probing.board);
  REQUIRE_FALSE(batch.evidence.empty());
  for (const auto& record : batch.evidence) {
    CHECK(core::to_text(record.evidence.outcome) == marked);
  }
  // Under the contract of AWS KMS such a request did not fail with 500 or 503; one that calls each
  // status but 2xx an Error makes none of it.
  core::Version version = test::kms_like();
  CHECK(core::classify(version, *core::parse_outcome(marked)).verdict == core::Verdict::served);
  version.error.statuses.clear();
  version.error.all_but = {{200, 299}};
  CHECK(core::classify(version, *core::parse_outcome(marked)).verdict == core::Verdict::refused);
  const std::lock_guard lock(mutex);
  REQUIRE(said.size() == 2);
  CHECK(said[0].find("kms/") == 0);
  CHECK(said[0].find(": refused for what we sent, 400 InvalidSignatureException; this machine's "
                     "clock is ") != std::string::npos);
  CHECK(said[0].find(" s ahead of theirs: no Error is made of it; check the "
                     "environment, what it signs for by sigv4, and the clock of this machine") !=
        std::string::npos);
  CHECK(said[1].find("is taken again") != std::string::npos);
}

TEST_CASE("an answer about a policy, or of a probe that signs nothing, stays what it is") {
  LoopbackServer denies(
      [](const Request&) { return answer(400, R"({"__type":"AccessDeniedException"})", {}); });
  LoopbackServer refuses(
      [](const Request&) { return answer(400, R"({"__type":"InvalidSignatureException"})", {}); });
  auto unsigned_one = kms_probe(refuses);
  unsigned_one.sign.reset();
  unsigned_one.id = "unsigned";
  Probing probing({kms_probe(denies), unsigned_one}, kKeys);
  CHECK(eventually([&] { return probing.outcomes()["400"] > 20; }));
  for (const auto& [outcome, count] : probing.outcomes()) {
    INFO(outcome);
    CHECK(outcome.find("refused") == std::string::npos);
  }
}

TEST_CASE("each request of a probe has its own date and nonce") {
  struct Row {
    rules::Signing how;
    std::vector<const char*> its_own;
  };
  const documents::Environment environment{
      {"ALIBABA_CLOUD_ACCESS_KEY_ID", "a"}, {"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "b"},
      {"ALIBABA_GATEWAY_APP_KEY", "c"},     {"ALIBABA_GATEWAY_APP_SECRET", "d"},
      {"TENCENTCLOUD_SECRET_ID", "e"},      {"TENCENTCLOUD_SECRET_KEY", "f"},
      {"AWS_ACCESS_KEY_ID", "g"},           {"AWS_SECRET_ACCESS_KEY", "h"}};
  for (const Row& row : std::vector<Row>{
           {{"sigv4", "kms", "us-east-1"}, {"X-Amz-Date", "Authorization"}},
           {{"acs3", "", ""}, {"x-acs-date", "x-acs-signature-nonce", "Authorization"}},
           {{"tc3", "kms", ""}, {"X-TC-Timestamp", "Authorization"}},
           {{"alibaba-gateway", "", ""}, {"X-Ca-Timestamp", "X-Ca-Nonce", "X-Ca-Signature"}}}) {
    INFO(row.how.by);
    LoopbackServer provider([](const Request&) { return answer(200, "{}", {}); });
    auto settings = kms_probe(provider);
    settings.sign = row.how;
    settings.every = core::Millis(1100);  // dates are in whole seconds
    Probing probing({settings}, environment);
    REQUIRE(eventually([&] { return provider.requests().size() >= 2; }));
    probing.stop();
    const auto requests = provider.requests();
    for (const char* header : row.its_own) {
      INFO(header);
      CHECK_FALSE(requests[0].header(header).empty());
      CHECK(requests[0].header(header) != requests[1].header(header));
    }
  }
}
