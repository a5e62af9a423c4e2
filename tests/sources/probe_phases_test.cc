#include "sources/probe/stages.h"

#include <cstdlib>
#include <numeric>
#include <thread>

#include "sources/probe/recent.h"
#include "support/catch.h"
#include "support/certificates.h"
#include "support/loopback_server.h"
#include "support/probing.h"
#include "support/tls_server.h"

using namespace recoup;
using core::Millis;
using record::Phase;
using sources::probe::Stages;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

namespace {

[[maybe_unused]] const int kNoProxyHere = ::setenv("no_proxy", "*", 1);

nanoseconds sum_of(const record::Phases& phases) {
  return std::accumulate(phases.begin(), phases.end(), nanoseconds(0));
}

nanoseconds of(const record::Phases& phases, Phase phase) {
  return phases[static_cast<std::size_t>(phase)];
}

std::vector<int> micros(const record::Phases& phases) {
  std::vector<int> all;
  for (const auto each : phases) all.push_back(static_cast<int>(each.count() / 1000));
  return all;
}

sources::probe::ProbeSettings settings_of(const std::string& url, Millis every) {
  sources::probe::ProbeSettings settings;
  settings.id = "p";
  settings.url = url;
  settings.every = every;
  settings.timeout = std::chrono::seconds(10);
  return settings;
}

// What the last of so many requests came to.
record::ProbeResult last_of(Probing& probing, std::uint64_t ended) {
  REQUIRE(eventually([&] { return probing.recent().of({"kms", "p"})->ended >= ended; }));
  probing.stop();
  return *probing.recent().of({"kms", "p"})->last;
}

}  // namespace

