#pragma once

#include <string>
#include <vector>

#include "claim/readiness.h"
#include "judge/judge.h"
#include "ledger/ledger.h"

namespace recoup::service {

// ClaimFiles is a claim that was written.
struct ClaimFiles {
  std::vector<std::string> names;
  std::string sealed;  // by which seal, or that there is none yet, in words
  std::string notes;   // the path of the user's own notes on it
  std::vector<claim::Lack> lacks;
};

// What a claim is written with.
struct ClaimTask {
  const core::Standing& standing;
  std::uint64_t journal = 0;             // the ledger's newest entry before the standing was judged
  const record::SealKey* key = nullptr;  // signs; may be null
  core::Instant now;
  std::string folder;
  bool force = false;  // also a claim that is not ready
};

// Seals the month where that is due, writes its claim with the ledger's evidence, the user's notes
// beside the folder, and notes in the ledger that it was written. A claim that lacks what its
// contract demands is refused, unless that is forced.
core::Result<ClaimFiles> write_claim(ledger::Ledger& ledger, const ClaimTask& task);

}  // namespace recoup::service
