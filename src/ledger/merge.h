#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "ledger/address.h"

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

  // Whether anything changed.
  bool is_new() const {
    return series + minutes + records + gaps + steps + files + events + exclusions + claim_steps +
               incidents >
           0;
  }
};

// Brings all that was seen from one ledger into another, all of it or nothing, in one transaction:
// counts, evidence in the order of its chains, gaps, checkpoints, clock steps, files of logs with
// what their lines are known by, trails, and what the user said: exclusions, steps of claims,
// incidents, what was told. The order in which several are merged changes nothing, and to merge one
// again adds nothing. A later copy of the same ledger brings what is new in it.
//
// What cannot be told apart is refused, and says what to do: a minute that both counted for the
// same vantage and not alike, other evidence of the same instant, log files that have lines in
// common. Seals stay, because each is of one ledger; so do stamps, which sign its digests, and the
// places at which the reading of followed files goes on, which are of one machine. Months that were
// sealed get a revision that says that counts came late.
core::Result<Merged> merge(const Address& from, const Address& into);

}  // namespace recoup::ledger
