#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace recoup::sources::sdk {

// Datagrams is where AWS SDKs send what they did. One thread, but for wake().
class Datagrams {
 public:
  struct Arrived {
    std::vector<std::string_view> datagrams;
    std::uint64_t cut_short = 0;  // that were longer than there is room, and are not among them
    std::uint64_t dropped = 0;    // by the system, since nobody took them in time
  };

  virtual ~Datagrams() = default;

  // Some of what has come, in its order; waits for it, at most `wait`. What it gives is its own,
  // good until it is asked again.
  virtual const Arrived& take(core::Millis wait) = 0;

  // Makes the current or the next take() return at once. From any thread.
  virtual void wake() = 0;
};

}  // namespace recoup::sources::sdk
