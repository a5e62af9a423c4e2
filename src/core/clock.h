#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>

#include "core/time.h"

namespace recoup::core {

// MonoTime is a point on a clock that never steps, and stands still while the machine is suspended;
// its zero has no meaning. For schedules and durations only: a request is bucketed by wall time.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// Condition is what threads await under a mutex that they share, as a std::condition_variable is;
// but only a Clock can wait for it.
class Condition {
 public:
  // Whoever awaits it looks again whether what it waits for has come about.
  void notify_all() { changed_.notify_all(); }

  // For implementations of Clock.
  std::condition_variable_any& native() { return changed_; }

 private:
  std::condition_variable_any changed_;
};

// Clock is where the time is read and waited for. Nothing else in the program asks the system for
// it or sleeps, so a test can let a month pass in a moment. Implementations may be called from any
// thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant wall() const = 0;
  virtual MonoTime mono() const = 0;
  // How long ago the machine was started: like mono(), but it goes on while the machine is
  // suspended (Linux CLOCK_BOOTTIME).
  virtual std::chrono::nanoseconds boot() const = 0;

  // Waits until done() holds, mono() is `until`, or the stop is requested; returns whether done()
  // holds. It is called with the mutex locked, at first and after each notify_all() of `changed`.
  virtual bool await(std::unique_lock<std::mutex>& lock, Condition& changed,
                     const std::stop_token& stop, MonoTime until,
                     const std::function<bool()>& done) const = 0;

  // Waits until mono() is `until`, or the stop is requested.
  void pause(const std::stop_token& stop, MonoTime until) const;
};

// What never comes: for waits without a limit.
inline constexpr MonoTime kNever = MonoTime::max();

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
