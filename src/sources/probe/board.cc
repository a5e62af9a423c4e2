#include "sources/probe/board.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "core/outcome_table.h"
#include "record/redact.h"
#include "sources/probe/failing_targets.h"
#include "sources/probe/unmeasured_targets.h"

namespace recoup::sources {
namespace {

using core::Instant;
using core::Minute;

// Events that may wait before the loop itself files them away.
constexpr std::size_t kInboxLimit = 1 << 16;

// A due instant that is not accounted for yet, because it or an older one is in flight.
struct Pending {
  Instant due;
  Instant accounts_for;  // the same by the wall clock as it went last
  bool done;
};

// A probe meets few different outcomes, so a list beats a map in time and in memory.
struct Total {
  core::OutcomeTable::Id outcome;
  std::uint64_t count;
};

// What is in flight of a target, and up to where all that was due of it is accounted for.
struct Target {
  CounterId series = 0;
  std::string name;
  std::size_t place = 0;             // among the targets of its series
  std::optional<Instant> accounted;  // the last due instant; nothing before there was one
  std::vector<Pending> pending;      // oldest first
  bool is_shared = false;            // its series is of a list's other targets, too
};

// What all targets of a series did, beside its minutes.
struct SeriesState {
  core::Millis every{1};
  std::uint64_t due = 0;
  std::uint64_t in_flight = 0;
  core::MissedCounts missed{};
  std::vector<Total> totals;
  record::Histogram duration;
  std::vector<TargetId> targets;
  bool progressed = false;  // its watermark may be another one
  record::Phases phases{};
  record::PhaseHistograms* agreement = nullptr;  // the whole agreement's
};

void bump(std::vector<Total>& totals, core::OutcomeTable::Id outcome) {
  const auto known = std::find_if(totals.begin(), totals.end(),
                                  [&](const Total& each) { return each.outcome == outcome; });
  if (known == totals.end()) {
    totals.push_back({outcome, 1});
  } else {
    ++known->count;
  }
}

// How many of the due instants first, first + every, … lie in the minute of the first.
std::uint64_t due_in_minute(Instant first, core::Millis every) {
  const Instant end = core::minute_of(first) + std::chrono::minutes(1);
  return static_cast<std::uint64_t>((end - first - core::Millis(1)) / every) + 1;
}

}  // namespace

// Two locks: the loop takes `inbox_mutex` alone, for as long as a vector's swap or append, and
// `mutex` only when it is free. Where both are needed, `mutex` is taken first.
struct Board::State {
  explicit State(std::size_t most_evidence) : minutes(most_evidence) {}

  std::atomic<std::uint64_t> turns{0};

  std::mutex inbox_mutex;
  std::vector<Event> inbox;

  std::mutex mutex;  // everything below
  std::vector<Event> filing;
  MinuteCounters minutes;
  std::vector<std::unique_ptr<SeriesState>> series;  // by id; null: given up
  std::vector<std::unique_ptr<Target>> targets;      // by id; null: retired
  std::map<std::pair<CounterId, std::string>, TargetId> by_name;
  std::vector<CounterId> progressed;
  std::vector<CounterId> given_up;  // with their last target, and not taken yet
  UnmeasuredTargets gaps;
  FailingTracker failing;  // of targets that have a name
  UnmeasuredTime unmeasured;
  record::Histogram lateness;
  std::map<std::string, record::PhaseHistograms> phases;  // by agreement; its elements stay
  std::uint64_t step_count = 0;

  // Calls with everything that was told so far filed away, under the lock.
  template <typename Work>
  auto locked(Work work) {
    const std::lock_guard lock(mutex);
    file_inbox();
    return work();
  }

