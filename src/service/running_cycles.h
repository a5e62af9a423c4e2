#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "billing/charges.h"
#include "config/settings.h"
#include "core/clock.h"
#include "judge/running_cycle.h"
#include "ledger/ledger.h"
#include "record/roles.h"
#include "report/snapshot.h"
#include "service/incident_log.h"
#include "service/ledger_writing.h"
#include "service/uncounted_log.h"
#include "service/vote_counter.h"

namespace recoup::service {

// RunningCycles judges the running cycle of every agreement again and again, by what is durable
// alone, and tells the log what changes. One thread, where nothing else is said.
class RunningCycles {
 public:
  // How often it looks at what it is not told.
  struct Pace {
    core::Millis judge;     // time goes on
    core::Millis journals;  // other processes write
  };

  // All of them outlive it. By a role that does not judge it knows the versions in force alone.
  RunningCycles(ledger::Ledger& ledger, record::Role role, const core::Clock& clock, Pace pace,
                LedgerFailures& failures);

  // Judges the agreements of these settings, now and from here on. Until one can be judged by them,
  // what was last said of it stays.
  void exchange(const config::SharedSettings& settings);

  // Something was written of that time and later: of all agreements, or of one.
  void note_written(core::Instant oldest);
  void note_written(const std::string& agreement, core::Instant oldest);

  // Looks at what others wrote, and judges when it is time.
  void turn();

  // Puts in what the outputs show of it. From any thread.
  void show(report::Snapshot& snapshot) const;

  // Grows with what no clock brings. From any thread.
  std::uint64_t news() const { return news_; }

 private:
  // An agreement and its running cycle.
  struct Judged {
    judge::RunningCycle cycle;
    std::shared_ptr<const core::Judgement> last;  // null before the first
    std::uint64_t journal = 0;                    // the newest entry that was looked at
  };

  void judge(core::Instant now);
  void read_journals();
  void skip_journals();
  std::shared_ptr<const core::Judgement> with_votes(
      const std::shared_ptr<const core::Judgement>& judgement, const core::VoteRule& rule,
      core::Instant now);
  void read_versions(core::Instant now);

  ledger::Ledger& ledger_;
  const record::Role role_;
  const core::Clock& clock_;
  const Pace pace_;
  LedgerFailures& failures_;
  config::SharedSettings settings_;
  std::vector<Judged> cycles_;  // by agreement
  billing::Charges charges_;
  UncountedLog uncounted_log_;
  IncidentLog incident_log_;
  VoteCounter votes_;
  core::MonoTime judge_next_;
  std::uint64_t journal_ = 0;     // the newest entry of all that was looked at
  core::MonoTime journals_next_;  // they are not looked at again before
  std::atomic<std::uint64_t> news_{0};

  mutable std::mutex mutex_;  // guards what is shown
  std::vector<std::shared_ptr<const core::Judgement>> judgements_;
  std::map<std::string, std::shared_ptr<const core::Version>> versions_;  // of a prober
  bool ready_ = false;  // there is one of every agreement
};

}  // namespace recoup::service
