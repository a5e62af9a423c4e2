#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace recoup::record {

// Phase is a part of the time of one request, in the order in which they pass. On a connection that
// was kept from a request before the first three take no time.
enum class Phase {
  resolve,   // the host's name is looked up
  connect,   // until the connection stands
  tls,       // until it is encrypted
  send,      // until the request was handed to the system; of a long body its first part
  wait,      // until the first byte of the answer
  transfer,  // until its last
};
inline constexpr std::array kPhases{Phase::resolve, Phase::connect, Phase::tls,
                                    Phase::send,    Phase::wait,    Phase::transfer};

// How long each took, by Phase; their sum is the duration of the request, exactly. A request that
// ended early spent the rest of its time in the phase that it was in.
using Phases = std::array<std::chrono::nanoseconds, kPhases.size()>;

std::string_view to_text(Phase phase);

// "resolve 0.214 ms, connect 0.031 ms, wait 3000.2 ms": those that took a microsecond or more, cut
// to whole ones; empty where none did.
std::string phases_text(const Phases& phases);

// "12.345 ms", cut to whole microseconds.
std::string millis_text(std::chrono::nanoseconds duration);

}  // namespace recoup::record
