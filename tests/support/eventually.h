#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace recoup::test {

// Looks at a condition again and again; whether it came true before the deadline. The deadline is
// for what never comes: a machine under sanitizers, beside other tests, is slow.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds deadline = std::chrono::seconds(60)) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace recoup::test
