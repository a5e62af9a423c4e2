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
