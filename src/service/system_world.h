#pragma once

#include "core/world.h"

namespace recoup::service {

// SystemClock reads the machine's clocks and waits by them: the only place in the program that
// does, beside what a library does inside.
class SystemClock : public core::Clock {
 public:
  core::Instant wall() const override;
  core::MonoTime mono() const override;
  std::chrono::nanoseconds boot() const override;
  bool await(std::unique_lock<std::mutex>& lock, core::Condition& changed,
             const std::stop_token& stop, core::MonoTime until,
             const std::function<bool()>& done) const override;
};

// SystemThreads starts the machine's threads.
class SystemThreads final : public core::Threads {
 public:
  std::unique_ptr<core::Thread> start(const std::string& name, Body body) override;
};

// The machine's own.
core::World system_world();

}  // namespace recoup::service
