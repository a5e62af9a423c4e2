#include "sources/probe/attention.h"

#include <utility>

#include "support/catch.h"
#include "support/fake_clock.h"

using namespace recoup;
using namespace std::chrono_literals;
using core::Millis;
using core::Moment;
using core::NotSent;
using sources::probe::Attention;

namespace {

const core::Instant kNoon = *core::parse_instant("2026-10-03T12:00:00Z");

// A loop that looks at a clock that the test moves.
struct World {
  FakeClock clock{kNoon};
  Attention attention{core::moment_of(clock)};

  Attention::Passed look(Millis waited = 100ms) {
    return attention.look(core::moment_of(clock), waited);
  }
};

}  // namespace

TEST_CASE("a turn that comes when it should is no absence, nor is one that has much to do") {
  World world;
  for (const Millis passed : {0ms, 1ms, 100ms, 600ms}) {
    world.clock.advance(passed);
    CHECK_FALSE(world.look().step);
  }
  CHECK(world.attention.absences() == 0);
  CHECK(world.attention.still() == 0ms);
  CHECK_FALSE(world.attention.woke());
}

TEST_CASE("a turn that comes late is an absence, for as long as nobody waited for it") {
  World world;
  world.clock.advance(601ms);
  CHECK_FALSE(world.look().step);
  CHECK(world.attention.absences() == 1);
  CHECK(world.attention.still() == 501ms);
  world.clock.advance(11s);
  world.look(50ms);
  CHECK(world.attention.absences() == 2);
  CHECK(world.attention.still() == 501ms + 10950ms);
  // The network did not sleep.
  CHECK_FALSE(world.attention.woke());
}

TEST_CASE("a suspended machine is told from a clock that jumped, and both hid time") {
  World world;
  world.clock.advance(40ms);
  world.clock.suspend(1h);
  const auto slept = world.look();
  REQUIRE(slept.step);
  CHECK(slept.step->by == 1h);
  CHECK(slept.step->suspended == 1h);
  CHECK(slept.step->reason() == NotSent::suspended);
  CHECK(slept.step->at == kNoon + 1h + 40ms);
  CHECK(slept.unmeasured == core::Interval{kNoon, kNoon + 1h});
  CHECK(world.attention.absences() == 1);
  CHECK(world.attention.woke() == world.clock.mono());

  world.clock.step(10min);
  const auto jumped = world.look();
  REQUIRE(jumped.step);
  CHECK(jumped.step->by == 10min);
  CHECK(jumped.step->suspended == 0ms);
  CHECK(jumped.step->reason() == NotSent::clock);
  CHECK(jumped.unmeasured == core::Interval{kNoon + 1h + 40ms, kNoon + 70min + 40ms});
  CHECK(world.attention.absences() == 2);
  CHECK(world.attention.still() == 0ms);
}

TEST_CASE("a clock that is set back hides nothing and is no absence") {
  World world;
  world.clock.step(-1h);
  const auto passed = world.look();
  REQUIRE(passed.step);
  CHECK(passed.step->by == -1h);
  CHECK(passed.unmeasured.empty());
  CHECK(world.attention.absences() == 0);
}

TEST_CASE("a suspension that the wall clock did not count is an absence without a gap") {
  World world;
  world.clock.suspend(1h);
  world.clock.step(-1h);
  const auto passed = world.look();
  REQUIRE(passed.step);
  CHECK(passed.step->by == 0ms);
  CHECK(passed.step->suspended == 1h);
  CHECK(passed.unmeasured.empty());
  CHECK(world.attention.absences() == 1);
}

TEST_CASE("a clock that is slewed does not step, however long nobody looked") {
  World world;
  world.clock.step(250ms);
  CHECK_FALSE(world.look().step);
  world.clock.step(-250ms);
  CHECK_FALSE(world.look().step);
  world.clock.advance(1h);
  world.clock.step(5min);  // a twelfth
  CHECK_FALSE(world.look(1h).step);
  world.clock.step(251ms);
  CHECK(world.look().step);
}

TEST_CASE("clocks are read anew where the reader was held up between two of them") {
  // Stops for 11 s between reading the wall clock and the monotonic one, once.
  struct Held : FakeClock {
    Held() : FakeClock(kNoon) {}
    core::Instant wall() const override {
      const core::Instant read = FakeClock::wall();
      if (!std::exchange(held, true)) const_cast<Held*>(this)->advance(11s);
      return read;
    }
    mutable bool held = true;
  };
  Held clock;
  const Moment before = core::moment_of(clock);
  clock.held = false;
  const Moment after = core::moment_of(clock);
  CHECK(after.wall - before.wall == 11s);
  CHECK(after.mono - before.mono == 11s);
  CHECK(after.boot - before.boot == 11s);
}
