#pragma once

#include "core/clock.h"

namespace recoup::service {

// SystemClock reads the machine's clocks: the only place in the program that does.
class SystemClock : public core::Clock {
 public:
  core::Instant wall() const override;
  core::MonoTime mono() const override;
  std::chrono::nanoseconds boot() const override;
};

}  // namespace recoup::service
