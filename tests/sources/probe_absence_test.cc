// What becomes of requests, counts and gaps when we, or the machine, were not there.

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "sources/probe/prober.h"
#include "support/catch.h"
#include "support/fake_clock.h"
#include "support/loopback_server.h"
#include "support/probing.h"

using namespace recoup;
using namespace std::chrono_literals;
using core::Millis;
using core::NotSent;
using Reply = LoopbackServer::Reply;
using Request = LoopbackServer::Request;
using Outcomes = std::map<std::string, std::uint64_t>;

namespace {

const core::Instant kNoon = *core::parse_instant("2026-10-03T12:00:00Z");

// The system's clock, in whose reading the prober can be held, as a process that is stopped is held
// anywhere.
class HeldClock : public service::SystemClock {
 public:
  std::chrono::nanoseconds boot() const override {
    std::unique_lock lock(mutex_);
    held_ = holding_;
    let_go_.wait(lock, [this] { return !holding_; });
    held_ = false;
    return service::SystemClock::boot();
  }

  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }
  bool holds() const {
    const std::lock_guard lock(mutex_);
    return held_;
  }
  void let_go() {
    {
      const std::lock_guard lock(mutex_);
      holding_ = false;
    }
    let_go_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable let_go_;
  mutable bool held_ = false;
  bool holding_ = false;
};

// A fake clock that knows how often it was looked at: a test that moves it on by little for each
// look lets time pass without making the prober late.
class WatchedClock : public FakeClock {
 public:
  WatchedClock() : FakeClock(kNoon) {}
  std::chrono::nanoseconds boot() const override {
    ++looks;
    return FakeClock::boot();
  }
  mutable std::atomic<int> looks{0};
};

sources::probe::ProbeSettings once(const std::string& url, Millis timeout) {
  sources::probe::ProbeSettings settings;
  settings.id = "p";
  settings.url = url;
  settings.every = 1h;
  settings.timeout = timeout;
  return settings;
}

Reply never() {
  Reply reply;
  reply.delay = 1min;
  return reply;
}

bool passed(Millis time) {
  const auto begin = std::chrono::steady_clock::now();
  return eventually([&] { return std::chrono::steady_clock::now() - begin > time; });
}

std::string only_outcome(Probing& probing) {
  REQUIRE(eventually([&] { return !probing.outcomes().empty(); }));
  probing.stop();
  const Outcomes outcomes = probing.outcomes();
  CHECK(outcomes.size() == 1);
  CHECK(outcomes.begin()->second == 1);
  return outcomes.begin()->first;
}

}  // namespace

TEST_CASE("an answer that came while we stood still counts, though its time is over") {
  HeldClock clock;
  const Millis timeout = 1s;
  // It answers when the prober stands still, and not before.
  LoopbackServer server([&](const Request&) {
    clock.hold();
    eventually([&] { return clock.holds(); });
    return Reply{};
  });
  Probing probing({once(server.url(), timeout)}, {}, &clock);
  REQUIRE(eventually([&] { return clock.holds(); }));
  REQUIRE(passed(timeout + 300ms));
  clock.let_go();
  REQUIRE(eventually([&] { return !probing.outcomes().empty(); }));
  probing.stop();
  CHECK(probing.outcomes() == Outcomes{{"200", 1}});
  // Our stop is not in the duration that is the provider's.
  CHECK(probing.board.counts()[0].duration.sum() < timeout);
}

TEST_CASE("a request that is not answered when we stood still is missed, and no time-out") {
  HeldClock clock;
  LoopbackServer server([&](const Request&) {
    clock.hold();
    return never();
  });
  Probing probing({once(server.url(), 300ms)}, {}, &clock);
  REQUIRE(eventually([&] { return clock.holds(); }));
  REQUIRE(passed(900ms));
  clock.let_go();
  CHECK(only_outcome(probing) == "missed/late");
  CHECK(take(probing.board).evidence.empty());
}

