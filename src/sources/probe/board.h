#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/outcome.h"
#include "core/tally.h"
#include "core/time.h"
#include "record/evidence.h"
#include "record/probe_counts.h"

namespace recoup::sources {

// ProbeIndex is a probe's place in the list that the board and the prober were made with.
using ProbeIndex = std::uint32_t;

// Begun says that a due request was handed to the network; an Observation with the same probe and
// due follows, unless the service stops before its end.
struct Begun {
  ProbeIndex probe = 0;
  core::Instant due;                     // wall time of the due instant
  std::chrono::nanoseconds lateness{0};  // of the start
};

// NeverSent says that `count` due instants of a probe, first, first + every, …, passed without
// anything being handed to the network.
struct NeverSent {
  ProbeIndex probe = 0;
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
  ProbeIndex probe = 0;
  core::Instant due;      // as in the Begun; decides the minute of a Missed outcome
  core::Instant started;  // wall time; decides the minute of every other one
  core::Outcome outcome;
  // Without the time in which our own loop stood still: it says nothing of the other side.
  std::chrono::nanoseconds duration{0};
  std::unique_ptr<EvidenceText> evidence;  // there iff it is worth a record of its own
};

// ClockStep is a jump of the wall clock against the monotonic one. From here on the probe loop's
// instants are of the wall clock as it is after the step.
struct ClockStep {
  core::Instant at;    // wall time after the step
  core::Millis by{0};  // forward is positive; 0: suspended, and the wall clock stood still too
  core::Millis suspended{0};  // how long of it the machine was suspended

  // What hid the time that a step forward passed over.
  core::NotSent reason() const {
    return suspended * 2 >= by ? core::NotSent::suspended : core::NotSent::clock;
  }
};

// Unmeasured is a time in which a probe was due and that the wall clock passed over; comes before
// the ClockStep that passed over it.
struct Unmeasured {
  ProbeIndex probe = 0;
  core::Gap gap;
};

// What a probe loop tells the board, in the order in which it happened.
using Event = std::variant<Begun, NeverSent, Observation, Unmeasured, ClockStep>;

using OutcomeCounts = std::vector<std::pair<core::Outcome, std::uint64_t>>;

// DirtyMinute is a probe's minute that changed since it was last drained: its whole tally.
struct DirtyMinute {
  ProbeIndex probe = 0;
  core::Minute minute;
  OutcomeCounts counts;
  // The ledger may hold counts of this minute that the board does not know: `counts` lacks them.
  // Such a minute comes with every drain until set_base() was called.
  bool needs_base = false;
};

struct ProbeEvidence {
  ProbeIndex probe = 0;
  record::Evidence evidence;
};

// ProbeAccounted says that every due instant of the probe up to `until`, itself included, is in the
// counts or gaps of this drain or an earlier one; by the wall clock as it went last.
struct ProbeAccounted {
  ProbeIndex probe = 0;
  core::Instant until;
};

struct ProbeGap {
  ProbeIndex probe = 0;
  core::Gap gap;
};

// Drained is what became known since the last drain; evidence is of counted requests only.
struct Drained {
  std::vector<DirtyMinute> minutes;
  std::vector<ProbeEvidence> evidence;
  std::vector<ProbeAccounted> accounted;
  std::vector<ProbeGap> gaps;
  std::vector<ClockStep> clock_steps;
  std::uint64_t counted = 0;  // in minutes of this drain and all before, misses among them
};

// Gathered is what came to a board since it was made.
struct Gathered {
  std::uint64_t counted = 0;           // requests that ended, and misses
  std::uint64_t evidence_waiting = 0;  // records that were not drained yet
};

// UnmeasuredTime is wall time that passed while the probe loop ran and nobody measured.
struct UnmeasuredTime {
  core::Millis suspended{0};
  core::Millis clock_jumped{0};
};

struct ProbeName {
  std::string agreement;
  std::string probe;
};

// Board holds the running minutes of all probes between the probe loop, which adds, and the
// ledger's writer, which drains. All calls may come from any thread; add() never waits for the
// others, whatever the number of probes.
class Board {
 public:
  // `most_evidence` bounds the records that wait to be drained.
  explicit Board(std::vector<ProbeName> probes, std::size_t most_evidence = 500'000);
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  // Takes the events and leaves `events` empty: one call per turn of the event loop.
  void add(std::vector<Event>& events);

  // Everything that changed since the last drain. What it returned is the caller's to keep.
  Drained drain();

  // The ledger may hold counts of this probe through that minute, from an earlier run.
  void known_until(ProbeIndex probe, core::Minute minute);

  // What the ledger holds of a minute that needs its base, read before anything of it is written.
  // From then on it is part of the minute's tally, which the next drain returns whole. Ignored for
  // any other minute.
  void set_base(ProbeIndex probe, core::Minute minute, const OutcomeCounts& counts);

  // What every probe did so far, in the order the board was made with; one consistent moment.
  std::vector<record::ProbeCounts> counts();

  record::Histogram lateness();      // of all Begun
  std::uint64_t clock_steps();       // all so far
  UnmeasuredTime unmeasured();       // all so far
  std::uint64_t evidence_dropped();  // records that found no room
  Gathered gathered();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace recoup::sources
