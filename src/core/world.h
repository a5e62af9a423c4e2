#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "core/clock.h"

namespace recoup::core {

// Thread is a thread that was started; its destructor requests its stop and joins it. One thread.
class Thread {
 public:
  virtual ~Thread() = default;
  virtual void request_stop() = 0;
  virtual void join() = 0;  // once it has ended; again does nothing
};

// Threads starts all threads of the program but those that a library keeps to itself. May be called
// from any thread.
class Threads {
 public:
  // It throws nothing.
  using Body = std::function<void(const std::stop_token&)>;

  virtual ~Threads() = default;

  // `name` is what the system shows of it, in 15 bytes. Throws std::system_error where the system
  // has no room for another one.
  virtual std::unique_ptr<Thread> start(const std::string& name, Body body) = 0;
};

// World is what the program asks of the machine beside files and sockets: both outlive all who are
// given it. A simulation has another one, in which time passes when everybody waits.
struct World {
  const Clock& clock;
  Threads& threads;
};

}  // namespace recoup::core
