// The service against a real nginx: what it counts is what nginx's own access log says.

#include <csignal>

#include <fmt/format.h>

#include "ledger/open.h"
#include "support/catch.h"
#include "system/world.h"

using namespace recoup;
using namespace recoup::test;

namespace {

constexpr int kProbes = 10;

struct Counted {
  std::map<std::string, int> outcomes;
  int gap = 0;  // probes that were due while the service did not run

  int answered(int status) const {
    const auto at = outcomes.find(fmt::format("{}", status));
    return at == outcomes.end() ? 0 : at->second;
  }
};

Counted read_ledger(const std::string& folder) {
  const auto ledger = ledger::open_ledger("sqlite:" + folder + "/recoup.db");
  REQUIRE(ledger.ok());
  const core::Interval always{core::Instant{}, *core::parse_instant("2200-01-01T00:00:00Z")};
  const auto tallies = (*ledger)->tallies("nginx", always);
  REQUIRE(tallies.ok());
  Counted counted;
  for (const auto& row : tallies->rows()) {
    counted.outcomes[core::to_text(tallies->outcomes()[row.outcome])] +=
        static_cast<int>(row.count);
  }
  for (const auto& gap : tallies->gaps()) counted.gap += static_cast<int>(gap.due(gap.span));
  return counted;
}

class Service {
 public:
  Service(const std::string& folder, const std::string& url, bool keep_alive = true)
      : folder_(folder), port_(free_port()) {
    write_text(folder_ + "/recoup.toml", probing_settings(url, port_, kProbes, keep_alive));
    start();
  }

  void start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{recoup_binary(), "run", "--config", folder_ + "/recoup.toml"},
        folder_);
  }

  void end(int signal) {
    process_->signal(signal);
    process_->wait();
  }

  bool ready() const {
    long status = 0;
    http_get(fmt::format("http://127.0.0.1:{}/-/ready", port_), &status);
    return status == 200;
  }

  std::string errors() const { return process_->err(); }

 private:
  std::string folder_;
  int port_;
  std::unique_ptr<Process> process_;
};

struct Compared {
  Counted counted;
  std::map<int, int> logged;
  int reset = 0;  // before nginx was stopped
};

// Probes nginx through every fault and a reload of it, and reads what both of them counted.
Compared count_through_faults(bool keep_alive) {
  const TempDir folder;
  Nginx nginx(folder.path().string());
  Service service(folder.path().string(), nginx.url(), keep_alive);
  const auto logged = [&](int status, int at_least) {
    return eventually([&] { return nginx.counts()[status] >= at_least; });
  };

  REQUIRE(logged(200, 50));
  nginx.reload();
  REQUIRE(logged(200, nginx.counts()[200] + 50));
  nginx.answer_with(500);
  REQUIRE(logged(500, 50));
  nginx.answer_with(503);
  REQUIRE(logged(503, 50));
  nginx.answer_with(444);
  REQUIRE(logged(444, 50));
  nginx.answer_with(200);
  REQUIRE(logged(200, nginx.counts()[200] + 50));
  // What was cut off, before nginx itself is: the ledger is a second behind.
  const int cut_off = nginx.counts()[444];
  const auto resets = [&] { return read_ledger(folder.path().string()).outcomes["reset"]; };
  REQUIRE(eventually([&] { return resets() >= cut_off; }));
  const int reset = resets();
  nginx.stop();
  REQUIRE(
      eventually([&] { return read_ledger(folder.path().string()).outcomes["connect"] >= 20; }));
  CHECK(service.ready());
  service.end(SIGTERM);

  INFO(service.errors());
  return {read_ledger(folder.path().string()), nginx.counts(), reset};
}

}  // namespace

TEST_CASE("the service counts what nginx logs, request for request, across faults and a reload") {
  auto [counted, log, reset] = count_through_faults(false);
  CHECK(counted.answered(200) == log[200]);
  CHECK(counted.answered(500) == log[500]);
  CHECK(counted.answered(503) == log[503]);
  CHECK(reset == log[444]);
  CHECK(counted.gap == 0);
}

TEST_CASE("on kept connections every answer is counted that nginx logs") {
  auto [counted, log, reset] = count_through_faults(true);
  CHECK(counted.answered(200) == log[200]);
  CHECK(counted.answered(500) == log[500]);
  CHECK(counted.answered(503) == log[503]);
  // A request that meets its connection as the reloaded nginx closes it is one that nginx never saw
  // or logged: at most one a connection, and there is one connection a probe.
  CHECK(reset >= log[444]);
  CHECK(reset <= log[444] + kProbes);
  CHECK(counted.gap == 0);
}

TEST_CASE(
    "after kill -9 the counts lack no more than the stated gap, and nothing is counted twice") {
  const TempDir folder;
  Nginx nginx(folder.path().string());
  Service service(folder.path().string(), nginx.url());
  for (int round = 0; round < 3; ++round) {
    const int before = nginx.requests();
    REQUIRE(eventually([&] { return nginx.requests() >= before + 150; }));
    service.end(SIGKILL);
    service.start();
  }
  REQUIRE(eventually([&] { return service.ready(); }));
  const int before = nginx.requests();
  REQUIRE(eventually([&] { return nginx.requests() >= before + 150; }));
  nginx.stop();
  REQUIRE(
      eventually([&] { return read_ledger(folder.path().string()).outcomes["connect"] >= 20; }));
  service.end(SIGTERM);

  const Counted counted = read_ledger(folder.path().string());
  const int logged = nginx.requests();
  INFO("logged " << logged << ", counted " << counted.answered(200) << ", gap " << counted.gap);
  CHECK(counted.answered(200) <= logged);
  CHECK(logged - counted.answered(200) <= counted.gap);
  CHECK(counted.gap > 0);
}
