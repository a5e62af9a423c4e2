#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "core/world.h"
#include "service/budgets.h"
#include "service/cycle_sealer.h"
#include "service/follow/follower.h"
#include "service/follow/query_follower.h"
#include "service/ledger_writing.h"
#include "service/process_limits.h"
#include "service/recorder.h"
#include "service/running_cycles.h"
#include "service/sdk_listener.h"
#include "sources/probe/board.h"
#include "sources/probe/prober.h"

namespace recoup::service {

// All probes of the settings, in their order; no board watches them yet.
sources::probe::Probes watched_probes(const config::Settings& settings);

// Pace is how often the service looks at what changes without telling it.
struct Pace {
  core::Millis clock{100};    // a wall clock that is set, a machine that slept
  core::Millis files{1000};   // of targets, and whom the TLS connections of probes believe
  core::Millis record{1000};  // what the probes counted, and whether the ledger's file is in place
  core::Millis judge{5000};   // the running cycle: time goes on, other processes import
  core::Millis follow{
      5000};                // files of logs: whether they have grown, and whether there are others
  core::Millis seal{1000};  // cycles that are over, and what the user said of claims
};

// Machine is what a service runs on. A simulation gives it another one.
struct Machine {
  core::World world;
  std::unique_ptr<sources::probe::Network> network;
  Pace pace = {};
  // Asks for the descriptors that these probes and the server may need, and shares them out; an
  // error where there are too few for anything. Null: there are enough, whatever is probed.
  std::function<core::Result<Descriptors>(const sources::probe::Probes&)> descriptors = nullptr;
  // Where AWS SDKs report to; null: nowhere.
  std::unique_ptr<sources::sdk::Datagrams> datagrams = nullptr;
};

// How cycles that are over are sealed.
struct Sealing {
  // A way of its own to the monitor's ledger: then a thread of its own seals, which may read
  // evidence for seconds while the monitor goes on recording. Null, as for a ledger that no second
  // one can be opened of: the monitor's loop seals.
  ledger::Ledger* ledger = nullptr;
  const record::SealKey* key = nullptr;  // null: seals are not signed
  // Whether this process seals, where one of several does; null: it is the only one.
  const Leadership* leadership = nullptr;
};

// How logs are followed.
struct Following {
  // A way of its own to the monitor's ledger, for a thread of its own, as for sealing; null: the
  // monitor's loop looks at the files.
  ledger::Ledger* ledger = nullptr;
  // The same for queries of other engines, which keep whoever asks them waiting.
  ledger::Ledger* queries = nullptr;
};

// Monitor joins the stages of the running service: probes are sent and counted in a thread of their
// own, their counts become durable every second, every agreement is judged again and again, and the
// cycles that are over are sealed. By the role in its settings it does the first half of that or
// the second.
class Monitor {
 public:
  // All but the settings outlive the monitor. The ledger is the monitor's alone from here on.
  Monitor(config::SharedSettings settings, ledger::Ledger& ledger, Machine machine,
          const sources::probe::Identity& identity, Sealing sealing = {}, Following following = {});

  // Records what was missed since the last run and makes the first assessment.
  core::Result<void> start();

  // Probes, records and judges until the stop is requested; then what is left becomes durable. What
  // cannot be written then is tried for some seconds. Once it was started. Throws what one of its
  // threads has thrown, as std::bad_alloc.
  void run(const std::stop_token& stop);

  // Goes over to other settings between two turns, all or nothing: where it fails, it goes on by
  // those that it had. What stays goes on without a loss. A probe that is new is measured from here
  // on, one that is gone is recorded up to here, and one that comes back at once waits for that.
  // The settings differ in no key that check_exchange() knows. Once it was started; from any
  // thread.
  core::Result<void> exchange(config::SharedSettings settings);

  // What is not where the settings want it; after run().
  Unsaved unsaved() const { return writing_.unsaved(); }

  // One turn of the loop: records what is new and, when it is time, judges.
  void turn();

  // Whether probes were sent on schedule and a turn was taken within that time; of any thread.
  bool was_alive_within(core::Millis time) const;

  // Everything the outputs show. May be called from any thread.
  report::Snapshot snapshot();

  // Grows whenever the snapshot shows what no clock brings: a step of a claim, what another process
  // wrote, other settings. From any thread.
  std::uint64_t news() const { return news_ + cycles_.news() + cycle_sealer_.renewed(); }

  // What the ledger refused: others that use it count theirs here, too. From any thread.
  LedgerFailures& failures() { return failures_; }

  // The prober, for whoever asks what a probe's last requests came to, or for one now.
  sources::probe::Prober& prober() { return prober_; }

 private:
  core::Result<void> watch(const config::Settings& settings);
  core::Result<void> resume_new(const config::Settings& settings);
  std::uint64_t evidence_dropped();
  void tell_dropped();
  void follow_logs();

  std::mutex turning_;  // held by who takes a turn or exchanges: guards what is not said otherwise
  config::SharedSettings settings_;
  const record::Role role_;
  ledger::Ledger& ledger_;
  LedgerFailures failures_;
  const core::World world_;
  const core::Clock& clock_;
  const Pace pace_;
  sources::Board board_;
  Budgets budgets_;
  using Watched = std::map<std::pair<record::SeriesKey, std::string>, sources::TargetId>;
  Watched watched_;         // the probes of the settings, by series and target
  bool some_wait_ = false;  // for counters of the same series that are being given up
  sources::probe::Prober prober_;
  std::unique_ptr<SdkListener> sdk_;  // null: SDKs report nowhere
  Recorder recorder_;
  LedgerWriting writing_;
  RunningCycles cycles_;
  std::vector<report::ProbePlan> plans_;  // guarded by mutex_
  bool ended_ = false;                    // no turn is taken any more
  std::atomic<std::uint64_t> news_{0};
  core::MonoTime tell_next_;  // what was dropped is not told again before
  std::uint64_t told_dropped_ = 0;
  std::uint64_t probe_turns_ = 0;                        // of the board, at the last turn
  std::atomic<core::MonoTime> alive_{core::MonoTime()};  // when a turn last found probes going on
  const bool seals_apart_;                               // in a thread of its own
  CycleSealer cycle_sealer_;
  const bool follows_apart_;  // likewise
  Follower follower_;
  core::MonoTime follow_next_;
  const bool queries_apart_;  // likewise
  QueryFollower query_follower_;

  std::mutex mutex_;  // guards plans_
};

}  // namespace recoup::service
