#pragma once

#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "monitor/judge.h"

namespace recoup::cli {

// ClaimFiles is a claim that was written.
struct ClaimFiles {
  std::vector<std::string> names;
  std::string sealed;  // by which seal, or that there is none yet, in words
};

// What a claim is written with.
struct ClaimTask {
  const core::Standing& standing;
  std::uint64_t journal = 0;           // the ledger's newest entry before the standing was judged
  const core::SealKey* key = nullptr;  // signs; may be null
  core::Instant now;
  std::string folder;
};

// Seals the month where that is due, writes its claim with the ledger's evidence, and notes in the
// ledger that it was written.
core::Result<ClaimFiles> write_claim(ledger::Ledger& ledger, const ClaimTask& task);

}  // namespace recoup::cli
