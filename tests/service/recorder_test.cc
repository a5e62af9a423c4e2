#include "service/recorder.h"

#include "ledger/open.h"
#include "sources/probe/board.h"
#include "sources/probe/prober.h"
#include "support/catch.h"
#include "support/faulty_ledger.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

const core::Instant kNow = *core::parse_instant("2026-10-03T10:03:17Z");
const core::Interval kDay{kNow - 12h, kNow + 36h};

// The board watches a single probe, which has counters 0.
void watch_one(sources::Board& board) {
  board.watch({"a", record::SeriesKind::probe, "p", "here"}, 1s);
}

// A service's life: a board and a recorder over a ledger that outlives both.
struct Life {
  explicit Life(ledger::Ledger& ledger, core::Instant now = kNow) : recorder(ledger) {
    watch_one(board);
    REQUIRE(recorder.add(board, now).ok());
    REQUIRE(recorder.record().ok());
  }

  void see(core::Instant at, core::Outcome outcome) {
    std::vector<sources::Event> events;
    events.push_back(sources::Begun{0, at, 0ns});
    sources::Observation observation;
    observation.due = observation.started = at;
    observation.outcome = outcome;
    if (!(outcome == core::Outcome(core::Answered{200}))) {
      observation.evidence = std::make_unique<sources::EvidenceText>();
    }
    events.push_back(std::move(observation));
    board.add(events);
  }

  // The clock steps to `now`; a step forward passes over what was due every second before.
  void step(core::Instant now, core::Millis by) {
    std::vector<sources::Event> events;
    if (by > 0ms) {
      events.push_back(sources::Unmeasured{0, {{now - by, now}, 1s, core::NotSent::clock}});
    }
    events.push_back(record::ClockStep{now, by, 0ms});
    board.add(events);
    REQUIRE(recorder.record().ok());
  }

  sources::Board board;
  service::Recorder recorder;
};

std::map<std::string, std::uint64_t> counts(ledger::Ledger& ledger) {
  std::map<std::string, std::uint64_t> all;
  const auto tallies = ledger.tallies("a", kDay);
  REQUIRE(tallies.ok());
  for (const auto& row : tallies->rows())
    all[core::to_text(tallies->outcomes()[row.outcome])] += row.count;
  return all;
}

std::size_t evidence(ledger::Ledger& ledger) {
  std::size_t all = 0;
  REQUIRE(ledger.evidence("a", kDay, [&](const record::Evidence&) { ++all; }).ok());
  return all;
}

std::unique_ptr<ledger::Ledger> memory() { return *ledger::open_ledger("sqlite::memory:"); }

}  // namespace

TEST_CASE("what the board gathered is durable after one record, evidence with its counts") {
  const auto ledger = memory();
  Life life(*ledger);
  life.see(kNow, core::Answered{200});
  life.see(kNow + 1s, core::Answered{503, "SlowDown"});
  CHECK(counts(*ledger).empty());
  REQUIRE(life.recorder.record().ok());
  CHECK(counts(*ledger) == std::map<std::string, std::uint64_t>{{"200", 1}, {"503/SlowDown", 1}});
  CHECK(evidence(*ledger) == 1);
}

TEST_CASE("a write that failed is written later, once, with all that came meanwhile") {
  test::FaultyLedger faulty("sqlite::memory:");
  Life life(faulty);
  life.see(kNow, core::Answered{500});
  faulty.fail_writes(3);
  for (int i = 1; i <= 3; ++i) {
    CHECK_FALSE(life.recorder.record().ok());
    life.see(kNow + i * 1s, core::Answered{500});
  }
  REQUIRE(life.recorder.record().ok());
  REQUIRE(life.recorder.record().ok());
  CHECK(counts(faulty) == std::map<std::string, std::uint64_t>{{"500", 4}});
  CHECK(evidence(faulty) == 4);
}

TEST_CASE("what is not durable is known to the request and to the record") {
  test::FaultyLedger faulty("sqlite::memory:");
  Life life(faulty);
  life.see(kNow, core::Answered{200});
  life.see(kNow + 1s, core::Answered{500});
  CHECK(life.recorder.unwritten().counts == 2);
  CHECK(life.recorder.unwritten().evidence == 1);
  REQUIRE(life.recorder.record().ok());
  CHECK(life.recorder.unwritten().empty());
  life.see(kNow + 2s, core::Answered{500});
  faulty.fail_writes(2);
  CHECK_FALSE(life.recorder.record().ok());
  life.see(kNow + 3s, core::Answered{500});
  life.see(kNow + 4s, core::Answered{200});
  CHECK_FALSE(life.recorder.record().ok());
  CHECK(life.recorder.unwritten().counts == 3);
  CHECK(life.recorder.unwritten().evidence == 2);
  REQUIRE(life.recorder.record().ok());
  REQUIRE(life.recorder.record().ok());
  CHECK(life.recorder.unwritten().empty());
}

