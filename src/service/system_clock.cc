#include "service/system_clock.h"

#include <ctime>

namespace recoup::service {

core::Instant SystemClock::wall() const {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

core::MonoTime SystemClock::mono() const { return std::chrono::steady_clock::now(); }

std::chrono::nanoseconds SystemClock::boot() const {
  std::timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace recoup::service
