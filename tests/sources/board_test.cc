#include "sources/probe/board.h"

#include <map>
#include <thread>

#include "core/outcome_table.h"
#include "support/catch.h"

using namespace recoup;
using core::Answered;
using core::Failed;
using core::Instant;
using core::Millis;
using core::Minute;
using core::Missed;
using core::NoAnswer;
using core::NotSent;
using record::Batch;
using record::ClockStep;
using sources::Begun;
using sources::Board;
using sources::CounterId;
using sources::Event;
using sources::EvidenceText;
using sources::NeverSent;
using sources::Observation;
using sources::Retired;
using sources::Unmeasured;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Instant kNoon =
    std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + std::chrono::hours(12);
const Minute kMinute = core::minute_of(kNoon);

Observation observation(CounterId probe, Instant due, core::Outcome outcome,
                        Millis late = Millis(0)) {
  Observation seen;
  seen.probe = probe;
  seen.due = due;
  seen.started = due + late;
  seen.outcome = std::move(outcome);
  seen.duration = std::chrono::microseconds(1500);
  return seen;
}

record::SeriesKey key(const std::string& name) {
  return {"kms", record::SeriesKind::probe, name, "here"};
}

// World is a board of two probes, told about one event at a time, and what a ledger holds of
// minutes of the first one. Their series are 1 and 2.
struct World {
  Board board;
  std::map<Minute, std::vector<core::OutcomeCount>> stored;
  bool readable = true;  // the ledger
  int reads = 0;         // of it

  explicit World(std::size_t most_evidence = 1000) : board(most_evidence) {
    for (const char* name : {"a", "b"}) board.watch(key(name), seconds(5));
    know(std::nullopt);
  }

  // The ledger has counts of the first probe through that minute.
  void know(std::optional<Minute> newest) {
    board.resume(key("a"), {1, {}, newest});
    board.resume(key("b"), {2, {}, {}});
  }

  core::Result<Batch> try_take() {
    return board.take([&](record::SeriesId series,
                          Minute minute) -> core::Result<std::vector<core::OutcomeCount>> {
      CHECK(series == 1);
      ++reads;
      if (!readable) return core::Error{"the disk is gone"};
      return stored[minute];
    });
  }
  Batch take() {
    auto batch = try_take();
    REQUIRE(batch.ok());
    return *std::move(batch);
  }

  template <typename OneOfEvent>
  void tell(OneOfEvent event) {
    std::vector<Event> events;
    events.emplace_back(std::move(event));
    board.add(events);
    REQUIRE(events.empty());
  }
  void request(CounterId probe, Instant due, core::Outcome outcome = Answered{200}) {
    tell(Begun{probe, due, Millis(1)});
    tell(observation(probe, due, std::move(outcome)));
  }
};