TEST_CASE("records for which there was no room are counted, and the ledger tells that they lack") {
  const auto ledger = memory();
  sources::Board board(2);
  watch_one(board);
  service::Recorder recorder(*ledger);
  REQUIRE(recorder.add(board, kNow).ok());
  std::vector<sources::Event> events;
  for (int i = 0; i < 5; ++i) {
    events.push_back(sources::Begun{0, kNow + i * 1s, 0ns});
    sources::Observation seen;
    seen.due = seen.started = kNow + i * 1s;
    seen.outcome = core::Answered{503};
    seen.evidence = std::make_unique<sources::EvidenceText>();
    events.push_back(std::move(seen));
  }
  board.add(events);
  REQUIRE(recorder.record().ok());
  CHECK(board.evidence_dropped() == 3);
  const auto check = ledger->check_evidence("a");
  REQUIRE(check.ok());
  CHECK(check->excess.empty());
  REQUIRE(check->totals.size() == 1);
  CHECK(check->totals[0].counted == 5);
  CHECK(check->totals[0].recorded == 2);
}

TEST_CASE("a write that was done and reported as failed doubles nothing") {
  test::FaultyLedger faulty("sqlite::memory:");
  Life life(faulty);
  life.see(kNow, core::Answered{500});
  faulty.lie_about_writes(1);
  CHECK_FALSE(life.recorder.record().ok());
  life.see(kNow + 1s, core::Answered{500});
  REQUIRE(life.recorder.record().ok());
  REQUIRE(life.recorder.record().ok());
  CHECK(counts(faulty) == std::map<std::string, std::uint64_t>{{"500", 2}});
  CHECK(evidence(faulty) == 2);
}

TEST_CASE("a restart in the same minute goes on with the minute, and the time between is a gap") {
  const auto ledger = memory();
  {
    Life first(*ledger);
    first.see(kNow, core::Answered{200});
    first.see(kNow + 1s, core::Answered{200});
    REQUIRE(first.recorder.record().ok());
  }
  Life second(*ledger, kNow + 10s);
  second.see(kNow + 10s, core::Answered{200});
  second.see(kNow + 11s, core::Answered{503});
  REQUIRE(second.recorder.record().ok());
  second.see(kNow + 12s, core::Answered{200});
  REQUIRE(second.recorder.record().ok());
  CHECK(counts(*ledger) == std::map<std::string, std::uint64_t>{{"200", 4}, {"503", 1}});
  const auto tallies = ledger->tallies("a", kDay);
  REQUIRE(tallies->gaps().size() == 1);
  CHECK(tallies->gaps()[0] == core::Gap{{kNow + 2s, kNow + 10s}, 1s});
}

TEST_CASE("what a killed run saw and did not record lies inside the gap") {
  const auto ledger = memory();
  {
    Life killed(*ledger);
    killed.see(kNow, core::Answered{200});
    REQUIRE(killed.recorder.record().ok());
    killed.see(kNow + 1s, core::Answered{200});  // never recorded
  }
  const Life next(*ledger, kNow + 3s);
  const auto tallies = ledger->tallies("a", kDay);
  REQUIRE(tallies->gaps().size() == 1);
  CHECK(tallies->gaps()[0].span.contains(kNow + 1s));
  CHECK(counts(*ledger) == std::map<std::string, std::uint64_t>{{"200", 1}});
}

TEST_CASE("what a run saw that was killed before it recorded anything lies inside a gap") {
  const auto ledger = memory();
  {
    Life killed(*ledger);
    killed.see(kNow, core::Answered{200});  // never recorded
  }
  const Life next(*ledger, kNow + 3s);
  const auto tallies = ledger->tallies("a", kDay);
  REQUIRE(tallies->gaps().size() == 1);
  CHECK(tallies->gaps()[0] == core::Gap{{kNow, kNow + 3s}, 1s});
}

TEST_CASE("a probe that never ran has no gap") {
  const auto ledger = memory();
  const Life life(*ledger);
  CHECK(ledger->tallies("a", kDay)->gaps().empty());
}

