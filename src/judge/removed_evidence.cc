#include "judge/removed_evidence.h"

#include <algorithm>

namespace recoup::judge {

using core::Instant;
using core::Result;

Result<std::optional<Instant>> evidence_removed_until(ledger::Upkeep& ledger,
                                                      const std::string& agreement) {
  const auto removed = ledger.removed_evidence(agreement);
  if (!removed) return removed.error();
  std::optional<Instant> until;
  for (const record::RemovedEvidence& one : *removed) {
    until = std::max(until.value_or(one.until), one.until);
  }
  return until;
}

}  // namespace recoup::judge
