#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "monitor/recorder.h"
#include "monitor/running_cycle.h"

namespace recoup::monitor {

// Monitor joins the stages of the running service: probes are sent and counted in a thread of their
// own, their counts become durable every second, and every agreement is judged again and again.
class Monitor {
 public:
  // All of them outlive the monitor. The ledger is the monitor's alone from here on.
  Monitor(const config::Settings& settings, ledger::Ledger& ledger, const core::Clock& clock,
          sources::probe::Identity identity);

  // Records what was missed since the last run and makes the first assessment.
  core::Result<void> start();

  // Probes, records and judges until the stop is requested; then what is left becomes durable.
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
  sources::Board board_;
  sources::probe::Prober prober_;
  Recorder recorder_;
  const core::Instant started_;
  std::vector<RunningCycle> cycles_;  // by agreement
  billing::Charges charges_;
  core::MonoTime judge_next_;

  std::mutex mutex_;  // guards what snapshot() reads below
  std::vector<std::shared_ptr<const core::Standing>> standings_;
  std::map<std::string, std::uint64_t> ledger_errors_{{"read", 0}, {"write", 0}};
};

}  // namespace recoup::monitor
