#pragma once

#include <memory>
#include <optional>

#include "monitor/judge.h"

namespace recoup::monitor {

// RunningCycle judges an agreement's running cycle again and again. Closed intervals are read from
// the ledger once and kept; each refresh reads only what may still change. From time to time, and
// when the cycle changes, everything is read anew, so that imports of other processes are seen.
class RunningCycle {
 public:
  // `settings` outlives this object.
  explicit RunningCycle(const config::AgreementSettings& settings) : settings_(settings) {}

  core::Result<std::shared_ptr<const core::Standing>> refresh(ledger::Ledger& ledger,
                                                              core::Instant now);

 private:
  core::Result<void> start(core::Instant now);
  core::Result<void> settle(ledger::Ledger& ledger, core::Instant now);

  const config::AgreementSettings& settings_;
  std::optional<Bench> bench_;
  core::Tallies settled_;
  core::Instant settled_until_;  // end of what settled_ holds
  core::Instant started_;        // when settled_ was begun
};

}  // namespace recoup::monitor
