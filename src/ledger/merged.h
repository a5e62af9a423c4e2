#pragma once

#include <cstdint>

namespace recoup::ledger {

// Merged is what one ledger brought to another.
struct Merged {
  std::uint64_t series = 0;   // that were not there
  std::uint64_t minutes = 0;  // of counts
  std::uint64_t records = 0;  // of evidence
  std::uint64_t gaps = 0;     // and times that were not seen
  std::uint64_t steps = 0;    // of the clock
  std::uint64_t files = 0;    // of logs
  std::uint64_t events = 0;   // of trails, that were not known from other files
  std::uint64_t exclusions = 0;
  std::uint64_t claim_steps = 0;
  std::uint64_t incidents = 0;  // that are new, or newer
  // What stays in the ledger that it is of: seals and what third parties signed.
  std::uint64_t seals = 0;
  std::uint64_t stamps = 0;
  // Records that it had removed before, by [keep]: what they proved is counted, and not shown.
  std::uint64_t removed = 0;

  // Whether anything changed.
  bool is_new() const {
    return series + minutes + records + gaps + steps + files + events + exclusions + claim_steps +
               incidents >
           0;
  }
};

}  // namespace recoup::ledger
