#pragma once

#include <chrono>
#include <cstddef>

namespace recoup::web {

// Limits is what keeps a server answering, whoever calls.
struct Limits {
  // Beyond these, in all and of one address, the one that waits longest for a request is closed for
  // a new one: of the address, or of the address that has most. A /64 of IPv6 is one address.
  unsigned connections = 1024;
  unsigned by_address = 512;
  unsigned closing = 256;  // so many more are accepted before those that were closed are gone
  std::chrono::seconds request{30};    // until a request is whole, from when it may begin
  std::chrono::seconds response{120};  // until an answer was taken
  std::size_t answers = 256UL << 20;   // bytes of long answers that are not yet taken
  std::size_t waiting = 64;            // requests that are to be answered slowly
};

// How many descriptors a server holds at most: each connection one, and one more where a file is
// its answer.
std::size_t descriptors_of(const Limits& limits);

// The usual limits, or lower ones where they would need more than so many descriptors; never fewer
// than 8 connections.
Limits limits_within(std::size_t descriptors);

}  // namespace recoup::web
