#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "billing/charges.h"
#include "config/settings.h"
#include "core/clock.h"
#include "judge/sealing.h"
#include "ledger/ledger.h"
#include "record/claim_life.h"
#include "record/records.h"
#include "record/signature.h"
#include "service/leadership.h"

namespace recoup::service {

// CycleSealer seals the cycles that are over, follows the lives of their claims, and warns of those
// whose deadline is near. Used by one thread, but for past().
class CycleSealer {
 public:
  using OnFailure = std::function<void(const core::Error&)>;

  // Who seals: with which key, null for none; and, where one of several processes does, whether it
  // is this one.
  struct Sealer {
    const record::SealKey* key = nullptr;
    const Leadership* leadership = nullptr;
  };

  // All but the settings outlive it; the ledger is used by this thread alone. What fails is told to
  // `on_failure` and tried again an hour later.
  CycleSealer(const config::SharedSettings& settings, ledger::Ledger& ledger,
              const core::Clock& clock, Sealer sealer, OnFailure on_failure);

  // Looks for months to seal when it is time, and judges and seals them for a moment; what is left
  // is for the next turn. One month is always done, which takes as long as reading its evidence.
  void turn();

  // Takes a turn each `every` until the stop is requested.
  void run(const std::stop_token& stop, core::Millis every);

  // Looks after the agreements of these settings from its next turn on, at first as if it began.
  // From any thread.
  void exchange(config::SharedSettings settings);

  // By agreement, as of the last turn. May be called from any thread.
  std::vector<record::PastCycles> past() const;

  // How often past() was made anew; from any thread.
  std::uint64_t renewed() const { return renewed_; }

 private:
  struct Watched {
    std::shared_ptr<const config::AgreementSettings> settings;
    std::uint64_t journal = 0;  // the newest entry that was looked at
    std::map<core::Month, judge::MonthToSeal> due = {};
  };

  bool leads();
  void take_exchanged();
  void look();
  core::Result<void> look_at(Watched& watched, bool hourly, bool all);
  void seal_for_a_moment();
  void seal_first(Watched& watched);
  void notice_marks();
  void follow_claims();
  void warn_once_a_day(const record::ClaimLife& life);

  ledger::Ledger& ledger_;
  const core::Clock& clock_;
  const Sealer sealer_;
  LeadershipWatch leadership_;
  OnFailure on_failure_;
  billing::Charges charges_;
  std::vector<Watched> watched_;
  core::MonoTime look_next_, hour_next_, day_next_;
  bool follow_ = true;          // the claims are to be looked at again
  std::uint64_t followed_ = 0;  // the newest step of a claim when they were
  std::map<std::pair<std::string, core::Month>, core::Date> warned_;

  mutable std::mutex mutex_;          // guards what is below
  config::SharedSettings exchanged_;  // to look after from the next turn on; null: as before
  std::vector<record::PastCycles> past_;
  std::atomic<std::uint64_t> renewed_{0};
};

}  // namespace recoup::service
