#pragma once

#include <mutex>

#include "core/clock.h"

// FakeClock stands still until the test moves it. Any thread may move and read it.
class FakeClock : public recoup::core::Clock {
 public:
  explicit FakeClock(recoup::core::Instant wall) : wall_(wall) {}

  recoup::core::Instant wall() const override {
    const std::lock_guard lock(mutex_);
    return wall_;
  }
  recoup::core::MonoTime mono() const override {
    const std::lock_guard lock(mutex_);
    return mono_;
  }

  std::chrono::nanoseconds boot() const override {
    const std::lock_guard lock(mutex_);
    return boot_;
  }

  // Looks a thousand times a second: who moves the clock does not know who waits for it.
  bool await(std::unique_lock<std::mutex>& lock, recoup::core::Condition& changed,
             const std::stop_token& stop, recoup::core::MonoTime until,
             const std::function<bool()>& done) const override {
    while (!done() && mono() < until && !stop.stop_requested()) {
      changed.native().wait_for(lock, stop, std::chrono::milliseconds(1), done);
    }
    return done();
  }

  // Lets time pass.
  void advance(std::chrono::milliseconds by) {
    const std::lock_guard lock(mutex_);
    wall_ += by;
    mono_ += by;
    boot_ += by;
  }

  // Lets time pass in which the machine is suspended.
  void suspend(std::chrono::milliseconds by) {
    const std::lock_guard lock(mutex_);
    wall_ += by;
    boot_ += by;
  }

  // Steps the wall clock alone, as an administrator does, or a virtual machine that was paused.
  void step(std::chrono::milliseconds by) {
    const std::lock_guard lock(mutex_);
    wall_ += by;
  }

 private:
  mutable std::mutex mutex_;
  recoup::core::Instant wall_;
  recoup::core::MonoTime mono_{std::chrono::hours(1)};
  std::chrono::nanoseconds boot_{std::chrono::hours(2)};
};
