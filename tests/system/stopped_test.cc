// The real program, stopped and continued: what it does not see for that is not the provider's
// fault.

#include <atomic>
#include <csignal>

#include <fmt/format.h>

#include "ledger/open.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "system/world.h"

using namespace recoup;
using namespace recoup::test;
using namespace std::chrono_literals;

namespace {

using Outcomes = std::map<std::string, std::uint64_t>;

Outcomes outcomes(const std::string& folder) {
  const auto ledger = ledger::open_ledger("sqlite:" + folder + "/recoup.db");
  if (!ledger.ok()) return {};
  const core::Interval always{core::Instant{}, *core::parse_instant("2200-01-01T00:00:00Z")};
  const auto tallies = (*ledger)->tallies("slow", always);
  if (!tallies.ok()) return {};
  Outcomes found;
  for (const auto& row : tallies->rows()) {
    found[core::to_text(tallies->outcomes()[row.outcome])] += row.count;
  }
  return found;
}

// One request, a second for its answer, and SIGSTOP for longer than that while it is in flight.
Outcomes stopped_while_in_flight(bool answered) {
  const TempDir folder;
  const std::string path = folder.path().string();
  std::atomic<bool> stopped{false};
  LoopbackServer server([&](const LoopbackServer::Request&) {
    LoopbackServer::Reply reply;
    reply.headers = {{"x-amzn-RequestId", "1"}};
    if (!answered) reply.delay = 1min;
    test::eventually([&] { return stopped.load(); });
    return reply;
  });
  write_text(path + "/recoup.toml", fmt::format(R"(ledger = "sqlite:recoup.db"
listen = "127.0.0.1:{}"
[[agreement]]
id = "slow"
sla = "aws-kms"
account = "123456789012"
region = "us-east-1"
[[agreement.probe]]
id = "p"
url = "{}"
every = "1h"
timeout = "1s"
)",
                                                free_port(), server.url()));
  Process service({recoup_binary(), "run", "--config", path + "/recoup.toml"}, path);
  REQUIRE(test::eventually([&] { return server.requests().size() == 1; }));
  service.signal(SIGSTOP);
  stopped = true;
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(test::eventually([&] { return std::chrono::steady_clock::now() - begin > 2s; }));
  service.signal(SIGCONT);
  INFO(service.err());
  REQUIRE(test::eventually([&] { return !outcomes(path).empty(); }));
  service.signal(SIGTERM);
  service.wait();
  return outcomes(path);
}

}  // namespace

TEST_CASE("an answer that came while the service was stopped counts") {
  CHECK(stopped_while_in_flight(true) == Outcomes{{"200", 1}});
}

TEST_CASE("no answer when the service was stopped is a missed probe, and no time-out") {
  CHECK(stopped_while_in_flight(false) == Outcomes{{"missed/late", 1}});
}
