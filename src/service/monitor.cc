#include "service/monitor.h"

#include <set>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "config/worth.h"
#include "judge/beside.h"
#include "judge/judge.h"
#include "record/late.h"
#include "service/thread_group.h"

namespace recoup::service {
namespace {

using core::Result;
using namespace std::chrono_literals;

constexpr auto kSaveEvery = 30s;
constexpr auto kTellDroppedEvery = 1min;

// How long the last write is tried.
constexpr auto kLastTime = 10s;
constexpr auto kLastWait = 250ms;
constexpr int kLastTries = 20;

void log(const core::Error& error, const std::string& what) {
  spdlog::error("ledger: {}: {}{}{}{}{}", what, error.where, error.where.empty() ? "" : ": ",
                error.message, error.help.empty() ? "" : "; help: ", error.help);
}

record::SeriesKey key_of(const sources::probe::Probe& probe, const config::Settings& settings) {
  return {probe.agreement, record::SeriesKind::probe, probe.settings.id, settings.vantage};
}

// Whether this process writes such entries itself, of which it knows then without the journal. What
// came late may be another prober's, or a merged ledger's.
bool is_own(const record::JournalEntry& entry, record::Role role) {
  using Kind = record::JournalEntry::Kind;
  if (role != record::Role::all || entry.replaces == record::kCameLate) return false;
  return entry.kind == Kind::gap || entry.kind == Kind::query;
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
      votes_(clock_),
      seals_apart_(sealing.ledger != nullptr),
      cycle_sealer_(settings_, seals_apart_ ? *sealing.ledger : ledger, clock_,
                    {sealing.key, sealing.leadership},
                    [this](const core::Error& error) { note_failure("seal", error); }),
      follows_apart_(following.ledger != nullptr),
      follower_(settings_, follows_apart_ ? *following.ledger : ledger, world_,
                [this](const core::Error& error) { note_failure("write", error); }),
      queries_apart_(following.queries != nullptr),
      query_follower_(settings_, queries_apart_ ? *following.queries : ledger, world_,
                      [this](const core::Error& error) { note_failure("write", error); }) {}

Result<void> Monitor::start() {
  const std::lock_guard lock(turning_);
  if (auto done = watch(*settings_); !done) return done;
  if (auto done = recorder_.record(); !done) return done.error();
  follow(settings_);
  return {};
}

Result<void> Monitor::exchange(config::SharedSettings settings) {
  const std::lock_guard lock(turning_);
  if (ended_) return core::Error{"the service is stopping"};
  // Of a series that comes back, the ledger must say all that was counted before.
  if (!record()) return core::Error{"the ledger cannot be written: " + unwritable_};
  if (auto done = watch(*settings); !done) return done;
  settings_ = std::move(settings);
  cycle_sealer_.exchange(settings_);
  follower_.exchange(settings_);
  query_follower_.exchange(settings_);
  follow(settings_);
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

// Judges the agreements of the settings from here on. Until one can be judged by them, what was
// last said of it stays.
void Monitor::follow(const config::SharedSettings& settings) {
  std::map<std::string, std::shared_ptr<const core::Judgement>> last;
  for (Judged& one : cycles_) last[one.cycle.settings().agreement.id] = std::move(one.last);
  cycles_.clear();
  if (record::judges(role_)) {
    skip_journals();
    for (const auto& agreement : settings->agreements) {
      const std::string& id = agreement.agreement.id;
      cycles_.push_back(
          {judge::RunningCycle(config::find_shared(settings, id)), std::move(last[id]), journal_});
    }
  }
  judge(clock_.wall());
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
  save_next_ = {};
  const core::MonoTime stopped = clock_.mono();
  // A batch that waited to be written is written alone: what came after it is the next one.
  for (int i = 1; !record() || !recorder_.unwritten().empty(); ++i) {
    if (i == kLastTries || clock_.mono() - stopped >= kLastTime) break;
    if (failing_ > 0) clock_.pause({}, clock_.mono() + kLastWait);
  }
  if (sealing) sealing->join();
  if (following) following->join();
  if (asking) asking->join();
  threads.rethrow();
}

Monitor::Unsaved Monitor::unsaved() const {
  return {recorder_.unwritten(), failing_ > 0 ? unwritable_ : "", elsewhere_, waiting_};
}

void Monitor::turn() {
  const std::lock_guard lock(turning_);
  // What the probes saw in the last second becomes durable, counts and evidence together.
  if (record() && some_wait_) {
    if (const auto done = watch(*settings_); !done) note_failure("read", done.error());
  }
  tell_dropped();
  if (sdk_) sdk_->tell();
  follow_logs();

  // From here on the ledger is the only source: an assessment is of durable counts alone.
  read_journals();
  if (clock_.mono() >= judge_next_) judge(clock_.wall());

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
  if (written.empty()) return;
  for (Judged& one : cycles_) {
    const auto found = written.find(one.cycle.settings().agreement.id);
    if (found != written.end()) one.cycle.note_written(found->second);
  }
}

// Whether all that was seen is durable.
bool Monitor::record() {
  const auto done = write();
  note_waiting(ledger_.waiting());
  if (done) {
    note_written();
  } else {
    note_unwritable(done.error());
  }
  return done.ok();
}

Result<void> Monitor::write() {
  if (auto found = ledger_.tend(); !found) {
    if (clock_.mono() < save_next_) return found;
    note_unwritable(found.error());
    if (auto saved = save(); !saved) return saved;
  }
  const auto oldest = recorder_.record();
  if (!oldest) return oldest.error();
  if (*oldest) {
    for (Judged& one : cycles_) one.cycle.note_written(**oldest);
  }
  return {};
}

// A ledger that others cannot find any more is brought to safety before anything is added to it.
Result<void> Monitor::save() {
  const auto saved = ledger_.save();
  if (!saved) {
    save_next_ = clock_.mono() + kSaveEvery;
    log(saved.error(), "saving the ledger failed");
    return saved.error();
  }
  spdlog::warn("ledger: {}", saved->what);
  if (saved->elsewhere) elsewhere_ = saved->path;
  return {};
}

void Monitor::note_written() {
  if (failing_ > 0) {
    const auto time = std::chrono::ceil<std::chrono::seconds>(clock_.mono() - failing_since_);
    spdlog::warn("ledger: writing works again after {} s, {} failures", time.count(), failing_);
  }
  failing_ = 0;
  const std::lock_guard lock(mutex_);
  unwritable_ = !waiting_.empty()    ? waiting_
                : elsewhere_.empty() ? ""
                                     : "another file has the ledger's place, and everything is "
                                       "recorded beside it: the log says where";
}

// What waits elsewhere is durable, and counts in nothing that is shown until it is in the ledger.
void Monitor::note_waiting(ledger::Waiting waiting) {
  if (waiting.came) {
    for (Judged& one : cycles_) one.cycle.note_written(*waiting.came);
  }
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() && !waiting.what.empty()) {
    ++ledger_errors_["write"];
    spdlog::warn("ledger: {}", waiting.what);
  } else if (!waiting_.empty() && waiting.what.empty()) {
    spdlog::warn("ledger: its database is there again, and all that waited is in it");
  }
  waiting_ = std::move(waiting.what);
}

void Monitor::note_unwritable(const core::Error& error) {
  if (failing_++ == 0) failing_since_ = clock_.mono();
  // The first, and then one in a minute or so: a full disk must not fill itself with complaints.
  if (failing_ % 60 == 1) log(error, fmt::format("write failed ({} times in a row)", failing_));
  const std::lock_guard lock(mutex_);
  ++ledger_errors_["write"];
  unwritable_ = error.message;
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

// What others wrote of times that are over, like an import or what a prober brings late, is in the
// journals, and is judged at once. One that cannot be read is looked at again in the next turn.
void Monitor::read_journals() {
  if (!record::judges(role_) || clock_.mono() < journals_next_) return;
  journals_next_ = clock_.mono() + pace_.seal;
  const auto news = ledger_.journal_news(journal_);
  if (!news) return note_failure("read", news.error());
  if (news->empty()) return;
  for (Judged& one : cycles_) {
    const std::string& id = one.cycle.settings().agreement.id;
    if (!news->contains(id)) continue;
    const auto entries = ledger_.journal(id, one.journal);
    if (!entries) return note_failure("read", entries.error());
    for (const record::JournalEntry& entry : *entries) {
      one.journal = entry.id;
      if (!entry.is_of_figures() || entry.span.empty() || is_own(entry, role_)) continue;
      one.cycle.note_written(entry.span.begin);
      judge_next_ = {};
    }
  }
  for (const auto& [agreement, newest] : *news) journal_ = std::max(journal_, newest);
  ++news_;
}

// What was written up to here is in the first look at everything.
void Monitor::skip_journals() {
  const auto news = ledger_.journal_news(journal_);
  if (!news) return note_failure("read", news.error());
  for (const auto& [agreement, newest] : *news) journal_ = std::max(journal_, newest);
}

// A prober judges nothing, and yet says how many of its requests were Errors.
void Monitor::read_versions(core::Instant now) {
  std::map<std::string, std::shared_ptr<const core::Version>> versions;
  for (const auto& agreement : settings_->agreements) {
    const auto month = judge::month_at(agreement, now);
    if (!month) continue;
    if (const auto terms = judge::cycle_terms(agreement, *month)) {
      versions.emplace(agreement.agreement.id, terms->version);
    }
  }
  const std::lock_guard lock(mutex_);
  versions_ = std::move(versions);
}

std::shared_ptr<const core::Judgement> Monitor::with_votes(
    const std::shared_ptr<const core::Judgement>& judgement, const core::VoteRule& rule,
    core::Instant now) {
  auto votes = votes_.of(ledger_, *judgement, rule, now);
  if (!votes) {
    note_failure("read", votes.error());
    return judgement;
  }
  if (!*votes) return judgement;
  auto voted = std::make_shared<core::Judgement>(*judgement);
  voted->robustness.votes = **std::move(votes);
  return voted;
}

void Monitor::judge(core::Instant now) {
  judge_next_ = clock_.mono() + pace_.judge;
  if (role_ == record::Role::prober) read_versions(now);
  budgets_.tell_spent(now);
  std::vector<std::shared_ptr<const core::Judgement>> judgements;
  votes_.begin();
  for (Judged& one : cycles_) {
    auto judgement = one.cycle.refresh(ledger_, charges_, now);
    if (judgement) {
      uncounted_log_.tell(**judgement);
      incident_log_.tell(**judgement, now);
      one.last = with_votes(*judgement, one.cycle.settings().votes, now);
    } else {
      // Its last assessment stays, and the failure is counted and shown beside it. No other
      // agreement goes without its own for that.
      note_failure("read", judgement.error());
    }
    if (one.last) judgements.push_back(one.last);
  }
  const std::lock_guard lock(mutex_);
  ready_ = judgements.size() == cycles_.size();
  judgements_ = std::move(judgements);
}

void Monitor::note_failure(const char* operation, const core::Error& error) {
  const std::lock_guard lock(mutex_);
  const auto failures = ++ledger_errors_[operation];
  if (failures % 60 == 1) log(error, fmt::format("{} failed ({} times)", operation, failures));
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
  const std::lock_guard lock(mutex_);
  snapshot.ready = ready_;
  snapshot.judgements = judgements_;
  snapshot.versions = versions_;
  snapshot.plans = plans_;
  snapshot.ledger_errors = ledger_errors_;
  snapshot.unwritable = unwritable_;
  return snapshot;
}

}  // namespace recoup::service
