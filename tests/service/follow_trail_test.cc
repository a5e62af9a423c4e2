// A trail that is followed: its files are read once, for all agreements that name the path.
#include "service/follow/follower.h"

#include <fstream>

#include "ledger/open.h"
#include "support/captured_log.h"
#include "support/catch.h"
#include "support/sim_world.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr const char* kBegin = "2026-10-03T12:00:00Z";

std::string event(const std::string& id, const std::string& account, const std::string& time,
                  const std::string& more = "") {
  return fmt::format(
      R"({{"eventVersion":"1.11","userIdentity":{{"type":"IAMUser","accountId":"{1}"}},)"
      R"("eventTime":"{2}","eventSource":"kms.amazonaws.com","eventName":"Decrypt",)"
      R"("awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","userAgent":"aws-cli/2",)"
      R"("requestID":"req-{0}","eventID":"{0}","eventType":"AwsApiCall",)"
      R"("recipientAccountId":"{1}"{3}}})",
      id, account, time, more);
}

// A service's folder with a trail of two accounts.
struct Trail {
  test::TempDir dir;
  test::SimWorld sim{*core::parse_instant(kBegin)};
  config::SharedSettings settings;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<service::Follower> follower;
  std::vector<std::string> failures;

  Trail() {
    auto parsed = config::parse_settings(
        "ledger = \"sqlite:ledger.db\"\nvantage = \"here\"\n[[agreement]]\nid = \"{account}\"\n"
        "sla = \"aws-kms\"\naccounts = [\"111122223333\", \"444455556666\"]\n"
        "region = \"us-east-1\"\n[[agreement.log]]\nid = \"trail\"\nformat = \"cloudtrail\"\n"
        "path = \"AWSLogs/**/*.json\"\n",
        dir.file("recoup.toml"), {});
    INFO((parsed ? "" : parsed.error().message));
    REQUIRE(parsed.ok());
    settings = std::make_shared<const config::Settings>(*std::move(parsed));
    start();
  }

  void start() {
    follower.reset();
    ledger = *ledger::open_ledger("sqlite:" + dir.file("ledger.db"), ledger::Missing::make);
    follower = std::make_unique<service::Follower>(
        settings, *ledger, sim.world(),
        [this](const core::Error& error) { failures.push_back(error.message); });
  }

  void write(const std::string& name, const std::string& records) const {
    const fs::path path = dir.path() / "AWSLogs" / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "{\"Records\":[" << records << "]}";
  }

  void turns() {
    for (int i = 0; i < 4; ++i) {
      follower->turn({});
      sim.pass(5s);
    }
  }

  std::uint64_t counted(const std::string& agreement) {
    const core::Interval all{*core::parse_instant("2026-01-01T00:00:00Z"),
                             *core::parse_instant("2027-01-01T00:00:00Z")};
    std::uint64_t sum = 0;
    const auto tallies = *ledger->tallies(agreement, all);
    for (const auto& row : tallies.rows()) sum += row.count;
    return sum;
  }
};

}  // namespace

TEST_CASE("files of a trail are read once for all agreements, and again by nobody") {
  Trail trail;
  trail.write("111122223333/2026/10/03/a.json",
              event("e1", "111122223333", kBegin) + "," + event("e2", "444455556666", kBegin));
  trail.write("444455556666/2026/10/03/b.json",
              event("e2", "444455556666", kBegin) + "," + event("e3", "444455556666", kBegin));
  trail.turns();
  CHECK(trail.counted("111122223333") == 1);
  CHECK(trail.counted("444455556666") == 2);
  auto logs = trail.follower->counts();
  REQUIRE(logs.size() == 2);
  CHECK(logs[0].files == 2);
  CHECK(logs[1].requests == 2);
  CHECK(logs[1].read_before == 1);
  CHECK(trail.follower->take_written().size() == 2);

  trail.start();
  trail.write("444455556666/2026/10/04/c.json", event("e4", "444455556666", kBegin));
  trail.turns();
  logs = trail.follower->counts();
  CHECK(logs[1].requests == 1);
  CHECK(logs[0].bytes ==
        fs::file_size(trail.dir.path() / "AWSLogs/444455556666/2026/10/04/c.json"));
  CHECK(trail.counted("444455556666") == 3);
  CHECK(trail.failures.empty());
}

TEST_CASE("a trail whose files stop coming is silent, and late files tell of the time") {
  Trail trail;
  trail.write("a.json", event("e1", "111122223333", "2026-10-03T11:50:00Z"));
  trail.turns();
  trail.sim.pass(59min);
  trail.turns();
  CHECK_FALSE(trail.follower->counts()[0].silent_since.has_value());
  trail.sim.pass(1h);
  trail.turns();
  CHECK(trail.follower->counts()[0].silent_since == *core::parse_instant("2026-10-03T11:51:00Z"));
  // Of the other account it never told of anything.
  CHECK_FALSE(trail.follower->counts()[1].silent_since.has_value());
  const core::Interval day{*core::parse_instant("2026-10-03T00:00:00Z"),
                           *core::parse_instant("2026-10-04T00:00:00Z")};
  CHECK(trail.ledger->tallies("111122223333", day)->unseen().size() == 1);
  trail.write("b.json", event("e5", "111122223333", "2026-10-03T12:30:00Z") + "," +
                            event("e6", "111122223333", "2026-10-03T13:20:00Z"));
  trail.turns();
  CHECK_FALSE(trail.follower->counts()[0].silent_since.has_value());
  CHECK(trail.ledger->tallies("111122223333", day)->unseen().empty());
  CHECK(trail.counted("111122223333") == 3);
}

TEST_CASE(
    "a file of a trail that is damaged is told of, read when it is whole, and no reason to stop") {
  test::CapturedLog log;
  Trail trail;
  trail.write("a.json", event("e1", "111122223333", kBegin));
  fs::create_directories(trail.dir.path() / "AWSLogs");
  std::ofstream(trail.dir.path() / "AWSLogs/b.json") << "{\"Records\":[{\"eventVersion\"";
  trail.turns();
  CHECK(trail.counted("111122223333") == 1);
  CHECK(trail.follower->counts()[0].problem_files == 1);
  trail.write("b.json", event("e2", "111122223333", kBegin));
  trail.turns();
  CHECK(trail.counted("111122223333") == 2);
  CHECK(trail.follower->counts()[0].problem_files == 0);
}
