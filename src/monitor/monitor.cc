#include "monitor/monitor.h"

#include <condition_variable>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "monitor/threads.h"

namespace recoup::monitor {
namespace {

using core::Result;
using namespace std::chrono_literals;

constexpr auto kRecordEvery = 1s;
constexpr auto kJudgeEvery = 5s;

void wait(const std::stop_token& stop, std::chrono::nanoseconds time) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

Monitor::Monitor(const config::Settings& settings, ledger::Ledger& ledger, const core::Clock& clock,
                 sources::probe::Identity identity, Sealing sealing)
    : settings_(settings),
      ledger_(ledger),
      clock_(clock),
      probes_(watched_probes(settings)),
      identity_(std::move(identity)),
      board_(sources::probe::names_of(probes_)),
      recorder_(probes_, board_, ledger),
      closes_apart_(sealing.ledger != nullptr),
      closing_(settings, closes_apart_ ? *sealing.ledger : ledger, clock, sealing.key,
               [this](const core::Error& error) { note_failure("seal", error); }) {
  for (const auto& agreement : settings_.agreements) cycles_.emplace_back(agreement);
}

Result<void> Monitor::start() {
  try {
    prober_ = std::make_unique<sources::probe::Prober>(clock_, board_, probes_, identity_);
  } catch (const std::system_error& error) {
    return core::Error{fmt::format("no request can be probed: {}", error.what()), "",
                       "the system lets this process open too little: see ulimit -n"};
  }
  if (auto done = recorder_.start(settings_.vantage, clock_.wall()); !done) return done;
  judge(clock_.wall());
  return {};
}

void Monitor::run(const std::stop_token& stop) {
  Threads threads(stop);
  // Requests are sent on their schedule, whatever happens below.
  std::jthread probing =
      threads.start([this](const std::stop_token& ending) { prober_->run(ending); });

  // Cycles that are over are sealed beside that; it ends with the month it is at.
  std::jthread closing;
  if (closes_apart_) {
    closing = threads.start([this](const std::stop_token& ending) { closing_.run(ending); });
  }

  while (!threads.ending().stop_requested()) {
    wait(threads.ending(), kRecordEvery);
    turn();
  }

  // From here on no request is begun; what was answered so far is the last to be recorded.
  closing.request_stop();
  probing.request_stop();
  probing.join();
  record();
  if (closing.joinable()) closing.join();
  threads.rethrow();
}

void Monitor::turn() {
  // What the probes saw in the last second becomes durable, counts and evidence together.
  record();

  // From here on the ledger is the only source: an assessment is of durable counts alone.
  if (clock_.mono() >= judge_next_) judge(clock_.wall());

  // Cycles whose grace is over have their seal, or get it here or in the closing thread's next
  // turn.
  if (!closes_apart_) closing_.turn();
}

void Monitor::record() {
  const auto oldest = recorder_.record();
  if (!oldest) return note_failure("write", oldest.error());
  if (!*oldest) return;
  for (RunningCycle& cycle : cycles_) cycle.note_written(**oldest);
}

void Monitor::judge(core::Instant now) {
  judge_next_ = clock_.mono() + kJudgeEvery;
  std::vector<std::shared_ptr<const core::Standing>> standings;
  for (RunningCycle& cycle : cycles_) {
    auto standing = cycle.refresh(ledger_, charges_, now);
    // The last assessments stay; the failure is counted and shown beside them.
    if (!standing) return note_failure("read", standing.error());
    standings.push_back(*std::move(standing));
  }
  const std::lock_guard lock(mutex_);
  standings_ = std::move(standings);
}

void Monitor::note_failure(const char* operation, const core::Error& error) {
  const std::lock_guard lock(mutex_);
  const auto failures = ++ledger_errors_[operation];
  // The first, and then one in a minute or so: a full disk must not fill itself with complaints.
  if (failures % 60 == 1) {
    spdlog::error("ledger: {} failed ({} times): {}{}{}{}{}", operation, failures, error.where,
                  error.where.empty() ? "" : ": ", error.message,
                  error.help.empty() ? "" : "; help: ", error.help);
  }
}

core::Snapshot Monitor::snapshot() {
  core::Snapshot snapshot;
  snapshot.at = clock_.wall();
  snapshot.probes = board_.counts();
  snapshot.lateness = board_.lateness();
  snapshot.clock_steps = board_.clock_steps();
  snapshot.suspended = board_.unmeasured().suspended;
  snapshot.clock_jumped = board_.unmeasured().clock_jumped;
  snapshot.past = closing_.past();
  const std::lock_guard lock(mutex_);
  snapshot.ready = standings_.size() == settings_.agreements.size();
  snapshot.standings = standings_;
  snapshot.ledger_errors = ledger_errors_;
  return snapshot;
}

}  // namespace recoup::monitor
