#pragma once

#include <chrono>

#include "core/time.h"

namespace recoup::core {

// MonoTime is a point on a clock that never steps; its zero has no meaning. For schedules and
// durations only: a request is bucketed by wall time.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// Clock is where the time is read. Nothing else in the program asks the system for it, so a test
// can let a month pass in a moment. Implementations may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant wall() const = 0;
  virtual MonoTime mono() const = 0;
};

}  // namespace recoup::core
