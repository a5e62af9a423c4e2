#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "billing/charges.h"
#include "judge/judge.h"

namespace recoup::judge {

// RunningCycle judges an agreement's running cycle again and again. Closed intervals are read from
// the ledger once and kept, packed; each refresh reads only what may still change. From time to
// time, and when the cycle changes, everything is read anew, so that imports of other processes are
// seen.
class RunningCycle {
 public:
  // Keeps the settings, as long as it judges by them; they are not null.
  explicit RunningCycle(std::shared_ptr<const config::AgreementSettings> settings)
      : settings_(std::move(settings)) {}

  const config::AgreementSettings& settings() const { return *settings_; }

  // What the bills of `charges` say is read anew when they have changed.
  core::Result<std::shared_ptr<const core::Judgement>> refresh(ledger::Ledger& ledger,
                                                               billing::Charges& charges,
                                                               core::Instant now);

  // Something was written to the ledger that is as old as that: where it may be in what is kept,
  // the next refresh reads everything anew. After a stop of our own, counts and gaps come late.
  void note_written(core::Instant oldest);

 private:
  core::Result<void> start(ledger::Ledger& ledger, billing::Charges& charges, core::Instant now);
  core::Result<void> settle(ledger::TallyStore& ledger, core::Instant now);

  std::shared_ptr<const config::AgreementSettings> settings_;
  std::optional<CycleTerms> terms_;
  std::optional<core::Counts> settled_;            // by the version of terms_, in their cycle
  std::optional<Beside> beside_;                   // of what settled_ holds
  core::Instant settled_until_;                    // end of what settled_ holds
  core::Instant started_;                          // when settled_ was begun
  std::vector<core::Judgement> others_;            // the other readings, as they were then
  std::vector<core::ProviderIncident> incidents_;  // the provider's own, as they were then
};

}  // namespace recoup::judge
