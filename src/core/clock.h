#pragma once

#include <chrono>

#include "core/time.h"

namespace recoup::core {

// MonoTime is a point on a clock that never steps, and stands still while the machine is suspended;
// its zero has no meaning. For schedules and durations only: a request is bucketed by wall time.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// Clock is where the time is read. Nothing else in the program asks the system for it, so a test
// can let a month pass in a moment. Implementations may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant wall() const = 0;
  virtual MonoTime mono() const = 0;
  // How long ago the machine was started: like mono(), but it goes on while the machine is
  // suspended (Linux CLOCK_BOOTTIME).
  virtual std::chrono::nanoseconds boot() const = 0;
};

// Moment is what all clocks show at one instant, but for a millisecond.
struct Moment {
  Instant wall;
  MonoTime mono;
  std::chrono::nanoseconds boot{0};
};

// Reads the clocks together: again where the reader was held up or suspended between two of them,
// which would look like a step of the one against the other.
Moment moment_of(const Clock& clock);

}  // namespace recoup::core
