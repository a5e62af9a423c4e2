#include "service/monitor.h"

#include <set>
#include <utility>

#include <spdlog/spdlog.h>

#include "config/worth.h"
#include "judge/beside.h"
#include "service/thread_group.h"

namespace recoup::service {
namespace {

using core::Result;
using namespace std::chrono_literals;

constexpr auto kTellDroppedEvery = 1min;

record::SeriesKey key_of(const sources::probe::Probe& probe, const config::Settings& settings) {
  return {probe.agreement, record::SeriesKind::probe, probe.settings.id, settings.vantage};
}

}  // namespace

sources::probe::Probes watched_probes(const config::Settings& settings) {
  sources::probe::Probes probes;
  if (!record::counts(settings.role)) return probes;
  for (const auto& agreement : settings.agreements) {
    for (const auto& probe : agreement.probes) {
      probes.push_back(std::make_shared<const sources::probe::Probe>(
          sources::probe::Probe{agreement.agreement.id, probe}));
    }
  }
  return probes;
}

Monitor::Monitor(config::SharedSettings settings, ledger::Ledger& ledger, Machine machine,
                 const sources::probe::Identity& identity, Sealing sealing, Following following)
    : settings_(std::move(settings)),
      role_(settings_->role),
      ledger_(ledger),
      world_(machine.world),
      clock_(world_.clock),
      pace_(machine.pace),
      prober_(world_, std::move(machine.network), board_, identity,
              {pace_.clock, pace_.files,
               [](const std::string& news) { spdlog::warn("TLS of probes: {}", news); }}),
      sdk_(machine.datagrams == nullptr
               ? nullptr
               : std::make_unique<SdkListener>(std::move(machine.datagrams), clock_)),
      recorder_(ledger),
      writing_(ledger, recorder_, clock_, failures_,
               [this](core::Instant oldest) { cycles_.note_written(oldest); }),
      cycles_(ledger, role_, clock_, {pace_.judge, pace_.seal}, failures_),
      seals_apart_(sealing.ledger != nullptr),
      cycle_sealer_(settings_, seals_apart_ ? *sealing.ledger : ledger, clock_,
                    {sealing.key, sealing.leadership},
                    [this](const core::Error& error) { failures_.note("seal", error); }),
      follows_apart_(following.ledger != nullptr),
      follower_(settings_, follows_apart_ ? *following.ledger : ledger, world_,
                [this](const core::Error& error) { failures_.note("write", error); }),
      queries_apart_(following.queries != nullptr),
      query_follower_(settings_, queries_apart_ ? *following.queries : ledger, world_,
                      [this](const core::Error& error) { failures_.note("write", error); }) {}

Result<void> Monitor::start() {
  const std::lock_guard lock(turning_);
  if (auto done = watch(*settings_); !done) return done;
  if (auto done = recorder_.record(); !done) return done.error();
  cycles_.exchange(settings_);
  return {};
}

Result<void> Monitor::exchange(config::SharedSettings settings) {
  const std::lock_guard lock(turning_);
  if (ended_) return core::Error{"the service is stopping"};
  // Of a series that comes back, the ledger must say all that was counted before.
  if (!writing_.turn()) {
    return core::Error{"the ledger cannot be written: " + writing_.unwritable()};
  }
  if (auto done = watch(*settings); !done) return done;
  settings_ = std::move(settings);
  cycle_sealer_.exchange(settings_);
  follower_.exchange(settings_);
  query_follower_.exchange(settings_);
  cycles_.exchange(settings_);
  ++news_;
  return {};
}

// Has what the settings name counted from here on, and probes sent: those that stay by the counters
// that they have, new ones by new ones. While a series is given up there can be no others of it,
// since two would both say all that was counted in a minute: that probe waits for a turn after it.
// A target that is gone from its list is due no more, and one that is new is due from its first
// instant on: neither is a gap. Nothing that was counted may be unwritten.
Result<void> Monitor::watch(const config::Settings& settings) {
  if (auto done = judge::note_compared(ledger_, settings); !done) return done;
  if (record::counts(role_)) {
    if (auto done = budgets_.exchange(settings, ledger_, clock_.wall()); !done) return done;
  }
  std::set<record::SeriesKey> held;
  for (const sources::Counted& one : board_.series()) held.insert(one.key);
  for (const auto& [name, target] : watched_) held.erase(name.first);
  Watched watched;
  std::vector<sources::Event> added;
  sources::probe::Probes probes;
  bool some_wait = false;
  for (const auto& probe : watched_probes(settings)) {
    record::SeriesKey key = key_of(*probe, settings);
    if (held.contains(key)) {
      some_wait = true;
      continue;
    }
    const std::string& target = probe->settings.target;
    sources::probe::Probe counted = *probe;
    counted.counters = board_.watch(key, counted.settings.every, target);
    counted.budget = budgets_.of(counted.agreement);
    if (!watched_.contains({key, target})) added.emplace_back(sources::Retired{counted.counters});
    watched.emplace(std::pair(std::move(key), target), counted.counters);
    probes.push_back(std::make_shared<const sources::probe::Probe>(std::move(counted)));
  }
  if (auto done = resume_new(settings); !done) {
    board_.add(added);
    return done;
  }
  for (const auto& [name, target] : watched_) {
    if (!watched.contains(name)) board_.let_go(target);
  }
  watched_ = std::move(watched);
  some_wait_ = some_wait;
  prober_.exchange(probes, config::worth_a_record(settings));
  std::vector<report::ProbePlan> plans = probe_plans(settings);
  {
    const std::lock_guard lock(mutex_);
    plans_ = std::move(plans);
  }
  if (sdk_) sdk_->exchange(settings);
  return {};
}

// Tells the sources of new series where these left off.
Result<void> Monitor::resume_new(const config::Settings& settings) {
  if (auto done = recorder_.add(board_, clock_.wall()); !done || !sdk_) return done;
  return sdk_->watch(settings, recorder_);
}

void Monitor::run(const std::stop_token& stop) {
  ThreadGroup threads(world_.threads, stop);
  // Requests are sent on their schedule, whatever happens below.
  const auto probing =
      threads.start("probes", [this](const std::stop_token& ending) { prober_.run(ending); });

  std::unique_ptr<core::Thread> listening;
  if (sdk_) {
    listening = threads.start("sdk", [this](const std::stop_token& ending) { sdk_->run(ending); });
  }

  // Cycles that are over are sealed beside that; it ends with the month it is at.
  std::unique_ptr<core::Thread> sealing;
  if (seals_apart_ && record::judges(role_)) {
    sealing = threads.start(
        "seals", [this](const std::stop_token& ending) { cycle_sealer_.run(ending, pace_.seal); });
  }

  // So are logs followed: a file that has much to be read keeps nobody waiting.
  std::unique_ptr<core::Thread> following;
  if (follows_apart_ && record::counts(role_)) {
    following = threads.start(
        "logs", [this](const std::stop_token& ending) { follower_.run(ending, pace_.follow); });
  }
  std::unique_ptr<core::Thread> asking;
  if (queries_apart_ && record::counts(role_)) {
    asking = threads.start("queries", [this](const std::stop_token& ending) {
      query_follower_.run(ending, pace_.follow);
    });
  }

  while (!threads.ending().stop_requested()) {
    clock_.pause(threads.ending(), clock_.mono() + pace_.record);
    turn();
  }

  // From here on no request is begun; what was answered so far is the last to be recorded.
  if (sealing) sealing->request_stop();
  if (following) following->request_stop();
  if (asking) asking->request_stop();
  if (listening) listening->request_stop();
  probing->request_stop();
  probing->join();
  if (listening) listening->join();
  {
    const std::lock_guard lock(turning_);
    ended_ = true;
  }
  writing_.finish();
  if (sealing) sealing->join();
  if (following) following->join();
  if (asking) asking->join();
  threads.rethrow();
}

void Monitor::turn() {
  const std::lock_guard lock(turning_);
  // What the probes saw in the last second becomes durable, counts and evidence together.
  if (writing_.turn() && some_wait_) {
    if (const auto done = watch(*settings_); !done) failures_.note("read", done.error());
  }
  tell_dropped();
  if (sdk_) sdk_->tell();
  budgets_.tell_spent(clock_.wall());
  follow_logs();

  // From here on the ledger is the only source: an assessment is of durable counts alone.
  cycles_.turn();

  // Cycles whose grace is over have their seal, or get it here or in the sealing thread's next
  // turn.
  if (!seals_apart_ && record::judges(role_)) cycle_sealer_.turn();

  if (const std::uint64_t turns = board_.turns(); turns != probe_turns_) {
    probe_turns_ = turns;
    alive_ = clock_.mono();
  }
}

bool Monitor::was_alive_within(core::Millis time) const {
  return clock_.mono() - alive_.load() < time;
}

// What a followed log brought of times that are over is read anew.
void Monitor::follow_logs() {
  if (!record::counts(role_)) return;
  if (!follows_apart_ && clock_.mono() >= follow_next_) {
    bool has_more = follower_.turn({});
    if (!queries_apart_) has_more = query_follower_.turn({}) || has_more;
    follow_next_ = clock_.mono() + (has_more ? core::Millis(0) : pace_.follow);
  }
  auto written = follower_.take_written();
  for (const auto& [agreement, oldest] : query_follower_.take_written()) {
    const auto known = written.emplace(agreement, oldest).first;
    known->second = std::min(known->second, oldest);
  }
  for (const auto& [agreement, oldest] : written) cycles_.note_written(agreement, oldest);
}

std::uint64_t Monitor::evidence_dropped() {
  return board_.evidence_dropped() + (sdk_ ? sdk_->evidence_dropped() : 0);
}

void Monitor::tell_dropped() {
  const std::uint64_t dropped = evidence_dropped();
  if (dropped == told_dropped_ || clock_.mono() < tell_next_) return;
  tell_next_ = clock_.mono() + kTellDroppedEvery;
  spdlog::warn(
      "evidence: {} failed requests were counted and have no record, {} since the service "
      "started: too many waited for the ledger; help: see why it could not be written",
      dropped - told_dropped_, dropped);
  told_dropped_ = dropped;
}

report::Snapshot Monitor::snapshot() {
  report::Snapshot snapshot;
  snapshot.at = clock_.wall();
  snapshot.role = role_;
  snapshot.probes = board_.counts();
  snapshot.failing = board_.failing();
  snapshot.answers = prober_.recent().answers();
  if (const auto checks = prober_.recent().checks(); !checks.empty()) {
    for (record::ProbeCounts& probe : snapshot.probes) {
      const auto own = checks.find({probe.agreement, probe.probe});
      if (own != checks.end()) probe.checks = own->second;
    }
  }
  snapshot.phases = board_.phases();
  snapshot.lateness = board_.lateness();
  snapshot.clock_steps = board_.clock_steps();
  snapshot.suspended = board_.unmeasured().suspended;
  snapshot.clock_jumped = board_.unmeasured().clock_jumped;
  snapshot.evidence_dropped = evidence_dropped();
  if (sdk_) snapshot.sdk = sdk_->counts();
  snapshot.past = cycle_sealer_.past();
  snapshot.logs = follower_.counts();
  for (record::FollowedLog& one : query_follower_.counts()) {
    snapshot.logs.push_back(std::move(one));
  }
  cycles_.show(snapshot);
  snapshot.ledger_errors = failures_.counts();
  snapshot.unwritable = writing_.unwritable();
  const std::lock_guard lock(mutex_);
  snapshot.plans = plans_;
  return snapshot;
}

}  // namespace recoup::service
