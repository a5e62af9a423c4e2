#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/tally.h"
#include "core/time.h"
#include "record/phases.h"
#include "record/probe_result.h"

namespace recoup::record {

// Histogram counts durations in buckets; bucket i holds what is <= kBounds[i], the last one the
// rest. The bounds suit requests: 1 ms to 10 s.
class Histogram {
 public:
  static constexpr std::array<core::Millis::rep, 13> kBoundsMs{
      1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000};
  void add(std::chrono::nanoseconds duration);

  const std::array<std::uint64_t, kBoundsMs.size() + 1>& counts() const { return counts_; }
  std::uint64_t count() const;
  std::chrono::nanoseconds sum() const { return sum_; }

 private:
  std::array<std::uint64_t, kBoundsMs.size() + 1> counts_{};
  std::chrono::nanoseconds sum_{0};
};

// ProbeCounts is what one probe did since the service started: due = sent + missed, and sent =
// the sum of the other outcomes + in flight.
struct ProbeCounts {
  std::string agreement;
  std::string probe;
  std::uint64_t due = 0;
  std::uint64_t in_flight = 0;
  core::MissedCounts missed{};
  std::vector<core::OutcomeCount> outcomes;  // without missed ones; each once
  Histogram duration;                        // of answered requests
  Phases phases{};                           // of all of `outcomes`, added up
  std::vector<CheckCounts> checks = {};      // of checks beside the contract, in their order
};

// PhaseHistograms is how long each phase took, of the requests of all probes of one agreement.
struct PhaseHistograms {
  std::string agreement;
  std::array<Histogram, kPhases.size()> phases{};
};

}  // namespace recoup::record
