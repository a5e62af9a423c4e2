#include "sources/probe/recent.h"

#include <cstdlib>
#include <numeric>

#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/probing.h"

using namespace recoup;
using core::Millis;
using sources::probe::Capture;
using sources::probe::Probes;
using sources::probe::RawExchange;
using sources::probe::Recent;
using Request = LoopbackServer::Request;
using Reply = LoopbackServer::Reply;

namespace {

[[maybe_unused]] const int kNoProxyForThese = ::setenv("no_proxy", "*", 1);

sources::probe::ProbeSettings probe_of(const std::string& url,
                                       Millis every = std::chrono::hours(1)) {
  sources::probe::ProbeSettings settings;
  settings.id = "p";
  settings.url = url;
  settings.every = every;
  settings.timeout = std::chrono::seconds(10);
  return settings;
}

rules::Header secret_header(const std::string& name, const std::string& value) {
  return {name, "", record::Secret(value)};
}

std::vector<record::Exchange> failures_after(Probing& probing, std::uint64_t ended) {
  REQUIRE(eventually([&] { return probing.recent().of({"kms", "p"})->ended >= ended; }));
  probing.stop();
  return probing.recent().failures("kms", 100);
}

std::string all_text(const record::Exchange& one) {
  return one.asked + '\n' + one.answered + '\n' + one.body + '\n' + one.why + '\n' + one.peer;
}

// It says what it was told, as a debugging server does.
Reply echo(const Request& request) {
  Reply reply;
  reply.status = 418;
  reply.headers.emplace_back("X-Told", request.header("Authorization"));
  reply.body = request.target;
  for (const auto& [name, value] : request.headers) reply.body += "\n" + name + " is " + value;
  return reply;
}

}  // namespace

TEST_CASE("a failure shows what was asked and answered") {
  LoopbackServer server([](const Request&) {
    return Reply{503, {{"X-Amzn-ErrorType", "SlowDown"}}, "{\"message\":\"too fast\"}"};
  });
  sources::probe::ProbeSettings settings = probe_of(server.url("/a?Action=List"));
  settings.headers = {{"X-Own", "1", {}}, {"X-Empty", "", {}}};
  Probing probing({settings});
  const auto failures = failures_after(probing, 1);
  REQUIRE(failures.size() == 1);
  const record::Exchange& one = failures[0];
  CHECK(one.probe == "p");
  CHECK(core::to_text(one.result.outcome) == "503");
  // The host is an address, which is confidential.
  CHECK(one.asked ==
        "GET /a?Action=List HTTP/1.1\n"
        "Host: ****:" +
            std::to_string(server.port()) +
            "\n"
            "User-Agent: recoup/test\nAccept: */*\nX-Own: 1\nX-Empty:\n");
  CHECK(one.answered.starts_with("HTTP/1.1 503"));
  CHECK(one.answered.find("X-Amzn-ErrorType: SlowDown\n") != std::string::npos);
  CHECK(one.body == "{\"message\":\"too fast\"}");
  CHECK_FALSE(one.body_is_cut);
  CHECK(std::accumulate(one.result.phases.begin(), one.result.phases.end(),
                        std::chrono::nanoseconds(0)) == one.result.duration);
}

TEST_CASE("no secret of a request comes back by its failure, whatever the server says") {
  LoopbackServer server(echo);
  const std::string token = "Zm9vYmFy/+k9=q";
  sources::probe::ProbeSettings settings =
      probe_of(server.url("/a?key=AIzaHIDDENkey&x-token=t%2Fkn-hidden&page=2"));
  settings.headers = {secret_header("Authorization", "Bearer " + token),
                      secret_header("X-Own", "own-hidden"),
                      {"X-Page", "2", {}}};
  Probing probing({settings});
  const auto failures = failures_after(probing, 1);
  REQUIRE(failures.size() == 1);
  const std::string text = all_text(failures[0]);
  INFO(text);
  for (const std::string& secret :
       std::vector<std::string>{token, "Zm9vYmFy", "HIDDEN", "hidden"}) {
    INFO(secret);
    CHECK(text.find(secret) == std::string::npos);
  }
  CHECK(text.find("Authorization: Bearer ****\n") != std::string::npos);
  CHECK(text.find("page=2") != std::string::npos);
  CHECK(text.find("X-Page: 2\n") != std::string::npos);
}

TEST_CASE("a secret that the end of what is kept cuts in two is not shown by half") {
  for (const std::size_t before : {1000u, 1010u, 1019u, 1020u}) {
    RawExchange exchange;
    exchange.ask_line("GET", "/", "");
    exchange.ask("X-Token: abcdefghijklmnop", true);
    Capture capture;
    capture.begin(Capture::kBodyShown);
    capture.head("HTTP/1.1 500 Broken\r\n");
    capture.body(std::string(before, '.') + "abcdefghijklmnop and more and more");
    exchange.answer(capture);
    for (const auto to : {RawExchange::To::owner, RawExchange::To::anybody}) {
      const record::Exchange shown = exchange.shown(to);
      INFO(shown.body);
      CHECK(shown.body.find("abcd") == std::string::npos);
      CHECK(shown.body_is_cut);
    }
  }
}

