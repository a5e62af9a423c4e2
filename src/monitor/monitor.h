#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "monitor/closing.h"
#include "monitor/recorder.h"
#include "monitor/running_cycle.h"

namespace recoup::monitor {

// How cycles that are over are sealed.
struct Sealing {
  // A way of its own to the monitor's ledger: then a thread of its own seals, which may read
  // evidence for seconds while the monitor goes on recording. Null, as for a ledger that no second
  // one can be opened of: the monitor's loop seals.
  ledger::Ledger* ledger = nullptr;
  const core::SealKey* key = nullptr;  // null: seals are not signed
};

// Monitor joins the stages of the running service: probes are sent and counted in a thread of their
// own, their counts become durable every second, every agreement is judged again and again, and the
// cycles that are over are sealed.
class Monitor {
 public:
  // All of them outlive the monitor. The ledger is the monitor's alone from here on.
  Monitor(const config::Settings& settings, ledger::Ledger& ledger, const core::Clock& clock,
          sources::probe::Identity identity, Sealing sealing = {});

  // Records what was missed since the last run and makes the first assessment. The error may also
  // be that the system has no room for the prober.
  core::Result<void> start();

  // Probes, records and judges until the stop is requested; then what is left becomes durable. Once
  // it was started. Throws what one of its threads has thrown, as std::bad_alloc.
  void run(const std::stop_token& stop);

  // One turn of the loop: records what is new and, when it is time, judges.
  void turn();

  // Everything the outputs show. May be called from any thread.
  core::Snapshot snapshot();

 private:
  void record();
  void judge(core::Instant now);
  void note_failure(const char* operation, const core::Error& error);

  const config::Settings& settings_;
  ledger::Ledger& ledger_;
  const core::Clock& clock_;
  std::vector<sources::probe::Probe> probes_;
  sources::probe::Identity identity_;
  sources::Board board_;
  std::unique_ptr<sources::probe::Prober> prober_;  // from start() on
  Recorder recorder_;
  std::vector<RunningCycle> cycles_;  // by agreement
  billing::Charges charges_;
  core::MonoTime judge_next_;
  const bool closes_apart_;  // in a thread of its own
  Closing closing_;

  std::mutex mutex_;  // guards what snapshot() reads below
  std::vector<std::shared_ptr<const core::Standing>> standings_;
  std::map<std::string, std::uint64_t> ledger_errors_{{"read", 0}, {"seal", 0}, {"write", 0}};
};

}  // namespace recoup::monitor
