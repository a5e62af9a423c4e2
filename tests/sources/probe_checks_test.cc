#include "sources/probe/checks.h"

#include <cstdlib>

#include "sources/probe/recent.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/probing.h"

using namespace recoup;
using core::Millis;
using sources::probe::Checks;
using Reply = LoopbackServer::Reply;

namespace {

[[maybe_unused]] const int kNoProxyForChecks = ::setenv("no_proxy", "*", 1);

std::shared_ptr<const Checks> checks_of(const std::string& toml,
                                        const std::string& url = "http://localhost/") {
  documents::Document document("c.toml", toml);
  auto checks = sources::probe::read_checks(document.root().required("check"), url);
  const auto done = document.finish();
  INFO((done ? "" : done.error().message));
  REQUIRE(done.ok());
  return checks;
}

// Which checks fail, and why, of what the server answers.
std::map<std::string, std::string> failing(const std::string& toml, const Reply& reply) {
  LoopbackServer server([&](const LoopbackServer::Request&) { return reply; });
  sources::probe::ProbeSettings settings;
  settings.id = "p";
  settings.url = server.url();
  settings.every = std::chrono::hours(1);
  settings.checks = checks_of(toml);
  Probing probing({settings});
  REQUIRE(eventually([&] { return probing.recent().of({"kms", "p"})->ended == 1; }));
  probing.stop();
  std::map<std::string, std::string> why;
  const auto seen = probing.recent().of({"kms", "p"});
  for (const auto& one : seen->last->checks) {
    if (one.failed()) why[one.check] = one.why;
  }
  // Whatever a check says, the contract sees the answer as it was.
  const auto outcomes = probing.outcomes();
  REQUIRE(outcomes.size() == 1);
  const bool answered = reply.ending == LoopbackServer::Ending::keep;
  CHECK(outcomes.begin()->first == (answered ? std::to_string(reply.status) : "reset"));
  // What fails is counted, and kept to be looked at; no evidence comes of it.
  std::map<std::string, std::string> counted;
  const auto checks = probing.recent().checks();
  for (const auto& one : checks.at({"kms", "p"})) {
    CHECK(one.made == 1);
    if (one.failed == 1) counted[one.check] = one.why;
  }
  CHECK(counted == why);
  CHECK(probing.recent().failures("kms", 100).empty() == why.empty());
  if (answered && reply.status == 200) CHECK(take(probing.board).evidence.empty());
  return why;
}

constexpr const char* kAll = R"(
[check]
status = [200, 204]
body = "all well"
matches = 'v\d+\.\d+'
lacks = "(?i)degraded"
json = { "status.state" = "ok", "nodes[1].up" = true, nodes = '[{"up":true},{"up":true}]', n = 3 }
headers = { Content-Type = "^application/json", X-Cache = "." }
within = "5s"
)";

const std::string kGood =
    R"({"status":{"state":"ok"},"nodes":[{"up":true},{"up":true}],"n":3,"m":"all well, v1.2"})";

Reply answer(int status, const std::string& body, std::chrono::milliseconds delay = {}) {
  return {status,
          {{"content-type", "application/json; v=1"}, {"X-Cache", "hit"}},
          body,
          LoopbackServer::Ending::keep,
          delay};
}

}  // namespace

TEST_CASE("an answer that holds all checks fails none") {
  CHECK(failing(kAll, answer(200, kGood)).empty());
}

TEST_CASE("each check fails for its own reason") {
  using Why = std::map<std::string, std::string>;
  CHECK(failing("[check]\nstatus = [204, 404]", answer(200, "")) ==
        Why{{"status", "the status is 200, not 204 or 404"}});
  CHECK(failing("[check]\nbody = \"well\"", answer(200, "not so good")) ==
        Why{{"body", "the body lacks the text"}});
  CHECK(failing("[check]\nbody = \"well\"", answer(200, std::string(70'000, 'x') + "well")) ==
        Why{{"body", "the body lacks the text in its first 64 KiB, which alone are looked at"}});
  CHECK(failing("[check]\nmatches = '^a+$'", answer(200, "aab")) ==
        Why{{"matches", "the body does not match the expression"}});
  CHECK(failing("[check]\nlacks = \"err\"", answer(200, "an error")) ==
        Why{{"lacks", "the body matches the expression"}});
  CHECK(failing("[check]\njson = { a = \"1\", \"b.c\" = 2, d = \"x\" }",
                answer(200, R"({"a":1,"d":"y"})")) ==
        Why{{"json b.c", "nothing stands there"}, {"json d", "another value stands there"}});
  CHECK(failing("[check]\njson = { a = 1 }", answer(200, "<a>1</a>")) ==
        Why{{"json a", "the body is no JSON"}});
  CHECK(failing("[check]\nheaders = { X-Cache = \"^miss$\", X-None = \".\" }", answer(200, "")) ==
        Why{{"header X-Cache", "its value does not match the expression"},
            {"header X-None", "the answer lacks the header"}});
  const auto late = failing("[check]\nwithin = \"20ms\"", answer(200, "", Millis(60)));
  REQUIRE(late.size() == 1);
  CHECK(late.at("within").starts_with("it took "));
  CHECK(late.at("within").ends_with(" ms, longer than 20ms"));
}

TEST_CASE("without an answer every check of one fails") {
  Reply none;
  none.ending = LoopbackServer::Ending::drop;
  const auto why = failing(kAll, none);
  CHECK(why.size() == 10);
  CHECK_FALSE(why.contains("within"));
  for (const auto& [check, words] : why) CHECK(words == "no answer came");
}

TEST_CASE("a certificate is checked for how long it holds") {
  const auto checks = checks_of("[check]\ncertificate = \"14d\"", "https://localhost/");
  record::ProbeResult result;
  result.outcome = core::Answered{200};
  result.started = *core::parse_instant("2026-10-01T00:00:00Z");
  sources::probe::Capture capture;
  const auto why = [&] { return sources::probe::check_answer(*checks, result, capture).at(0).why; };
  CHECK(why() == "no certificate was seen");
  record::TlsSeen server;
  server.earliest_end = *core::parse_instant("2026-10-15T00:00:00Z");
  result.server = std::make_shared<const record::TlsSeen>(server);
  CHECK(why().empty());
  server.earliest_end -= Millis(1);
  result.server = std::make_shared<const record::TlsSeen>(server);
  CHECK(why() == "a certificate ends 2026-10-14T23:59:59.999Z, in less than 14d");
}