TEST_CASE("signed requests show how they are signed, and nothing that signs") {
  LoopbackServer server(echo);
  const documents::Environment environment{{"AWS_EC2_METADATA_DISABLED", "true"},
                                           {"AWS_ACCESS_KEY_ID", "AKIAEXAMPLEHIDDEN001"},
                                           {"AWS_SECRET_ACCESS_KEY", "hidden+secret/hidden"},
                                           {"AWS_SESSION_TOKEN", "hidden-session//token"},
                                           {"ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIhidden"},
                                           {"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hidden"},
                                           {"TENCENTCLOUD_SECRET_ID", "AKIDhidden"},
                                           {"TENCENTCLOUD_SECRET_KEY", "hidden"}};
  for (const auto& [signer, scheme] :
       std::vector<std::pair<std::string, std::string>>{{"sigv4", "AWS4-HMAC-SHA256 ****"},
                                                        {"acs3", "ACS3-HMAC-SHA256 ****"},
                                                        {"tc3", "TC3-HMAC-SHA256 ****"}}) {
    INFO(signer);
    sources::probe::ProbeSettings settings = probe_of(server.url("/signed"));
    settings.sign = rules::Signing{signer, "kms", "us-east-1"};
    Probing probing({settings}, environment);
    const auto failures = failures_after(probing, 1);
    REQUIRE(failures.size() == 1);
    const std::string text = all_text(failures[0]);
    INFO(text);
    CHECK(text.find("Authorization: " + scheme) != std::string::npos);
    CHECK(text.find("idden") == std::string::npos);
    CHECK(text.find("HIDDEN") == std::string::npos);
    // The signature itself, by which the request could be sent again.
    for (const Request& asked : server.requests()) {
      const std::string value = asked.header("Authorization");
      const std::string signature = value.substr(value.rfind('=') + 1);
      REQUIRE(signature.size() == 64);
      CHECK(text.find(signature) == std::string::npos);
    }
  }
}

TEST_CASE("the last five failures of a probe are kept, and what is expected is none") {
  LoopbackServer server([](const Request& request) {
    return Reply{request.number % 2 == 0 ? 200 : 404, {}, std::to_string(request.number)};
  });
  Probing probing({probe_of(server.url(), Millis(5))});
  const auto failures = failures_after(probing, 20);
  REQUIRE(failures.size() == 5);
  for (const auto& one : failures) CHECK(core::to_text(one.result.outcome) == "404");
  for (std::size_t i = 1; i < failures.size(); ++i) {
    CHECK(std::stoi(failures[i].body) == std::stoi(failures[i - 1].body) - 2);
  }
  CHECK(probing.recent().failures("other", 100).empty());
}

TEST_CASE("what is kept of failures has a bound for all probes together") {
  Recent recent(20'000);
  Probes probes;
  for (std::uint32_t i = 0; i < 100; ++i) {
    sources::probe::ProbeSettings settings = probe_of("http://localhost/");
    settings.id = fmt::format("p{:03}", i);
    probes.push_back(
        std::make_shared<const sources::probe::Probe>(sources::probe::Probe{"kms", settings, i}));
  }
  recent.exchange(probes);
  for (std::uint32_t i = 0; i < 300; ++i) {
    RawExchange exchange;
    exchange.probe = probes[i % 100]->settings.id;
    exchange.ask_line("GET", "/" + std::string(500, 'a'), "");
    exchange.result.started = core::Instant(Millis(i));
    recent.failed(i % 100, std::move(exchange));
  }
  const auto kept = recent.failures("kms", 100);
  CHECK(kept.size() > 10);
  CHECK(kept.size() < 40);
  CHECK(kept.front().result.started == core::Instant(Millis(299)));

  // What is gone is forgotten, and what stays is not.
  probes.erase(probes.begin(), probes.begin() + 99);
  recent.exchange(probes);
  const auto left = recent.failures("kms", 100);
  REQUIRE(left.size() == 1);
  CHECK(left[0].probe == "p099");
  recent.failed(3, {});
  CHECK(recent.failures("kms", 100).size() == 1);
  CHECK_FALSE(recent.of({"kms", "p003"}));
}

TEST_CASE("bytes that are no text are shown as text") {
  RawExchange exchange;
  exchange.ask_line("GET", "/", "");
  Capture capture;
  capture.begin(Capture::kBodyShown);
  capture.head("HTTP/1.1 500 Br\xfcken\r\n");
  capture.body(std::string("a\0b\x1b[31m \xe2\x82\xac \xe2\x82", 15));
  exchange.answer(capture);
  const record::Exchange shown = exchange.shown(RawExchange::To::anybody);
  CHECK(shown.answered == "HTTP/1.1 500 Br?ken\n");
  CHECK(shown.body == "a?b?[31m \xe2\x82\xac ");
}

TEST_CASE("the newest answer says since when a probe goes well, or does not") {
  Recent recent;
  const sources::TargetId target = 7;
  const auto probe = std::make_shared<const sources::probe::Probe>([&] {
    sources::probe::Probe one{"kms", probe_of("http://127.0.0.1/")};
    one.counters = target;
    return one;
  }());
  recent.exchange({probe});
  CHECK(recent.answers().empty());
  const auto end = [&](int second, bool expected) {
    record::ProbeResult result;
    result.started = core::Instant(std::chrono::seconds(second));
    result.expected = expected;
    result.outcome = core::Answered{expected ? 200 : 503};
    recent.ended(target, result);
    const auto answers = recent.answers();
    REQUIRE(answers.size() == 1);
    return answers.front();
  };
  record::LastAnswer answer = end(10, true);
  CHECK(answer.agreement == "kms");
  CHECK(answer.probe == "p");
  CHECK(answer.targets == 1);
  CHECK(answer.expected);
  CHECK(answer.since == core::Instant(std::chrono::seconds(10)));
  CHECK_FALSE(answer.changed);
  answer = end(15, true);
  CHECK(answer.at == core::Instant(std::chrono::seconds(15)));
  CHECK(answer.since == core::Instant(std::chrono::seconds(10)));
  answer = end(20, false);
  CHECK(answer.since == core::Instant(std::chrono::seconds(20)));
  CHECK(answer.changed);
  CHECK(core::to_text(answer.outcome) == "503");
  answer = end(25, false);
  CHECK(answer.since == core::Instant(std::chrono::seconds(20)));
}
