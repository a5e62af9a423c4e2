#include "cli/system_clock.h"

namespace recoup::cli {

core::Instant SystemClock::wall() const {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

core::MonoTime SystemClock::mono() const { return std::chrono::steady_clock::now(); }

}  // namespace recoup::cli