// "12:00 200=2 503=1" for each minute of the probe, in order.
std::vector<std::string> lines(const Batch& batch, CounterId probe) {
  std::vector<std::string> out;
  for (const auto& minute : batch.minutes) {
    if (minute.series != probe + 1) continue;
    std::string line = core::to_text(Instant(minute.minute)).substr(11, 5);
    for (const auto& [outcome, count] : minute.counts) {
      line += ' ' + core::to_text(outcome) + '=' + std::to_string(count);
    }
    out.push_back(line);
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a taken minute is the minute's whole tally") {
  World world;
  world.request(0, kNoon);
  world.request(0, kNoon + seconds(5), Answered{503, "SlowDown"});
  CHECK(lines(world.take(), 0) == Lines{"12:00 200=1 503/SlowDown=1"});
  world.request(0, kNoon + seconds(10));
  CHECK(lines(world.take(), 0) == Lines{"12:00 200=2 503/SlowDown=1"});
}

TEST_CASE("what did not change is not taken again") {
  World world;
  world.request(0, kNoon);
  world.take();
  world.request(1, kNoon);
  const Batch batch = world.take();
  CHECK(lines(batch, 0).empty());
  CHECK(lines(batch, 1) == Lines{"12:00 200=1"});
  const Batch nothing = world.take();
  CHECK(nothing.minutes.empty());
  CHECK(nothing.evidence.empty());
  CHECK(nothing.checkpoints.empty());
  CHECK(nothing.clock_steps.empty());
}

TEST_CASE(
    "a sent request belongs to the minute of its start, a missed one to that of its due instant") {
  World world;
  const Instant late = kNoon - Millis(1);
  world.tell(Begun{0, late, Millis(5)});
  world.tell(observation(0, late, Answered{200}, Millis(5)));
  world.tell(Begun{0, late, Millis(5)});
  world.tell(observation(0, late, Missed{NotSent::resources}, Millis(5)));
  world.tell(NeverSent{0, late, seconds(5), 1, NotSent::overrun});
  CHECK(lines(world.take(), 0) ==
        Lines{"12:00 200=1", "11:59 missed/resources=1 missed/overrun=1"});
}

TEST_CASE("a long run of missed instants is spread over its minutes") {
  World world;
  // 11:59:50, 12:00:05, 12:00:20, …, 12:01:50
  world.tell(NeverSent{0, kNoon - seconds(10), seconds(15), 9, NotSent::late});
  const Batch batch = world.take();
  CHECK(lines(batch, 0) ==
        Lines{"11:59 missed/late=1", "12:00 missed/late=4", "12:01 missed/late=4"});
  REQUIRE(batch.checkpoints.size() == 1);
  CHECK(batch.checkpoints[0].watermark == kNoon + seconds(110));
  CHECK(world.board.counts()[0].due == 9);
}

TEST_CASE("an instant on the minute's first millisecond belongs to that minute") {
  World world;
  world.tell(NeverSent{0, kNoon - seconds(60), seconds(60), 3, NotSent::late});
  CHECK(lines(world.take(), 0) ==
        Lines{"11:59 missed/late=1", "12:00 missed/late=1", "12:01 missed/late=1"});
}

TEST_CASE("accounted for is what is older than the oldest request in flight") {
  World world;
  const auto at = [](int second) { return kNoon + seconds(second); };
  const auto accounted = [&]() -> std::optional<Instant> {
    const Batch batch = world.take();
    if (batch.checkpoints.empty()) return std::nullopt;
    CHECK(batch.checkpoints.size() == 1);
    return batch.checkpoints[0].watermark;
  };
  world.tell(Begun{0, at(0), {}});
  world.tell(Begun{0, at(5), {}});
  world.tell(Begun{0, at(10), {}});
  CHECK(accounted() == std::nullopt);
  world.tell(observation(0, at(5), Answered{200}));
  world.tell(NeverSent{0, at(15), seconds(5), 1, NotSent::overrun});
  CHECK(accounted() == std::nullopt);
  world.tell(observation(0, at(0), Failed{NoAnswer::timeout}));
  CHECK(accounted() == at(5));
  world.tell(observation(0, at(10), Answered{200}));
  CHECK(accounted() == at(15));
}

TEST_CASE("evidence comes once, with a tie of its own in one millisecond") {
  World world;
  for (int i = 0; i < 2; ++i) {
    Observation seen = observation(0, kNoon, Answered{503});
    seen.evidence = std::make_unique<EvidenceText>(EvidenceText{"id-7", "192.0.2.1", "GET /"});
    world.tell(Begun{0, kNoon, {}});
    world.tell(std::move(seen));
  }
  const Batch batch = world.take();
  REQUIRE(batch.evidence.size() == 2);
  const record::Evidence& first = batch.evidence[0].evidence;
  CHECK(first.at == kNoon);
  CHECK(first.outcome == core::Outcome(Answered{503}));
  CHECK(first.request_id == "id-7");
  CHECK(first.peer == "192.0.2.1");
  CHECK(first.detail == "GET /");
  CHECK(first.duration == Millis(1));
  CHECK(first.tie != batch.evidence[1].evidence.tie);
  CHECK(world.take().evidence.empty());
}

TEST_CASE("evidence beyond the bound is counted as dropped, and its request still counts") {
  World world(3);
  for (int i = 0; i < 5; ++i) {
    Observation seen = observation(0, kNoon + seconds(i), Answered{500});
    seen.evidence = std::make_unique<EvidenceText>();
    world.tell(Begun{0, kNoon + seconds(i), {}});
    world.tell(std::move(seen));
  }
  CHECK(world.board.evidence_dropped() == 2);
  const Batch batch = world.take();
  CHECK(batch.evidence.size() == 3);
  CHECK(lines(batch, 0) == Lines{"12:00 500=5"});
}

TEST_CASE(
    "of a minute that the ledger may hold, what it holds is part of the "
    "tally, once") {
  World world;
  world.know(kMinute);
  world.stored[kMinute] = {{Answered{200}, 7}, {Failed{NoAnswer::dns}, 1}};
  world.stored[kMinute + minutes(1)] = {{Answered{200}, 1000}};
  world.request(0, kNoon);
  world.request(1, kNoon);
  world.request(0, kNoon + minutes(1));
  const Batch first = world.take();
  CHECK(lines(first, 0) == Lines{"12:00 200=8 dns=1", "12:01 200=1"});
  CHECK(lines(first, 1) == Lines{"12:00 200=1"});
  world.request(0, kNoon + seconds(30));
  CHECK(lines(world.take(), 0) == Lines{"12:00 200=9 dns=1"});
  CHECK(world.reads == 1);
}

TEST_CASE("where the ledger cannot be read nothing is taken, and nothing is lost") {
  World world;
  world.know(kMinute);
  world.stored[kMinute] = {{Answered{200}, 7}};
  world.request(0, kNoon);
  Observation seen = observation(0, kNoon + seconds(1), Answered{503});
  seen.evidence = std::make_unique<EvidenceText>();
  world.tell(Begun{0, kNoon + seconds(1), {}});
  world.tell(std::move(seen));
  world.readable = false;
  for (int i = 0; i < 3; ++i) CHECK_FALSE(world.try_take().ok());
  CHECK(world.board.waiting().counts == 2);
  CHECK(world.board.waiting().evidence == 1);
  world.readable = true;
  const Batch batch = world.take();
  CHECK(lines(batch, 0) == Lines{"12:00 200=8 503=1"});
  CHECK(batch.evidence.size() == 1);
  CHECK(batch.counted == 2);
  CHECK(world.board.waiting().empty());
}

TEST_CASE(
    "after a step back what the ledger holds of a minute that was "
    "dropped is asked for") {
  World world;
  for (int minute = 0; minute <= 8; ++minute) {
    world.request(0, kNoon + minutes(minute));
    for (const auto& each : world.take().minutes) world.stored[each.minute] = each.counts;
  }
  CHECK(world.reads == 0);
  // 12:08 is the newest: what is older than 12:03 is dropped.
  world.request(0, kNoon + minutes(2));
  world.request(0, kNoon + minutes(3));
  world.request(0, kNoon - minutes(60));
  CHECK(lines(world.take(), 0) == Lines{"12:03 200=2", "12:02 200=2", "11:00 200=1"});
  CHECK(world.reads == 2);
}

TEST_CASE("a probe that is retired is forgotten when all that it did was taken") {
  World world;
  world.request(0, kNoon);
  world.request(1, kNoon);
  world.tell(Retired{0});
  CHECK(world.board.counts().size() == 2);
  CHECK(lines(world.take(), 0) == Lines{"12:00 200=1"});
  REQUIRE(world.board.counts().size() == 1);
  CHECK(world.board.counts()[0].probe == "b");
  CHECK(world.board.series().size() == 1);
  // It comes back under a new number, and asks where it left off.
  CHECK(world.board.watch(key("a"), seconds(5)) == 2);
  CHECK_FALSE(world.board.series().back().resumed);
  CHECK(world.board.watch(key("b"), seconds(5)) == 1);
}

TEST_CASE("a probe that is watched again before it was forgotten stays what it was") {
  World world;
  world.request(0, kNoon);
  world.tell(Retired{0});
  const auto again = world.board.watch(key("a"), seconds(5));
  world.request(again, kNoon + seconds(5));
  CHECK(lines(world.take(), 0) == Lines{"12:00 200=2"});
  CHECK(world.board.counts().size() == 2);
}

TEST_CASE("what was not taken is never dropped") {
  World world;
  for (int minute = 0; minute <= 20; ++minute) world.request(0, kNoon + minutes(minute));
  CHECK(world.take().minutes.size() == 21);
}

TEST_CASE("due is sent and missed, and sent is ended and in flight") {
  World world;
  world.request(0, kNoon, Answered{200});
  world.request(0, kNoon + seconds(1), Answered{500, "Oops", true});
  world.request(0, kNoon + seconds(2), Failed{NoAnswer::tls});
  world.request(0, kNoon + seconds(3), Missed{NotSent::resources});
  world.tell(NeverSent{0, kNoon + seconds(4), seconds(1), 3, NotSent::late});
  world.tell(Begun{0, kNoon + seconds(7), Millis(3)});
  const record::ProbeCounts counts = world.board.counts()[0];
  CHECK(counts.agreement == "kms");
  CHECK(counts.probe == "a");
  CHECK(counts.due == 8);
  CHECK(counts.in_flight == 1);
  CHECK(counts.missed == core::MissedCounts{3, 0, 1, 0, 0, 0});
  CHECK(counts.outcomes == std::vector<core::OutcomeCount>{{Answered{200}, 1},
                                                           {Answered{500, "Oops", true}, 1},
                                                           {Failed{NoAnswer::tls}, 1}});
  // Of answered requests only.
  CHECK(counts.duration.count() == 2);
  CHECK(counts.duration.sum() == std::chrono::microseconds(3000));
  CHECK(world.board.lateness().count() == 5);
  CHECK(world.board.counts()[1].due == 0);
}

TEST_CASE("steps of the clock are taken once and counted for ever") {
  World world;
  world.tell(ClockStep{kNoon, seconds(-3600)});
  const Batch batch = world.take();
  REQUIRE(batch.clock_steps.size() == 1);
  CHECK(batch.clock_steps[0].at == kNoon);
  CHECK(batch.clock_steps[0].by == seconds(-3600));
  CHECK(world.take().clock_steps.empty());
  CHECK(world.board.clock_steps() == 1);
}

TEST_CASE("nothing is lost between a thread that adds and one that takes") {
  constexpr std::uint64_t kRequests = 100'000;
  World world;
  Board& board = world.board;
  std::jthread adder([&] {
    std::vector<Event> events;
    for (std::uint64_t i = 0; i < kRequests; ++i) {
      const Instant due = kNoon + Millis(i);
      events.emplace_back(Begun{0, due, {}});
      events.emplace_back(observation(0, due, Answered{200}));
      if (i % 64 == 63) board.add(events);
    }
    board.add(events);
  });
  std::map<Minute, std::uint64_t> ledger;
  const auto write = [&] {
    for (const auto& minute : world.take().minutes) ledger[minute.minute] = minute.counts[0].count;
  };
  while (board.counts()[0].due < kRequests) write();
  adder.join();
  write();
  std::uint64_t sum = 0;
  for (const auto& [minute, count] : ledger) sum += count;
  CHECK(ledger.size() == 2);
  CHECK(sum == kRequests);
}

TEST_CASE("what is accounted for follows the wall clock, also of what is in flight") {
  for (const Millis by : {Millis(-std::chrono::hours(1)), Millis(std::chrono::hours(1))}) {
    World world;
    const auto accounted = [&]() -> std::optional<Instant> {
      for (const auto& each : world.take().checkpoints) {
        if (each.series == 1) return each.watermark;
      }
      return std::nullopt;
    };
    world.request(0, kNoon);
    CHECK(accounted() == kNoon);
    world.tell(Begun{0, kNoon + seconds(5), {}});
    world.tell(ClockStep{kNoon + seconds(6) + by, by});
    CHECK(accounted() == kNoon + by);
    world.tell(observation(0, kNoon + seconds(5), Answered{200}));
    CHECK(accounted() == kNoon + seconds(5) + by);
    world.request(0, kNoon + seconds(10) + by);
    CHECK(accounted() == kNoon + seconds(10) + by);
  }
}

TEST_CASE("a clock that was never accounted by is moved by no step") {
  World world;
  world.tell(ClockStep{kNoon, -seconds(5)});
  CHECK(world.take().checkpoints.empty());
}

TEST_CASE("time that nobody measured is due and missed, and taken once") {
  World world;
  const core::Gap gap{{kNoon, kNoon + minutes(10)}, seconds(7), NotSent::suspended};
  world.tell(Unmeasured{1, gap});
  world.tell(ClockStep{kNoon + minutes(10), minutes(10), minutes(10)});
  const auto counts = world.board.counts();
  CHECK(counts[0].due == 0);
  CHECK(counts[1].due == 86);
  CHECK(counts[1].missed == core::MissedCounts{0, 0, 0, 0, 86, 0});
  const Batch batch = world.take();
  REQUIRE(batch.gaps.size() == 1);
  CHECK(batch.gaps[0].series == 2);
  CHECK(batch.gaps[0].gap == gap);
  CHECK(batch.minutes.empty());
  CHECK(world.take().gaps.empty());
  CHECK(world.board.unmeasured().suspended == minutes(10));
}

TEST_CASE("targets of one series are counted together, each by its own due instants") {
  Board board;
  const auto one = board.watch(key("list"), seconds(5), "one.example");
  const auto two = board.watch(key("list"), seconds(5), "two.example");
  CHECK(one != two);
  CHECK(board.watch(key("list"), seconds(5), "one.example") == one);
  REQUIRE(board.series().size() == 1);
  CHECK(board.series()[0].targets == 2);
  board.resume(key("list"), {7, {}, {}});
  const auto take = [&] {
    return *board.take(
        [](record::SeriesId, Minute) { return core::Result(std::vector<core::OutcomeCount>()); });
  };
  std::vector<Event> events;
  events.emplace_back(Begun{one, kNoon, {}});
  events.emplace_back(Begun{two, kNoon + seconds(1), {}});
  events.emplace_back(observation(one, kNoon, Answered{200}));
  board.add(events);
  // The second has an open one: all that was due is accounted for up to a period before it.
  Batch batch = take();
  REQUIRE(batch.checkpoints.size() == 1);
  CHECK(batch.checkpoints[0] ==
        record::Checkpoint{7, kNoon + seconds(1) - seconds(5), seconds(5), {}, 2});
  events.emplace_back(observation(two, kNoon + seconds(1), Answered{503}));
  board.add(events);
  batch = take();
  REQUIRE(batch.checkpoints.size() == 1);
  CHECK(batch.checkpoints[0].watermark == kNoon);
  REQUIRE(batch.minutes.size() == 1);
  CHECK(batch.minutes[0].counts ==
        std::vector<core::OutcomeCount>{{Answered{200}, 1}, {Answered{503}, 1}});
  REQUIRE(board.counts().size() == 1);
  CHECK(board.counts()[0].due == 2);
  CHECK(board.counts()[0].in_flight == 0);

  // One that is gone holds nothing back any more; its name may be another's at once.
  board.let_go(one);
  const auto again = board.watch(key("list"), seconds(5), "one.example");
  CHECK(again != one);
  events.emplace_back(Retired{one});
  board.add(events);
  CHECK(board.series()[0].targets == 2);
  events.emplace_back(Retired{again});
  board.add(events);
  CHECK(board.series()[0].targets == 1);
  events.emplace_back(Retired{two});
  board.add(events);
  take();
  CHECK(board.series().empty());
  CHECK(board.counts().empty());
}

TEST_CASE("what is unmeasured of many targets are gaps that miss together what all of them miss") {
  Board board;
  std::vector<sources::TargetId> targets;
  for (int i = 0; i < 10; ++i) {
    targets.push_back(board.watch(key("list"), seconds(5), std::to_string(i)));
  }
  board.resume(key("list"), {7, {}, {}});
  const core::Instant end = kNoon + seconds(12);
  std::vector<Event> events;
  std::uint64_t due = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const core::Gap gap{
        {kNoon + Millis(500) * static_cast<int>(i), end}, seconds(5), NotSent::suspended};
    due += gap.due(gap.span);
    events.emplace_back(Unmeasured{targets[i], gap});
  }
  events.emplace_back(ClockStep{end, seconds(12), seconds(12)});
  board.add(events);
  const Batch batch = *board.take(
      [](record::SeriesId, Minute) { return core::Result(std::vector<core::OutcomeCount>()); });
  std::uint64_t missed = 0;
  core::Instant until = kNoon;
  for (const auto& one : batch.gaps) {
    missed += one.gap.due(one.gap.span);
    CHECK(one.gap.span.begin == until);  // none overlaps another
    until = one.gap.span.end;
  }
  CHECK(until == end);
  CHECK(batch.gaps.size() == 2);
  CHECK(missed == due);
  CHECK(due == 24);
  CHECK(board.counts()[0].due == due);
}
