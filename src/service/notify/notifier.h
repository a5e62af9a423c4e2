#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "config/settings.h"
#include "core/clock.h"
#include "ledger/ledger.h"
#include "report/snapshot.h"
#include "service/leadership.h"
#include "service/notify/notice.h"

namespace recoup::service {

// Notifier tells whom [notify] names what there is to know, each thing once: what was accepted is
// noted in the ledger, so that a restart does not tell it again. What is not accepted is tried
// again, after a minute at first and an hour at most, for as long as it is true. Nothing else waits
// for it. Used by one thread, but for exchange() and counts().
class Notifier {
 public:
  using Look = std::function<std::shared_ptr<const report::Snapshot>()>;

  // All but the settings outlive it; the ledger is used by this thread alone. Where one of several
  // processes tells, `leadership` says whether it is this one.
  Notifier(config::SharedSettings settings, ledger::Notices& ledger, const core::Clock& clock,
           Look look, const Leadership* leadership = nullptr);

  // Tells what is new, until the target fails or the stop is requested.
  void turn(const std::stop_token& stop);

  // Takes a turn each `every` until the stop is requested. Throws nothing.
  void run(const std::stop_token& stop, core::Millis every);

  // Goes by other settings from its next turn on. From any thread.
  void exchange(config::SharedSettings settings);

  // Nothing where nobody is to be told. From any thread.
  std::optional<report::NoticeCounts> counts() const;

 private:
  bool leads();
  bool load();
  std::vector<Notice> untold(const report::Snapshot& snapshot) const;
  void note_accepted(const Notice& notice);
  void note_failure(const std::string& target, const core::Error& error);

  ledger::Notices& ledger_;
  const core::Clock& clock_;
  Look look_;
  LeadershipWatch leadership_;
  std::optional<std::set<std::string>> told_;  // nothing before the ledger was read
  core::MonoTime try_next_;
  std::chrono::nanoseconds wait_;  // before the next try

  core::Condition changed_;   // the settings
  mutable std::mutex mutex_;  // guards what is below
  config::SharedSettings settings_;
  report::NoticeCounts counts_;
};

}  // namespace recoup::service