  SeriesState& series_of(TargetId target) { return *series[targets[target]->series]; }
  TargetId watch(const record::SeriesKey& key, core::Millis every, const std::string& name);
  void let_go(TargetId target);
  void file_inbox();
  void file(Begun& begun);
  void file(NeverSent& never);
  void file(Observation& seen);
  void file(Unmeasured& unmeasured);
  void file(Retired& retired);
  void file(record::ClockStep& step);
  void file_outcome(Observation& seen);
  void account(Target& target, Instant until);
  void file_gaps();
  void forget_taken();
  void set_watermarks();
  void count(CounterId id, Minute minute, const core::Outcome& outcome, std::uint64_t by) {
    minutes.count(id, minute, minutes.outcomes().id(outcome), by);
  }
  record::ProbeCounts counts_of(CounterId id) const;
};

TargetId Board::State::watch(const record::SeriesKey& key, core::Millis every,
                             const std::string& name) {
  const CounterId id = minutes.add(key, every);
  if (id >= series.size()) series.resize(id + 1);
  if (!series[id]) series[id] = std::make_unique<SeriesState>();
  SeriesState& all = *series[id];
  all.every = every;
  all.agreement = &phases[key.agreement];
  all.agreement->agreement = key.agreement;
  const auto [known, is_new] =
      by_name.try_emplace({id, name}, static_cast<TargetId>(targets.size()));
  if (!is_new) return known->second;
  // One that is a series of its own, "ID/TARGET", needs none beside that.
  const bool is_shared = !name.empty() && !key.name.ends_with('/' + name);
  targets.push_back(
      std::make_unique<Target>(Target{id, name, all.targets.size(), {}, {}, is_shared}));
  all.targets.push_back(known->second);
  minutes.set_targets(id, static_cast<std::uint32_t>(all.targets.size()));
  return known->second;
}

void Board::State::let_go(TargetId target) {
  Target& gone = *targets[target];
  // Its name may be another's from here on.
  gone.is_shared = false;
  failing.forget(target);
  const auto known = by_name.find({gone.series, gone.name});
  if (known != by_name.end() && known->second == target) by_name.erase(known);
}

void Board::State::file_inbox() {
  {
    const std::lock_guard lock(inbox_mutex);
    filing.swap(inbox);
  }
  for (Event& event : filing) {
    std::visit([this](auto& each) { file(each); }, event);
  }
  filing.clear();
  file_gaps();
  set_watermarks();
}

void Board::State::file(Begun& begun) {
  SeriesState& all = series_of(begun.probe);
  ++all.due;
  ++all.in_flight;
  targets[begun.probe]->pending.push_back({begun.due, begun.due, false});
  lateness.add(begun.lateness);
}

void Board::State::file(NeverSent& never) {
  Target& target = *targets[never.probe];
  SeriesState& all = *series[target.series];
  all.due += never.count;
  all.missed[static_cast<std::size_t>(never.reason)] += never.count;
  Instant first = never.first;
  Instant last = first;
  for (std::uint64_t left = never.count; left > 0;) {
    const std::uint64_t here = std::min(left, due_in_minute(first, never.every));
    count(target.series, core::minute_of(first), core::Missed{never.reason}, here);
    last = first + never.every * static_cast<core::Millis::rep>(here - 1);
    first = last + never.every;
    left -= here;
  }
  if (target.pending.empty()) {
    account(target, last);
  } else {
    target.pending.push_back({last, last, true});
  }
}

void Board::State::file(Observation& seen) {
  Target& target = *targets[seen.probe];
  const auto begun = std::find_if(target.pending.begin(), target.pending.end(),
                                  [&](const Pending& p) { return !p.done && p.due == seen.due; });
  assert(begun != target.pending.end());
  begun->done = true;
  --series[target.series]->in_flight;
  const auto open = std::find_if(target.pending.begin(), target.pending.end(),
                                 [](const Pending& p) { return !p.done; });
  if (open != target.pending.begin()) account(target, std::prev(open)->accounts_for);
  target.pending.erase(target.pending.begin(), open);
  file_outcome(seen);
  if (!seen.evidence) return;
  EvidenceText& text = *seen.evidence;
  minutes.keep(target.series, {seen.started, 0, std::move(seen.outcome), std::move(text.request_id),
                               std::chrono::floor<core::Millis>(seen.duration),
                               std::move(text.peer), std::move(text.detail)});
}

void Board::State::file_outcome(Observation& seen) {
  const CounterId id = targets[seen.probe]->series;
  SeriesState& all = *series[id];
  if (const auto* missed = std::get_if<core::Missed>(&seen.outcome)) {
    ++all.missed[static_cast<std::size_t>(missed->reason)];
    count(id, core::minute_of(seen.due), seen.outcome, 1);
    return;
  }
  if (std::holds_alternative<core::Answered>(seen.outcome)) all.duration.add(seen.duration);
  const auto outcome = minutes.outcomes().id(seen.outcome);
  bump(all.totals, outcome);
  if (targets[seen.probe]->is_shared) {
    if (seen.evidence) {
      failing.failed(seen.probe, seen.outcome);
    } else {
      failing.well(seen.probe);
    }
  }
  for (std::size_t i = 0; i < seen.phases.size(); ++i) {
    all.phases[i] += seen.phases[i];
    // What a kept connection has none of is not there in no time.
    if (seen.phases[i].count() > 0) all.agreement->phases[i].add(seen.phases[i]);
  }
  minutes.count(id, core::minute_of(seen.started), outcome, 1);
}

void Board::State::account(Target& target, Instant until) {
  target.accounted = until;
  SeriesState& all = *series[target.series];
  if (std::exchange(all.progressed, true)) return;
  progressed.push_back(target.series);
}

// All that was due of a series up to its watermark is accounted for: up to the least of its
// targets'. One of which nothing is accounted for was added just now.
void Board::State::set_watermarks() {
  for (const CounterId id : progressed) {
    SeriesState* all = series[id].get();
    if (all == nullptr) continue;
    all->progressed = false;
    std::optional<Instant> least;
    for (const TargetId each : all->targets) {
      const Target& target = *targets[each];
      std::optional<Instant> own = target.accounted;
      if (!own && !target.pending.empty()) own = target.pending.front().accounts_for - all->every;
      if (own) least = std::min(least.value_or(*own), *own);
    }
    if (least) minutes.checkpoint(id, *least);
  }
  progressed.clear();
}

void Board::State::file(Unmeasured& event) {
  const CounterId id = targets[event.probe]->series;
  SeriesState& all = *series[id];
  const core::Gap& gap = event.gap;
  const std::uint64_t due = gap.due(gap.span);
  all.due += due;
  all.missed[static_cast<std::size_t>(gap.reason)] += due;
  gaps.add(id, gap);
}

void Board::State::file_gaps() {
  gaps.take([this](CounterId id, const core::Gap& gap) { minutes.gap(id, gap); });
}

void Board::State::file(Retired& retired) {
  let_go(retired.probe);
  SeriesState& all = series_of(retired.probe);
  if (all.targets.size() == 1) {
    file_gaps();
    set_watermarks();
  }
  const std::unique_ptr<Target> gone = std::move(targets[retired.probe]);
  // The last of its targets takes its place.
  all.targets[gone->place] = all.targets.back();
  all.targets.pop_back();
  if (gone->place < all.targets.size()) targets[all.targets[gone->place]]->place = gone->place;
  if (!all.targets.empty()) {
    minutes.set_targets(gone->series, static_cast<std::uint32_t>(all.targets.size()));
    return;
  }
  minutes.retire(gone->series);
  given_up.push_back(gone->series);
}

void Board::State::file(record::ClockStep& step) {
  if (step.by != core::Millis(0)) ++step_count;
  if (step.by > core::Millis(0)) {
    (step.reason() == core::NotSent::suspended ? unmeasured.suspended : unmeasured.clock_jumped) +=
        step.by;
  }
  file_gaps();
  set_watermarks();
  for (const auto& target : targets) {
    if (!target) continue;
    if (target->accounted) *target->accounted += step.by;
    for (Pending& pending : target->pending) pending.accounts_for += step.by;
  }
  minutes.step(step);
}

// What a series did goes with its minutes, unless it was watched again meanwhile.
void Board::State::forget_taken() {
  std::erase_if(given_up, [this](CounterId id) {
    if (!minutes.has(id)) series[id].reset();
    return !minutes.has(id) || !series[id]->targets.empty();
  });
}

record::ProbeCounts Board::State::counts_of(CounterId id) const {
  const SeriesState& all = *series[id];
  const record::SeriesKey& key = minutes.key(id);
  record::ProbeCounts counts{key.agreement, key.name, all.due,      all.in_flight,
                             all.missed,    {},       all.duration, all.phases};
  for (const Total& each : all.totals) {
    counts.outcomes.push_back({minutes.outcomes()[each.outcome], each.count});
  }
  return counts;
}

Board::Board(std::size_t most_evidence) : state_(std::make_unique<State>(most_evidence)) {}

Board::~Board() = default;

TargetId Board::watch(const record::SeriesKey& key, core::Millis every, const std::string& target) {
  return state_->locked([&] { return state_->watch(key, every, target); });
}

void Board::let_go(TargetId target) {
  state_->locked([&] {
    if (state_->targets[target]) state_->let_go(target);
  });
}

void Board::add(std::vector<Event>& events) {
  state_->turns.fetch_add(1, std::memory_order_relaxed);
  if (events.empty()) return;
  bool full = false;
  {
    const std::lock_guard lock(state_->inbox_mutex);
    std::vector<Event>& inbox = state_->inbox;
    if (inbox.empty()) {
      inbox.swap(events);
    } else {
      inbox.insert(inbox.end(), std::make_move_iterator(events.begin()),
                   std::make_move_iterator(events.end()));
    }
    full = inbox.size() > kInboxLimit;
  }
  events.clear();
  if (!full) return;
  // Nobody takes for a while. Whoever holds the lock now files the inbox at their next call.
  const std::unique_lock lock(state_->mutex, std::try_to_lock);
  if (lock.owns_lock()) state_->file_inbox();
}

std::uint64_t Board::turns() const { return state_->turns.load(std::memory_order_relaxed); }

std::vector<Counted> Board::series() const {
  return state_->locked([&] { return state_->minutes.series(); });
}

void Board::resume(const record::SeriesKey& key, const Known& known) {
  state_->locked([&] { state_->minutes.resume(key, known); });
}

core::Result<record::Batch> Board::take(const record::ReadCounts& stored) {
  auto batch = take_batch(state_->minutes, stored, [this](auto work) { state_->locked(work); });
  state_->locked([&] { state_->forget_taken(); });
  return batch;
}

Unwritten Board::waiting() const {
  return state_->locked([&] { return state_->minutes.waiting(); });
}

std::vector<record::ProbeCounts> Board::counts() {
  return state_->locked([&] {
    std::vector<record::ProbeCounts> out;
    out.reserve(state_->series.size());
    for (CounterId id = 0; id < state_->series.size(); ++id) {
      if (state_->minutes.has(id)) out.push_back(state_->counts_of(id));
    }
    return out;
  });
}

std::vector<record::PhaseHistograms> Board::phases() {
  return state_->locked([&] {
    std::set<std::string> probed;
    for (CounterId id = 0; id < state_->series.size(); ++id) {
      if (state_->minutes.has(id)) probed.insert(state_->minutes.key(id).agreement);
    }
    std::vector<record::PhaseHistograms> out;
    for (const auto& [agreement, phases] : state_->phases) {
      if (probed.contains(agreement)) out.push_back(phases);
    }
    return out;
  });
}

record::FailingTargets Board::failing() {
  return state_->locked([&] {
    return state_->failing.all([&](TargetId id, record::FailingTarget& one) {
      const Target& target = *state_->targets[id];
      const record::SeriesKey& key = state_->minutes.key(target.series);
      one.agreement = key.agreement;
      one.probe = key.name;
      one.target = record::without_secrets(target.name);
    });
  });
}

record::Histogram Board::lateness() {
  return state_->locked([&] { return state_->lateness; });
}

std::uint64_t Board::clock_steps() {
  return state_->locked([&] { return state_->step_count; });
}

UnmeasuredTime Board::unmeasured() {
  return state_->locked([&] { return state_->unmeasured; });
}

std::uint64_t Board::evidence_dropped() {
  return state_->locked([&] { return state_->minutes.evidence_dropped(); });
}

}  // namespace recoup::sources
