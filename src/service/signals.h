#pragma once

#include <csignal>
#include <functional>
#include <optional>

#include "core/clock.h"

namespace recoup::service {

// Signals are those that a service gets, taken in one place by waiting for them: SIGINT and SIGTERM
// end it, at SIGHUP the settings are read again, SIGUSR1 and SIGUSR2 are named in the log and
// nothing else, SIGPIPE is ignored.
// They are blocked in every thread that starts after this was made.
class Signals {
 public:
  // The clock outlives it.
  explicit Signals(const core::Clock& clock);

  // Until one that ends the service comes, or the time is over. Calls `reload` at each SIGHUP.
  void wait(std::optional<core::Millis> most, const std::function<void()>& reload) const;

  // Makes wait() return. From any thread.
  static void end();

 private:
  int next(std::optional<core::MonoTime> until) const;

  const core::Clock& clock_;
  sigset_t set_;
};

}  // namespace recoup::service