TEST_CASE("a request that is in flight when the machine sleeps or the clock jumps is no time-out") {
  struct Row {
    const char* name;
    void (*happen)(FakeClock&);
    const char* outcome;
  };
  for (const Row& row : std::vector<Row>{
           {"nothing happens", [](FakeClock&) {}, "timeout"},
           {"the turn is late", [](FakeClock& clock) { clock.advance(11s); }, "missed/late"},
           {"suspended", [](FakeClock& clock) { clock.suspend(1h); }, "missed/late"},
           {"jumped", [](FakeClock& clock) { clock.step(1h); }, "missed/late"},
           {"suspended, and the wall clock stood still",
            [](FakeClock& clock) {
              clock.suspend(1h);
              clock.step(-1h);
            },
            "missed/late"},
           {"set back", [](FakeClock& clock) { clock.step(-1h); }, "timeout"}}) {
    INFO(row.name);
    WatchedClock clock;
    LoopbackServer server([](const Request&) { return never(); });
    Probing probing({once(server.url(), 1s)}, {}, &clock);
    REQUIRE(eventually([&] { return server.requests().size() == 1; }));
    row.happen(clock);
    int seen = clock.looks;
    REQUIRE(eventually([&] {
      // Two readings are one look.
      if (clock.looks >= seen + 2) {
        clock.advance(250ms);
        seen = clock.looks;
      }
      return !probing.outcomes().empty();
    }));
    CHECK(only_outcome(probing) == row.outcome);
  }
}

TEST_CASE("what is answered after the machine slept is what was answered") {
  FakeClock clock(kNoon);
  LoopbackServer server([&](const Request&) {
    clock.suspend(1h);
    return Reply{503, {}, {}, LoopbackServer::Ending::keep, Millis(0)};
  });
  Probing probing({once(server.url(), 10s)}, {}, &clock);
  CHECK(only_outcome(probing) == "503");
}

TEST_CASE("no request goes out on a connection from before the machine slept") {
  FakeClock clock(kNoon);
  LoopbackServer server([](const Request&) { return Reply{}; });
  sources::probe::ProbeSettings settings = once(server.url(), 10s);
  settings.every = 1s;
  Probing probing({settings}, {}, &clock);
  const auto answered = [&](std::uint64_t count) {
    return eventually([&] { return probing.outcomes()["200"] == count; });
  };
  REQUIRE(answered(1));
  clock.advance(1s);
  REQUIRE(answered(2));
  clock.suspend(1h);
  REQUIRE(eventually([&] { return probing.board.clock_steps() == 1; }));
  clock.advance(1s);
  REQUIRE(answered(3));
  clock.advance(3min);
  REQUIRE(answered(4));
  clock.advance(1s);
  REQUIRE(answered(5));
  probing.stop();
  const auto requests = server.requests();
  CHECK(requests[1].connection == requests[0].connection);
  CHECK(requests[2].connection != requests[1].connection);
  CHECK(requests[4].connection == requests[3].connection);
}

TEST_CASE("the time that the clock passed over is a gap of every probe, on the grid it had") {
  for (const bool suspended : {true, false}) {
    INFO(suspended);
    FakeClock clock(kNoon);
    LoopbackServer server([](const Request&) { return Reply{}; });
    sources::probe::ProbeSettings minutely = once(server.url(), 10s);
    minutely.every = 1min;
    sources::probe::ProbeSettings daily = once(server.url(), 10s);
    daily.every = 24h;  // due in the night first
    Probing probing({minutely, daily}, {}, &clock);
    REQUIRE(eventually([&] { return probing.outcomes()["200"] == 1; }));
    if (suspended) {
      clock.suspend(1h + 30s);
    } else {
      clock.step(1h + 30s);
    }
    REQUIRE(eventually([&] { return probing.board.clock_steps() == 1; }));
    clock.advance(1min);
    REQUIRE(eventually([&] { return probing.outcomes()["200"] == 2; }));
    probing.stop();

    const auto reason = suspended ? NotSent::suspended : NotSent::clock;
    const auto drained = take(probing.board);
    // Due at 12:01, 12:02, … 13:00; what was due a minute after noon is sent at 13:01:30.
    REQUIRE(drained.gaps.size() == 1);
    CHECK(drained.gaps[0].series == 1);
    CHECK(drained.gaps[0].gap == core::Gap{{kNoon + 1min, kNoon + 1h + 30s}, 1min, reason});
    const auto counts = probing.board.counts();
    CHECK(counts[0].missed[static_cast<std::size_t>(reason)] == 60);
    CHECK(counts[0].due == 62);
    CHECK(counts[1].due == 0);
    const auto unmeasured = probing.board.unmeasured();
    CHECK(unmeasured.suspended == (suspended ? 1h + 30s : 0s));
    CHECK(unmeasured.clock_jumped == (suspended ? 0s : 1h + 30s));
    REQUIRE(drained.checkpoints.size() == 1);
    CHECK(drained.checkpoints[0].watermark == kNoon + 1h + 90s);
  }
}
