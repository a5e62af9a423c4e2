#include "service/leadership.h"

#include "ledger/open.h"
#include "support/catch.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;
using Is = service::LeadershipWatch::Is;

namespace {

const core::Instant kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 3);

struct World {
  test::TempDir dir;
  FakeClock clock{kNow};
  std::vector<core::Error> failures;
  std::unique_ptr<ledger::Ledger> first = open();
  std::unique_ptr<ledger::Ledger> second = open();
  std::unique_ptr<service::Leadership> one = lead(*first, record::Writer{"a", "host1", 1, kNow});
  std::unique_ptr<service::Leadership> other = lead(*second, record::Writer{"b", "host2", 2, kNow});

  std::unique_ptr<ledger::Ledger> open() const {
    return *ledger::open_ledger("sqlite:" + dir.file("ledger.db"));
  }
  std::unique_ptr<service::Leadership> lead(ledger::Ledger& ledger,
                                            std::optional<record::Writer> as) {
    return std::make_unique<service::Leadership>(
        ledger, std::move(as), clock,
        [this](const core::Error& error) { failures.push_back(error); });
  }
};

}  // namespace

TEST_CASE("one process leads as long as it asks, and begins anew where it leads again") {
  World world;
  service::LeadershipWatch watch(world.one.get());
  service::LeadershipWatch other(world.other.get());
  CHECK(watch.look() == Is::not_leading);  // nobody was asked yet
  world.one->turn();
  world.other->turn();
  CHECK(watch.look() == Is::began);
  CHECK(watch.look() == Is::leading);
  CHECK(other.look() == Is::not_leading);
  REQUIRE(world.other->holders().size() == 1);
  CHECK(world.other->holders().front().host == "host1");

  // One that cannot ask does not lead for longer than the ledger may keep others from it.
  world.clock.advance(24s);
  CHECK(watch.look() == Is::leading);
  world.clock.advance(2s);
  CHECK(watch.look() == Is::not_leading);
  world.one->turn();
  CHECK(watch.look() == Is::began);

  world.one.reset();
  world.first.reset();
  world.other->turn();
  CHECK(other.look() == Is::began);
  CHECK(world.failures.empty());
}

TEST_CASE("who is nobody never leads, and where there is no other process one always does") {
  World world;
  const auto prober = world.lead(*world.second, std::nullopt);
  prober->turn();
  CHECK_FALSE(prober->holds());
  world.one->turn();
  prober->turn();
  CHECK_FALSE(prober->holds());
  REQUIRE(prober->holders().size() == 1);
  CHECK(prober->holders().front().lives);
  service::LeadershipWatch alone(nullptr);
  CHECK(alone.look() == Is::began);
  CHECK(alone.look() == Is::leading);
}
