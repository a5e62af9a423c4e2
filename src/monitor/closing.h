#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "billing/charge.h"
#include "core/clock.h"
#include "core/signature.h"
#include "core/snapshot.h"
#include "monitor/sealing.h"

namespace recoup::monitor {

// Judges one of months_to_seal() with its charge, and seals it where that is due; the seal, where
// one was made.
core::Result<std::optional<core::Seal>> judge_and_seal(ledger::Ledger& ledger,
                                                       const config::AgreementSettings& settings,
                                                       billing::Charges& charges,
                                                       const MonthToSeal& month,
                                                       const core::SealKey* key, core::Instant now);

// The zone of the agreement's cycles, as of that instant.
core::Result<core::Zone> zone_at(const config::AgreementSettings& settings, core::Instant at);

// Where the agreement's claims stand, by what the ledger has of its seals and of the claims.
core::Result<core::PastCycles> past_cycles(ledger::Ledger& ledger, const std::string& agreement,
                                           core::Instant now);

// What the user does next about the claim, a command to run; empty where there is nothing to do.
std::string next_step(const core::ClaimLife& life);

// Closing seals the cycles that are over, follows the lives of their claims, and warns of those
// whose deadline is near. Used by one thread, but for past().
class Closing {
 public:
  using OnFailure = std::function<void(const core::Error&)>;

  // All of them outlive it; the ledger is used by this thread alone, `key` may be null. What fails
  // is told to `on_failure` and tried again an hour later.
  Closing(const config::Settings& settings, ledger::Ledger& ledger, const core::Clock& clock,
          const core::SealKey* key, OnFailure on_failure);

  // Looks for months to seal when it is time, and judges and seals them for a moment; what is left
  // is for the next turn. One month is always done, which takes as long as reading its evidence.
  void turn();

  // Takes turns until the stop is requested.
  void run(const std::stop_token& stop);

  // By agreement, as of the last turn. May be called from any thread.
  std::vector<core::PastCycles> past() const;

 private:
  struct Watched {
    const config::AgreementSettings* settings;
    std::uint64_t journal = 0;  // the newest entry that was looked at
    std::map<core::Month, MonthToSeal> due = {};
  };

  void look();
  core::Result<void> look_at(Watched& watched, bool hourly, bool all);
  void seal_for_a_moment();
  void seal_first(Watched& watched);
  void notice_marks();
  void follow_claims();
  void warn_once_a_day(const core::ClaimLife& life);

  ledger::Ledger& ledger_;
  const core::Clock& clock_;
  const core::SealKey* key_;
  OnFailure on_failure_;
  billing::Charges charges_;
  std::vector<Watched> watched_;
  core::MonoTime look_next_, hour_next_, day_next_;
  bool follow_ = true;          // the claims are to be looked at again
  std::uint64_t followed_ = 0;  // the newest step of a claim when they were
  std::map<std::pair<std::string, core::Month>, core::Date> warned_;

  mutable std::mutex mutex_;  // guards past_
  std::vector<core::PastCycles> past_;
};

}  // namespace recoup::monitor