TEST_CASE("phases add up to the whole, and what follows the last stage is of the next") {
  struct Row {
    const char* name;
    Stages stages;
    int total;
    std::vector<int> phases;
  };
  const auto us = [](int n) { return microseconds(n); };
  for (const Row& row : std::vector<Row>{
           {"all of TLS",
            {us(10), us(30), us(60), us(61), us(100), false, true},
            120,
            {10, 20, 30, 1, 39, 20}},
           {"plain",
            {us(10), us(30), us(0), us(31), us(100), false, false},
            120,
            {10, 20, 0, 1, 69, 20}},
           {"kept", {us(3), us(4), us(0), us(9), us(100), true, true}, 120, {0, 0, 0, 9, 91, 20}},
           {"not resolved", {}, 120, {120, 0, 0, 0, 0, 0}},
           {"not connected",
            {us(10), us(0), us(0), us(0), us(0), false, true},
            120,
            {10, 110, 0, 0, 0, 0}},
           {"not encrypted",
            {us(10), us(30), us(0), us(0), us(0), false, true},
            120,
            {10, 20, 90, 0, 0, 0}},
           {"not answered",
            {us(10), us(30), us(60), us(61), us(0), false, true},
            120,
            {10, 20, 30, 1, 59, 0}},
           {"a stage out of order",
            {us(10), us(5), us(0), us(20), us(15), false, false},
            120,
            {10, 0, 0, 10, 0, 100}},
           {"stages beyond the whole",
            {us(10), us(30), us(0), us(31), us(200), false, false},
            50,
            {10, 20, 0, 1, 19, 0}}}) {
    INFO(row.name);
    const record::Phases phases = sources::probe::phases_of(row.stages, us(row.total));
    CHECK(micros(phases) == row.phases);
    CHECK(sum_of(phases) == us(row.total));
  }
  CHECK(record::phases_text({microseconds(214),
                             {},
                             {},
                             nanoseconds(999),
                             microseconds(3'000'200),
                             microseconds(5'000)}) ==
        "resolve 0.214 ms, wait 3000.2 ms, transfer "
        "5 ms");
}

TEST_CASE("the time of a slow answer is its waiting, and a kept connection has no making") {
  LoopbackServer server([](const LoopbackServer::Request&) {
    LoopbackServer::Reply reply;
    reply.body = "here";
    reply.delay = Millis(60);
    return reply;
  });
  for (const bool keep : {true, false}) {
    INFO((keep ? "kept" : "fresh"));
    sources::probe::ProbeSettings settings = settings_of(server.url(), Millis(150));
    settings.keep_alive = keep;
    Probing probing({settings});
    const record::ProbeResult last = last_of(probing, 3);
    CHECK(sum_of(last.phases) == last.duration);
    CHECK(of(last.phases, Phase::wait) >= Millis(50));
    CHECK((of(last.phases, Phase::connect) == nanoseconds(0)) == keep);
    CHECK((of(last.phases, Phase::resolve) == nanoseconds(0)) == keep);
    CHECK(of(last.phases, Phase::tls) == nanoseconds(0));
    CHECK(last.http_version == 11);
    CHECK(last.ip_protocol == 4);
    CHECK(last.body_bytes == 4);
    CHECK(last.expected);
    // The board has the same sums, to the nanosecond.
    const auto counts = probing.board.counts();
    REQUIRE(counts.size() == 1);
    CHECK(sum_of(counts[0].phases) == counts[0].duration.sum());
    const auto all = probing.board.phases();
    REQUIRE(all.size() == 1);
    const auto waits = all[0].phases[static_cast<std::size_t>(Phase::wait)];
    CHECK(waits.count() == counts[0].duration.count());
    CHECK(waits.sum() == of(counts[0].phases, Phase::wait));
    const auto connects = all[0].phases[static_cast<std::size_t>(Phase::connect)];
    CHECK((connects.count() < waits.count()) == keep);
  }
}

TEST_CASE("a request that ends early spent the rest where it was, and evidence says so") {
  SECTION("a name that nobody has") {
    Probing probing({settings_of("http://nobody.invalid/", std::chrono::hours(1))});
    const record::ProbeResult last = last_of(probing, 1);
    CHECK(core::to_text(last.outcome) == "dns");
    CHECK(of(last.phases, Phase::resolve) == last.duration);
    const auto evidence = take(probing.board).evidence;
    REQUIRE(evidence.size() == 1);
    // Where nobody is asked, libcurl may know before its clock goes on by a microsecond.
    const std::string phases =
        last.duration.count() == 0 ? "" : "; resolve " + record::millis_text(last.duration);
    CHECK(evidence[0].evidence.detail == "GET /" + phases);
  }
  SECTION("an answer that does not come") {
    LoopbackServer server([](const LoopbackServer::Request&) {
      LoopbackServer::Reply late;
      late.delay = std::chrono::minutes(1);
      return late;
    });
    sources::probe::ProbeSettings settings = settings_of(server.url(), std::chrono::hours(1));
    settings.timeout = Millis(200);
    Probing probing({settings});
    const record::ProbeResult last = last_of(probing, 1);
    CHECK(core::to_text(last.outcome) == "timeout");
    CHECK(sum_of(last.phases) == last.duration);
    CHECK(of(last.phases, Phase::wait) > Millis(150));
    const auto evidence = take(probing.board).evidence;
    REQUIRE(evidence.size() == 1);
    CHECK(evidence[0].evidence.detail.find(", wait ") != std::string::npos);
  }
  SECTION("a broken promise of TLS") {
    LoopbackServer server([](const LoopbackServer::Request&) { return LoopbackServer::Reply{}; });
    Probing probing({settings_of("https" + server.url().substr(4), std::chrono::hours(1))});
    const record::ProbeResult last = last_of(probing, 1);
    CHECK(core::to_text(last.outcome) == "tls");
    CHECK(of(last.phases, Phase::tls) > nanoseconds(0));
    CHECK(of(last.phases, Phase::wait) == nanoseconds(0));
    CHECK(last.server == nullptr);
  }
}

TEST_CASE("what a server shows of itself is seen, on kept connections too") {
  Certificates certificates;
  certificates.authority("ca");
  certificates.issue("server", "ca", "DNS:kms.example, IP:127.0.0.1", std::chrono::hours(48));
  TlsServer server({certificates.pem_file("server"), certificates.key_file("server"), ""});
  sources::probe::ProbeSettings settings = settings_of(server.url(), Millis(100));
  rules::ProbeTls tls;
  tls.ca_file = certificates.pem_file("ca");
  settings.tls = std::make_shared<const rules::ProbeTls>(tls);
  Probing probing({settings});
  // Where the first is still under way the second is not kept either.
  REQUIRE(eventually([&] {
    const auto seen = probing.recent().of({"kms", "p"});
    return seen->last && of(seen->last->phases, Phase::tls) == nanoseconds(0);
  }));
  const record::ProbeResult last = last_of(probing, 2);
  REQUIRE(last.server);
  CHECK(last.server->version == "TLSv1.3");
  const auto left = last.server->earliest_end - last.started;
  CHECK(left > std::chrono::hours(47));
  CHECK(left <= std::chrono::hours(48));
  REQUIRE(last.server->chain_end);
  CHECK(last.server->names == "kms.example");
  CHECK(last.server->fingerprint.size() == 64);
  const auto counts = probing.board.counts();
  CHECK(of(counts.at(0).phases, Phase::tls) > nanoseconds(0));  // the first
}

TEST_CASE("who asks for a probe has it sent at once, and never sooner than its period") {
  LoopbackServer server([](const LoopbackServer::Request&) { return LoopbackServer::Reply{}; });
  // The first probe of all is due at the start, the second in 0.618 of its period.
  sources::probe::ProbeSettings first = settings_of(server.url("/first"), std::chrono::hours(1));
  first.id = "first";
  const sources::probe::ProbeSettings asked =
      settings_of(server.url("/asked"), std::chrono::hours(1));
  Probing probing({first, asked});
  REQUIRE(eventually([&] { return server.requests().size() == 1; }));
  CHECK(probing.recent().of({"kms", "p"})->ended == 0);
  probing.ask("p");
  REQUIRE(eventually([&] { return server.requests().size() == 2; }));
  CHECK(server.requests()[1].target == "/asked");
  REQUIRE(eventually([&] { return probing.recent().of({"kms", "p"})->ended == 1; }));
  for (int i = 0; i < 5; ++i) {
    probing.ask("p");
    probing.ask("first");
  }
  probing.ask("nobody");
  std::this_thread::sleep_for(Millis(100));
  probing.stop();
  CHECK(server.requests().size() == 2);
  // Each was due, and is counted.
  for (const auto& counts : probing.board.counts()) CHECK(counts.due == 1);
}
