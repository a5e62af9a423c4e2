#pragma once

#include <chrono>

#include "record/phases.h"

namespace recoup::sources::probe {

// Stages is when the stages of a transfer were over, from its start, as libcurl says; 0: it did not
// come so far.
struct Stages {
  std::chrono::nanoseconds resolved{0};
  std::chrono::nanoseconds connected{0};
  std::chrono::nanoseconds encrypted{0};
  std::chrono::nanoseconds sent{0};
  std::chrono::nanoseconds answered{0};
  bool kept = false;  // it went out on a connection of a request before
  bool tls = false;
};

// How much of `total`, the whole time, went to each phase: what follows the last stage that was
// reached is of the phase after it. They add up to `total`, which is not negative.
record::Phases phases_of(const Stages& stages, std::chrono::nanoseconds total);

}  // namespace recoup::sources::probe
