#include "core/clock.h"

namespace recoup::core {

void Clock::pause(const std::stop_token& stop, MonoTime until) const {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  Condition nothing;
  await(lock, nothing, stop, until, [] { return false; });
}

Moment moment_of(const Clock& clock) {
  constexpr std::chrono::milliseconds kTogether{1};
  // A machine on which this never comes off is too slow for steps to be told from delays.
  constexpr int kMostTries = 1000;
  for (int tries = 1;; ++tries) {
    const auto before = clock.boot();
    const Moment moment{clock.wall(), clock.mono(), clock.boot()};
    if (moment.boot - before < kTogether || tries == kMostTries) return moment;
  }
}

}  // namespace recoup::core
