#include "sources/probe/schedule.h"

#include <algorithm>
#include <set>

#include "support/catch.h"

using namespace recoup;
using core::Millis;
using core::MonoTime;
using sources::CounterId;
using sources::probe::most_in_flight;
using sources::probe::phase;
using sources::probe::Schedule;
using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace {

const MonoTime kStart{std::chrono::hours(7)};

// Probes 0, 1, … of these periods, from the start on.
Schedule schedule_of(const std::vector<Millis>& periods) {
  Schedule schedule(kStart);
  for (CounterId probe = 0; probe < periods.size(); ++probe) {
    schedule.add(probe, periods[probe], kStart);
  }
  return schedule;
}

}  // namespace

TEST_CASE("the first probe is due at once, and each again after its period") {
  const std::vector<Millis> periods{seconds(5)};
  Schedule schedule = schedule_of(periods);
  CHECK(schedule.next_due() == kStart);
  for (int i = 0; i < 3; ++i) {
    const MonoTime due = kStart + i * seconds(5);
    CHECK_FALSE(schedule.take(due - nanoseconds(1)));
    const auto slot = schedule.take(due);
    REQUIRE(slot);
    CHECK(slot->due == due);
    CHECK(slot->late == 0);
    CHECK_FALSE(schedule.take(due));
  }
}

TEST_CASE("a schedule of nothing is never due") {
  Schedule schedule(kStart);
  CHECK_FALSE(schedule.next_due());
  CHECK_FALSE(schedule.take(kStart + seconds(1000)));
}

TEST_CASE("a late wake takes the newest instant, names those before it, and stays on the grid") {
  struct Row {
    Millis woken;  // after the start
    Millis due;
    std::uint64_t late;
  };
  const std::vector<Row> rows{
      {Millis(0), Millis(0), 0},       {Millis(999), Millis(0), 0},
      {Millis(1000), Millis(1000), 1}, {Millis(1001), Millis(1000), 1},
      {Millis(9999), Millis(9000), 9}, {seconds(86400), seconds(86400), 86400}};
  for (const Row& row : rows) {
    INFO(row.woken.count());
    const std::vector<Millis> periods{seconds(1)};
    Schedule schedule = schedule_of(periods);
    const auto slot = schedule.take(kStart + row.woken);
    REQUIRE(slot);
    CHECK(slot->due == kStart + row.due);
    CHECK(slot->late == row.late);
    CHECK(schedule.next_due() == kStart + row.due + seconds(1));
  }
}

TEST_CASE("whenever the loop wakes, every due instant is taken exactly once") {
  const std::vector<Millis> periods{Millis(100), Millis(70), Millis(1000), Millis(33)};
  Schedule schedule = schedule_of(periods);
  std::vector<std::uint64_t> taken(periods.size(), 0);
  // Wakes are up to 480 ms apart.
  nanoseconds elapsed{0};
  for (int wake = 0; wake < 500; ++wake) {
    elapsed += Millis(wake * 37 % 481);
    while (const auto slot = schedule.take(kStart + elapsed)) taken[slot->probe] += slot->late + 1;
  }
  for (CounterId probe = 0; probe < periods.size(); ++probe) {
    INFO(probe);
    const nanoseconds since = elapsed - phase(probe, periods[probe]);
    CHECK(taken[probe] == static_cast<std::uint64_t>(since / periods[probe]) + 1);
  }
}

TEST_CASE("the phases of any number of probes are spread over the period") {
  for (const CounterId count : {10U, 1000U, 100'000U}) {
    INFO(count);
    std::vector<nanoseconds> phases;
    for (CounterId probe = 0; probe < count; ++probe) phases.push_back(phase(probe, seconds(60)));
    std::sort(phases.begin(), phases.end());
    CHECK(phases.front() == nanoseconds(0));
    CHECK(phases.back() < seconds(60));
    nanoseconds widest = seconds(60) - phases.back();
    for (std::size_t i = 1; i < phases.size(); ++i) {
      widest = std::max(widest, phases[i] - phases[i - 1]);
    }
    // The golden ratio's gaps are at most 2.62 times as wide as even ones.
    CHECK(widest < nanoseconds(seconds(60)) * 3 / count);
  }
}

TEST_CASE("the earliest probe is taken first") {
  const std::vector<Millis> periods(1000, seconds(10));
  Schedule schedule = schedule_of(periods);
  MonoTime before = kStart;
  std::set<CounterId> seen;
  while (const auto slot = schedule.take(kStart + seconds(10) - nanoseconds(1))) {
    CHECK(slot->due >= before);
    before = slot->due;
    seen.insert(slot->probe);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("a probe that is added later is on the grid that it would have had from the start") {
  for (const Millis late : {Millis(0), Millis(1), Millis(999), Millis(12'345)}) {
    INFO(late.count());
    Schedule from_start = schedule_of({seconds(1), seconds(1), seconds(1)});
    Schedule later = schedule_of({seconds(1), seconds(1)});
    const MonoTime now = kStart + late;
    later.add(2, seconds(1), now);
    std::set<MonoTime> due;
    for (const MonoTime end = now + seconds(5); const auto slot = from_start.take(end);) {
      (void)slot;
    }
    from_start.for_each([&](CounterId probe, Millis, MonoTime at) {
      if (probe == 2) due.insert(at);
    });
    later.for_each([&](CounterId probe, Millis every, MonoTime at) {
      if (probe != 2) return;
      CHECK(at >= now);
      CHECK(at < now + every);
      CHECK((*due.begin() - at) % every == nanoseconds(0));
    });
  }
}

TEST_CASE("a probe that is removed is not due any more, and the others are when they were") {
  Schedule schedule = schedule_of(std::vector<Millis>(100, seconds(1)));
  schedule.remove_if([](CounterId probe) { return probe % 3 == 0; });
  std::set<CounterId> seen;
  while (const auto slot = schedule.take(kStart + seconds(1) - nanoseconds(1))) {
    CHECK(slot->due == kStart + phase(slot->probe, seconds(1)));
    seen.insert(slot->probe);
  }
  CHECK(seen.size() == 66);
  CHECK_FALSE(seen.contains(0));
  CHECK(seen.contains(1));
}

TEST_CASE("as many requests may be in flight as fall due within a timeout, 1 to 16") {
  struct Row {
    Millis every, timeout;
    std::size_t most;
  };
  for (const Row& row : std::vector<Row>{{seconds(5), seconds(10), 2},
                                         {seconds(5), Millis(10001), 3},
                                         {seconds(60), seconds(10), 1},
                                         {seconds(10), seconds(10), 1},
                                         {Millis(100), seconds(10), 16}}) {
    INFO(row.every.count() << " " << row.timeout.count());
    CHECK(most_in_flight(row.every, row.timeout) == row.most);
  }
}
