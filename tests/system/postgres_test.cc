// The running program with its ledger in PostgreSQL, whatever is done to either: what a server of
// the test's own counted is what the ledger holds in the end.
#include <atomic>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>

#include "ledger/open.h"
#include "support/catch.h"
#include "support/loopback_server.h"
#include "support/postgres_server.h"
#include "system/folder.h"

using namespace recoup;
using namespace recoup::test;
using namespace std::chrono_literals;

namespace {

constexpr int kProbes = 4;

// Site is a place that probes from: the program in a folder of its own.
class Site {
 public:
  Site(const std::string& vantage, const std::string& url, const std::string& ledger) {
    std::string settings = probing_settings(url, port_, kProbes);
    const auto put = [&](const std::string& from, const std::string& to) {
      settings.replace(settings.find(from), from.size(), to);
    };
    put("sqlite:recoup.db", ledger);
    put("vantage = \"test\"", "vantage = \"" + vantage + "\"");
    write_text(dir_.file("recoup.toml"), settings);
  }

  void start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{"sh", "-c", "cd \"$0\" && exec \"$@\"", dir_.path().string(),
                                 recoup_binary(), "run"},
        dir_.path().string());
  }
  int end(int signal) const {
    process_->signal(signal);
    return process_->wait();
  }
  bool ready() const {
    long status = 0;
    get("/-/ready", &status);
    return status == 200;
  }
  std::string get(const std::string& path, long* status = nullptr) const {
    return http_get(fmt::format("http://127.0.0.1:{}{}", port_, path), status);
  }
  std::string said() const { return process_->out() + process_->err(); }

 private:
  TempDir dir_;
  int port_ = free_port();
  std::unique_ptr<Process> process_;
};

struct World {
  std::atomic<std::uint64_t> answered{0};
  std::atomic<bool> closed{false};
  std::atomic<int> cut_off{0};
  LoopbackServer server{[this](const LoopbackServer::Request&) {
    LoopbackServer::Reply reply;
    if (closed) {
      ++cut_off;
      reply.ending = LoopbackServer::Ending::reset;
      return reply;
    }
    const std::uint64_t number = ++answered;
    reply.status = number % 7 == 0 ? 503 : 200;
    reply.headers = {{"x-amzn-requestid", fmt::format("request-{}", number)}};
    return reply;
  }};
  PostgresServer postgres;
  std::string ledger = postgres.new_database();
  Site berlin{"berlin", server.url(), ledger};
  Site tokyo{"tokyo", server.url(), ledger};

  bool sees_more(std::uint64_t more) const {
    const std::uint64_t before = answered;
    return recoup::test::eventually([&] { return answered >= before + more; });
  }

  // From here on nothing is answered, and no answer is on its way.
  bool close() {
    closed = true;
    return recoup::test::eventually([&] { return cut_off >= 8 * kProbes; });
  }

  void check_all() const {
    const auto opened = ledger::open_ledger(ledger, ledger::Missing::refuse);
    REQUIRE(opened.ok());
    const core::Interval always{core::Instant{}, *core::parse_instant("2200-01-01T00:00:00Z")};
    const auto tallies = (*opened)->tallies("nginx", always);
    REQUIRE(tallies.ok());
    std::uint64_t counted = 0;
    std::uint64_t errors = 0;
    for (const auto& row : tallies->rows()) {
      const core::Outcome& outcome = tallies->outcomes()[row.outcome];
      if (!std::holds_alternative<core::Answered>(outcome)) continue;
      counted += row.count;
      if (outcome == core::Outcome(core::Answered{503})) errors += row.count;
    }
    CHECK(counted == answered);
    CHECK(errors == answered / 7);
    std::uint64_t records = 0;
    REQUIRE((*opened)
                ->evidence("nginx", always,
                           [&](const record::Evidence& one) {
                             records += one.outcome == core::Outcome(core::Answered{503}) ? 1 : 0;
                           })
                .ok());
    CHECK(records == errors);
    CHECK((*opened)->check_chain("nginx", {})->empty());
    CHECK((*opened)->check_evidence("nginx")->excess.empty());
  }
};

}  // namespace

TEST_CASE(
    "two places record in one database that goes and returns, and nothing is lost or doubled") {
  World world;
  world.berlin.start();
  world.tokyo.start();
  REQUIRE(recoup::test::eventually([&] { return world.berlin.ready() && world.tokyo.ready(); }));
  REQUIRE(world.sees_more(100));
  world.postgres.stop(SIGQUIT);
  REQUIRE(recoup::test::eventually([&] { return !world.berlin.ready() && !world.tokyo.ready(); }));
  CHECK_HAS(world.berlin.get("/metrics"), "recoup_ledger_errors_total{operation=\"write\"} 1\n");
  REQUIRE(world.sees_more(200));
  world.postgres.start();
  REQUIRE(recoup::test::eventually([&] { return world.berlin.ready() && world.tokyo.ready(); }));
  REQUIRE(world.sees_more(50));

  // One that is stopped while the database is away leaves its counts to its next start.
  world.postgres.stop(SIGQUIT);
  REQUIRE(recoup::test::eventually([&] { return !world.berlin.ready() && !world.tokyo.ready(); }));
  REQUIRE(world.sees_more(50));
  REQUIRE(world.close());
  CHECK(world.tokyo.end(SIGTERM) == 0);
  CHECK_HAS(world.tokyo.said(), "the next start brings it into the ledger");
  world.postgres.start();
  world.tokyo.start();
  REQUIRE(recoup::test::eventually([&] { return world.berlin.ready() && world.tokyo.ready(); }));
  CHECK(world.berlin.end(SIGTERM) == 0);
  CHECK(world.tokyo.end(SIGTERM) == 0);
  CHECK_HAS(world.berlin.said(), "stopped; everything seen is in the ledger");
  world.check_all();
}

TEST_CASE("a vantage that a living process has is refused to a second one of another folder") {
  World world;
  world.berlin.start();
  REQUIRE(recoup::test::eventually([&] { return world.berlin.ready(); }));
  Site second("berlin", world.server.url(), world.ledger);
  second.start();
  CHECK(second.end(0) == 1);
  CHECK_HAS(second.said(), "expected to be the only one that records for the vantage 'berlin'");
  REQUIRE(world.close());
  CHECK(world.berlin.end(SIGTERM) == 0);
  world.check_all();
}
