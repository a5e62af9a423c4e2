#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/tally.h"
#include "core/time.h"

namespace recoup::record {

// SdkLoss is attempts of one client and time that its SDK made, by the attempts that its calls
// counted, and that did not arrive. Approximate: nothing but the time joins an attempt to its call.
struct SdkLoss {
  std::string agreement, log;
  std::string client;   // AWS_CSM_CLIENT_ID, or empty
  core::Interval span;  // by when the calls began
  std::uint64_t attempts = 0;
};

// SdkCounts is what became of the datagrams of AWS SDKs since the service started.
struct SdkCounts {
  // What one log of an agreement counted.
  struct Log {
    std::string agreement, log;
    std::vector<core::OutcomeCount> outcomes;  // of its attempts; each once
    std::uint64_t missing = 0;                 // attempts, as SdkLoss says
  };
  // Attempts that no log counts. Beyond a number of different ones the texts are empty.
  struct Uncounted {
    std::string service, region;
    std::uint64_t attempts = 0;
  };

  std::uint64_t attempts = 0;   // that a log counts
  std::uint64_t calls = 0;      // of whatever service
  std::uint64_t uncounted = 0;  // attempts that none does
  std::uint64_t untimely = 0;   // attempts that began too long ago, or lie ahead
  std::uint64_t malformed = 0;
  std::uint64_t others = 0;   // that say neither
  std::uint64_t dropped = 0;  // by the system, since they were not taken in time
  std::vector<Log> logs;
  std::vector<Uncounted> uncounted_subjects;
  std::vector<SdkLoss> losses;        // the newest ones
  std::vector<std::string> examples;  // why the first malformed ones are; none of their text
};

}  // namespace recoup::record
