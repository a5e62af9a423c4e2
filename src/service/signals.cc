#include "service/signals.h"

#include <algorithm>
#include <chrono>

#include <spdlog/spdlog.h>
#include <unistd.h>

namespace recoup::service {

using std::chrono::nanoseconds;

Signals::Signals(const core::Clock& clock) : clock_(clock) {
  sigemptyset(&set_);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) sigaddset(&set_, number);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGTERM, SIG_DFL);  // one that is ignored would never be waited for to its end
}

void Signals::wait(std::optional<core::Millis> most, const std::function<void()>& reload) const {
  std::optional<core::MonoTime> until;
  if (most) until = clock_.mono() + *most;
  while (true) {
    switch (next(until)) {
      case 0:
      case SIGINT:
      case SIGTERM: return;
      case SIGHUP: reload(); break;
      case SIGUSR1: spdlog::warn("SIGUSR1: nothing is done at this signal"); break;
      case SIGUSR2: spdlog::warn("SIGUSR2: nothing is done at this signal"); break;
      default: break;
    }
  }
}

// The number of the next one, or 0 where the time is over.
int Signals::next(std::optional<core::MonoTime> until) const {
  int number = 0;
  if (!until) return sigwait(&set_, &number) == 0 ? number : -1;
  constexpr nanoseconds::rep kASecond = 1'000'000'000;
  const auto left = std::max(nanoseconds(0), nanoseconds(*until - clock_.mono())).count();
  const timespec time{left / kASecond, left % kASecond};
  number = sigtimedwait(&set_, nullptr, &time);
  if (number > 0) return number;
  return clock_.mono() >= *until ? 0 : -1;
}

void Signals::end() { kill(getpid(), SIGTERM); }

}  // namespace recoup::service
