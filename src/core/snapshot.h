#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/agreement.h"
#include "core/assessment.h"
#include "core/claim_life.h"
#include "core/credit.h"

namespace recoup::core {

// Histogram counts durations in buckets; bucket i holds what is <= kBounds[i], the last one the
// rest. The bounds suit requests: 1 ms to 10 s.
class Histogram {
 public:
  static constexpr std::array<Millis::rep, 13> kBoundsMs{1,   2,   5,    10,   25,   50,   100,
                                                         250, 500, 1000, 2500, 5000, 10000};
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
  MissedCounts missed{};
  std::map<std::string, std::uint64_t> outcomes;  // by outcome text, without missed ones
  Histogram duration;                             // of answered requests
};

// Standing is where one agreement stands in one cycle; shared by all outputs, never changed.
struct Standing {
  Agreement agreement;
  const Rule* rule = nullptr;        // lives as long as the settings it came from
  const Version* version = nullptr;  // likewise
  std::shared_ptr<const void> keep;  // whatever keeps `rule` alive
  Assessment assessment;
  Credit credit;
  Zone zone = Zone::utc();  // of the assessment's cycle
};

// PastCycles is what became of an agreement's cycles that are over: their seals, and the claims
// that rest on these.
struct PastCycles {
  std::string agreement;
  std::uint64_t sealed = 0;       // cycles with a seal
  std::uint64_t revisions = 0;    // seals of these, their first ones among them
  std::vector<ClaimLife> claims;  // by month
};

// ProcessUsage is what the service takes of its machine, as the system says it.
struct ProcessUsage {
  std::chrono::nanoseconds cpu{0};   // of processor time, since it started
  std::uint64_t resident_bytes = 0;  // of memory
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_files = 0;
  std::uint64_t most_files = 0;  // that it may open
  Instant started;
};

// WebUsage is what the service's own server did since it started.
struct WebUsage {
  std::uint64_t connections = 0;          // open now
  std::uint64_t closed_early = 0;         // by a limit
  std::map<int, std::uint64_t> requests;  // by the status of the answer
};

// Snapshot is everything the outputs of the running service show, as of one instant.
struct Snapshot {
  Instant at;
  bool ready = false;  // the first assessment of every agreement was made
  std::vector<std::shared_ptr<const Standing>> standings;  // the running cycle, by agreement
  std::vector<PastCycles> past;                            // by agreement, when it is known
  std::vector<ProbeCounts> probes;
  Histogram lateness;                                  // how late probes were sent
  std::map<std::string, std::uint64_t> ledger_errors;  // by operation
  std::string unwritable;  // why nothing can be written to the ledger; empty: it can
  std::uint64_t evidence_dropped =
      0;  // records for which there was no room before they were written
  std::uint64_t clock_steps = 0;
  // Wall time that passed while the service ran and that nobody measured.
  Millis suspended{0};     // with the machine
  Millis clock_jumped{0};  // the wall clock was set forward, or a virtual machine was paused
  std::optional<ProcessUsage> process;  // where the system says so
  WebUsage web;
};

}  // namespace recoup::core
