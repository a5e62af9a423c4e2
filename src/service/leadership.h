#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/clock.h"
#include "ledger/ledger.h"
#include "record/roles.h"

namespace recoup::service {

// Leadership tells whether this process is the one judge of its ledger: the one that seals, tells
// and has times signed, of all that could. It holds for some seconds from when the ledger said so,
// and is over by itself where the ledger cannot be asked: another process may have it then. For a
// thread of its own, so that nothing that takes long lets it go; holds() and the rest may be asked
// from any thread.
class Leadership {
 public:
  using OnFailure = std::function<void(const core::Error&)>;

  // How often the ledger is asked: what it says holds for five times as long, which is less than
  // the lease that it gives (ledger/sql/lease.h), so that it is over here before another process
  // can have it there.
  static constexpr core::Millis kEvery = std::chrono::seconds(5);

  // Ledger and clock outlive it; the ledger is used by the thread of turn() alone. As nobody it
  // never leads, and only knows who does. Another `every` is for a simulation.
  Leadership(ledger::Ledger& ledger, std::optional<record::Writer> as, const core::Clock& clock,
             OnFailure on_failure, core::Millis every = kEvery);

  // Asks the ledger.
  void turn();

  // Takes a turn each `every` until the stop is requested.
  void run(const std::stop_token& stop);

  bool holds() const { return clock_.mono() < until_.load(); }

  // Who is the judge and who records, as of the last turn.
  std::vector<record::Holder> holders() const;

 private:
  ledger::Ledger& ledger_;
  const std::optional<record::Writer> as_;
  const core::Clock& clock_;
  const OnFailure on_failure_;
  const core::Millis every_;
  std::atomic<core::MonoTime> until_;
  bool led_ = false;

  mutable std::mutex mutex_;
  std::vector<record::Holder> holders_;  // guarded by mutex_
};

// LeadershipWatch is for a thread that has to begin anew when the process becomes the judge.
class LeadershipWatch {
 public:
  // Null: there is no other process, and this one always leads.
  explicit LeadershipWatch(const Leadership* leadership) : leadership_(leadership) {}

  enum class Is { leading, began, not_leading };

  // Whether it leads now, and whether it did not when this was asked last.
  Is look() {
    const bool before = led_;
    led_ = leadership_ == nullptr || leadership_->holds();
    if (!led_) return Is::not_leading;
    return before ? Is::leading : Is::began;
  }

 private:
  const Leadership* leadership_;
  bool led_ = false;
};

}  // namespace recoup::service
