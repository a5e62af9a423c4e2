#include "sources/probe/stages.h"

#include <algorithm>
#include <array>

namespace recoup::sources::probe {

record::Phases phases_of(const Stages& stages, std::chrono::nanoseconds total) {
  using std::chrono::nanoseconds;
  const nanoseconds none{0};
  // On a kept connection libcurl gives the first stages the time that it took to find it.
  const nanoseconds encrypted = stages.tls ? stages.encrypted : stages.connected;
  const std::array<nanoseconds, 5> ends{
      stages.kept ? none : stages.resolved, stages.kept ? none : stages.connected,
      stages.kept ? none : encrypted, stages.sent, stages.answered};
  std::size_t reached = stages.kept ? 3 : 0;  // how many stages are over
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i] > none) reached = i + 1;
  }
  record::Phases phases{};
  nanoseconds from = none;
  for (std::size_t i = 0; i < reached; ++i) {
    const nanoseconds end = std::clamp(ends[i], from, std::max(from, total));
    phases[i] = end - from;
    from = end;
  }
  phases[reached] = total - from;
  return phases;
}

}  // namespace recoup::sources::probe
