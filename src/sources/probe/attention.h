#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/clock.h"
#include "core/time.h"
#include "record/batch.h"

namespace recoup::sources::probe {

// Attention tells what the probe loop slept through. The loop shows it the clocks once in each
// turn; a turn that comes much later than it should, a suspended machine and a jump of the wall
// clock are absences of ours, whatever the other side did meanwhile. It reads no clock. One thread.
class Attention {
 public:
  // A turn is late when it comes this much later than what was waited for. A turn's own work takes
  // a few milliseconds, some hundred where many connections are made at once. A contract that
  // counts a request without an answer gives it seconds.
  static constexpr core::Millis kLate{500};
  // The wall clock is read in milliseconds and slewed, by a twelfth of the time at most (chrony);
  // more than this, and a tenth of the time, is a step.
  static constexpr core::Millis kStep{250};
  // The clocks are read one after the other: what they differ by less than this was no suspension.
  static constexpr core::Millis kAsleep{10};

  // What passed between two looks, beside the time that was waited for.
  struct Passed {
    std::optional<record::ClockStep>
        step;                   // there iff the wall clock stepped, or the machine was suspended
    core::Interval unmeasured;  // the wall time that a step forward passed over; else empty
  };

  explicit Attention(const core::Moment& now) : last_(now) {}

  // A look at the clocks, after a turn that was to wait that long at most.
  Passed look(const core::Moment& now, core::Millis waited);

  // The moment of the last look.
  const core::Moment& last() const { return last_; }

  // How long the loop stood still so far, in late turns alone. Monotonic time without it is what a
  // request may take up of its timeout: while nobody looks, an answer may lie there.
  std::chrono::nanoseconds still() const { return still_; }

  // How many absences there were so far, of any kind. A request that was in flight in one was not
  // watched all the time.
  std::uint64_t absences() const { return absences_; }

  // When the machine, or a virtual one, was found to have been asleep last, if it was: connections
  // from before that may be dead without a word.
  std::optional<core::MonoTime> woke() const { return woke_; }

 private:
  core::Moment last_;
  std::chrono::nanoseconds still_{0};
  std::uint64_t absences_ = 0;
  std::optional<core::MonoTime> woke_;
};

}  // namespace recoup::sources::probe