TEST_CASE("time that the clock passed over is a gap of the ledger, with its reason") {
  const auto ledger = memory();
  Life life(*ledger);
  life.see(kNow, core::Answered{200});
  life.step(kNow + 1h, 1h - 1s);
  const auto tallies = ledger->tallies("a", kDay);
  REQUIRE(tallies->gaps().size() == 1);
  CHECK(tallies->gaps()[0] == core::Gap{{kNow + 1s, kNow + 1h}, 1s, core::NotSent::clock});
}

TEST_CASE("after a step that was corrected, a stop within its hour has its gap") {
  const auto ledger = memory();
  {
    Life life(*ledger);
    life.see(kNow, core::Answered{200});
    life.step(kNow + 1h, 1h);
    life.see(kNow + 1h + 1s, core::Answered{200});
    REQUIRE(life.recorder.record().ok());
    life.step(kNow + 2s, -1h);
    life.see(kNow + 2s, core::Answered{200});
    REQUIRE(life.recorder.record().ok());
  }
  const auto series = ledger->all_series("a");
  REQUIRE(series->size() == 1);
  CHECK(series->front().checkpoint->watermark == kNow + 2s);
  const Life next(*ledger, kNow + 20s);
  // It lies in what the step passed over, and is not due twice.
  const auto tallies = ledger->tallies("a", kDay);
  std::uint64_t due = 0;
  for (const auto& gap : tallies->gaps()) due += gap.due(gap.span);
  CHECK(due == 3600);
  CHECK(ledger->journal("a", 0)->back().span == core::Interval{kNow + 3s, kNow + 20s});
}

TEST_CASE("a clock that goes back before a due instant was accounted for hides no stop") {
  const auto ledger = memory();
  {
    Life life(*ledger);
    life.see(kNow, core::Answered{200});
    REQUIRE(life.recorder.record().ok());
    life.step(kNow - 1h, -1h);
  }
  const Life next(*ledger, kNow - 1h + 17s);
  const auto tallies = ledger->tallies("a", kDay);
  REQUIRE(tallies->gaps().size() == 1);
  CHECK(tallies->gaps()[0] == core::Gap{{kNow - 1h + 1s, kNow - 1h + 17s}, 1s});
}

TEST_CASE("minutes that the clock shows twice keep both counts, also over a restart") {
  const auto ledger = memory();
  const auto see_minutes = [](Life& life, core::Instant from, int count) {
    for (int i = 0; i < count; ++i) life.see(from + i * 1min, core::Answered{200});
    REQUIRE(life.recorder.record().ok());
  };
  {
    Life life(*ledger);
    see_minutes(life, kNow, 60);
    life.step(kNow, -1h);
    see_minutes(life, kNow, 20);
  }
  CHECK(counts(*ledger)["200"] == 80);
  // What is accounted for is behind the minutes that the ledger holds already.
  Life next(*ledger, kNow + 20min);
  see_minutes(next, kNow + 20min, 40);
  CHECK(counts(*ledger)["200"] == 120);
}

TEST_CASE("a clock that was set back while the service did not run hides no later stop") {
  const auto ledger = memory();
  {
    Life life(*ledger);
    life.see(kNow, core::Answered{200});
    REQUIRE(life.recorder.record().ok());
  }
  const core::Instant set_back = kNow - 1h;
  { const Life killed(*ledger, set_back); }
  const auto steps = ledger->clock_steps(kDay);
  REQUIRE(steps->size() == 1);
  CHECK(steps->front().at == set_back);
  CHECK(steps->front().by == -1h);
  CHECK_FALSE(steps->front().vantage.empty());
  CHECK(steps->front().shown_twice() == core::Interval{set_back, kNow});
  const Life next(*ledger, set_back + 17s);
  const auto tallies = ledger->tallies("a", kDay);
  REQUIRE(tallies->gaps().size() == 1);
  CHECK(tallies->gaps()[0] == core::Gap{{set_back + 1s, set_back + 17s}, 1s});
}

TEST_CASE("a record says from when the oldest of it is") {
  const auto ledger = memory();
  Life life(*ledger);
  CHECK_FALSE(life.recorder.record()->has_value());
  life.see(kNow, core::Answered{200});
  CHECK(**life.recorder.record() == core::Instant(core::minute_of(kNow)));
  std::vector<sources::Event> events;
  events.push_back(sources::Unmeasured{0, {{kNow - 1h, kNow}, 1s, core::NotSent::suspended}});
  life.board.add(events);
  CHECK(**life.recorder.record() == kNow - 1h);
}
