#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/outcome.h"
#include "core/tally.h"
#include "core/time.h"
#include "record/batch.h"
#include "record/failing_target.h"
#include "record/probe_counts.h"
#include "sources/minute_counters.h"
#include "sources/source.h"

namespace recoup::sources {

// TargetId is what one endpoint is to a board, of those that are counted together in one series:
// never given twice, whatever comes and goes.
using TargetId = std::uint32_t;

// Begun says that a due request was handed to the network; an Observation with the same probe and
// due follows, unless the service stops before its end.
struct Begun {
  TargetId probe = 0;
  core::Instant due;                     // wall time of the due instant
  std::chrono::nanoseconds lateness{0};  // of the start
};

// NeverSent says that `count` due instants of a probe, first, first + every, …, passed without
// anything being handed to the network.
struct NeverSent {
  TargetId probe = 0;
  core::Instant first;
  core::Millis every{1};
  std::uint64_t count = 1;
  core::NotSent reason = core::NotSent::late;
};

// EvidenceText is what evidence has beyond an outcome and its time; `detail` is redacted.
struct EvidenceText {
  std::string request_id;
  std::string peer;
  std::string detail;
};

// Observation is the end of what a Begun began.
struct Observation {
  TargetId probe = 0;
  core::Instant due;      // as in the Begun; decides the minute of a Missed outcome
  core::Instant started;  // wall time; decides the minute of every other one
  core::Outcome outcome;
  // Without the time in which our own loop stood still: it says nothing of the other side.
  std::chrono::nanoseconds duration{0};
  record::Phases phases{};                 // of that duration
  std::unique_ptr<EvidenceText> evidence;  // there iff it is worth a record of its own
};

// Unmeasured is a time in which a probe was due and that the wall clock passed over; comes before
// the ClockStep that passed over it.
struct Unmeasured {
  TargetId probe = 0;
  core::Gap gap;
};

// Retired says that nothing more will come of a target that was taken out of the settings. With the
// last of its series that is given up.
struct Retired {
  TargetId probe = 0;
};

// What a probe loop tells the board, in the order in which it happened. A ClockStep is of all
// probes: the instants after it are of the wall clock as it is then.
using Event = std::variant<Begun, NeverSent, Observation, Unmeasured, Retired, record::ClockStep>;

// UnmeasuredTime is wall time that passed while the probe loop ran and nobody measured.
struct UnmeasuredTime {
  core::Millis suspended{0};
  core::Millis clock_jumped{0};
};

// Board is the probes as a Source: between the probe loop, which adds, and the recorder, which
// takes. All calls may come from any thread; add() never waits for the others, whatever the number
// of probes.
class Board final : public Source {
 public:
  // `most_evidence` bounds the records that wait to be taken.
  explicit Board(std::size_t most_evidence = 500'000);
  ~Board() override;
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  // Counts a target of that name (empty: the only one) in the series, and says by what events name
  // it from then on: what it has, until it is let go. `every` is the period of all of the series.
  TargetId watch(const record::SeriesKey& key, core::Millis every, const std::string& target = {});

  // Its name is free for another: what is in flight of it still ends, until it is Retired.
  void let_go(TargetId target);

  // Takes the events and leaves `events` empty: one call per turn of the event loop.
  void add(std::vector<Event>& events);

  // How often that was: a loop that stands still adds nothing, not even nothing.
  std::uint64_t turns() const;

  std::vector<Counted> series() const override;
  void resume(const record::SeriesKey& key, const Known& known) override;
  core::Result<record::Batch> take(const record::ReadCounts& stored) override;
  Unwritten waiting() const override;

  // What every series did so far, over all of its targets, in the order in which they were first
  // watched; one consistent moment.
  std::vector<record::ProbeCounts> counts();

  // How long phases took, of the requests of every agreement that is probed, by its id.
  std::vector<record::PhaseHistograms> phases();

  // Targets of lists that fail, or did a short while ago.
  record::FailingTargets failing();

  record::Histogram lateness();      // of all Begun
  std::uint64_t clock_steps();       // all so far
  UnmeasuredTime unmeasured();       // all so far
  std::uint64_t evidence_dropped();  // records that found no room

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace recoup::sources
