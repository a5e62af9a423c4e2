#include "sources/probe/board.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>

#include "sources/probe/outcome_table.h"

namespace recoup::sources {
namespace {

using core::Instant;
using core::Minute;

// Events that may wait before the loop itself files them away.
constexpr std::size_t kInboxLimit = 1 << 16;

// A minute may still get late answers for as long as a timeout; after that a clean one is dropped.
constexpr std::chrono::minutes kKept{5};

struct Count {
  OutcomeId outcome;
  std::uint64_t count;
};

// A probe meets few different outcomes, so a list beats a map in time and in memory.
using Counts = std::vector<Count>;

void bump(Counts& counts, OutcomeId outcome, std::uint64_t by) {
  for (Count& each : counts) {
    if (each.outcome == outcome) {
      each.count += by;
      return;
    }
  }
  counts.push_back({outcome, by});
}

struct MinuteTally {
  Minute minute;
  Counts counts;
  bool dirty = false;
  bool needs_base = false;
};

// A due instant that is not accounted for yet, because it or an older one is in flight.
struct Pending {
  Instant due;
  Instant accounts_for;  // the same by the wall clock as it went last
  bool done;
};

struct ProbeState {
  ProbeName name;
  std::uint64_t due = 0;
  std::uint64_t in_flight = 0;
  core::MissedCounts missed{};
  Counts totals;
  record::Histogram duration;
  std::vector<MinuteTally> minutes;
  std::vector<Pending> pending;  // oldest first
  std::optional<Instant> accounted;
  Minute known_until = Minute::min();  // the ledger may hold counts through this minute
  bool progressed = false;             // `accounted` changed since the last drain
  bool changed = false;                // it is in the list of changed probes
};

void account(ProbeState& probe, Instant due) {
  probe.accounted = due;
  probe.progressed = true;
}

// A minute that was written and will hardly change again need not be kept.
void evict(ProbeState& probe, Minute newest) {
  for (const MinuteTally& tally : probe.minutes) newest = std::max(newest, tally.minute);
  const Minute oldest = newest - kKept;
  std::erase_if(probe.minutes, [&](const MinuteTally& tally) {
    const bool old = tally.minute < oldest && !tally.dirty;
    if (old) probe.known_until = std::max(probe.known_until, tally.minute);
    return old;
  });
}

MinuteTally& tally_of(ProbeState& probe, Minute minute) {
  // The newest minute is last, and nearly always the one that is looked for.
  for (auto at = probe.minutes.rbegin(); at != probe.minutes.rend(); ++at) {
    if (at->minute == minute) return *at;
  }
  // It may have been evicted itself just now, so what is known is asked for afterwards.
  evict(probe, minute);
  probe.minutes.push_back({minute, {}, false, minute <= probe.known_until});
  return probe.minutes.back();
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
  std::mutex inbox_mutex;
  std::vector<Event> inbox;

  std::mutex mutex;  // everything below
  std::vector<Event> filing;
  std::vector<ProbeState> probes;
  std::vector<ProbeIndex> changed;
  OutcomeTable outcomes;
  std::vector<ProbeEvidence> evidence;
  std::vector<ProbeGap> gaps;
  std::vector<ClockStep> steps;
  UnmeasuredTime unmeasured;
  record::Histogram lateness;
  std::size_t most_evidence = 0;
  std::uint64_t evidence_dropped = 0;
  std::uint64_t evidence_count = 0;
  std::uint64_t step_count = 0;
  std::uint64_t counted = 0;

  void file_inbox();
  void file(Begun& begun);
  void file(NeverSent& never);
  void file(Observation& seen);
  void file(Unmeasured& unmeasured);
  void file(ClockStep& step);
  void file_outcome(Observation& seen);
  void file_evidence(Observation& seen);
  void count(ProbeIndex index, Minute minute, OutcomeId outcome, std::uint64_t by);
  void mark_changed(ProbeIndex index);
  void drain_probe(ProbeIndex index, Drained& out);
  record::ProbeCounts counts_of(const ProbeState& probe) const;
};

void Board::State::file_inbox() {
  {
    const std::lock_guard lock(inbox_mutex);
    filing.swap(inbox);
  }
  for (Event& event : filing) {
    std::visit([this](auto& each) { file(each); }, event);
  }
  filing.clear();
}

void Board::State::mark_changed(ProbeIndex index) {
  if (probes[index].changed) return;
  probes[index].changed = true;
  changed.push_back(index);
}

void Board::State::count(ProbeIndex index, Minute minute, OutcomeId outcome, std::uint64_t by) {
  MinuteTally& tally = tally_of(probes[index], minute);
  bump(tally.counts, outcome, by);
  tally.dirty = true;
  counted += by;
  mark_changed(index);
}

void Board::State::file(Begun& begun) {
  ProbeState& probe = probes[begun.probe];
  ++probe.due;
  ++probe.in_flight;
  probe.pending.push_back({begun.due, begun.due, false});
  lateness.add(begun.lateness);
}

void Board::State::file(NeverSent& never) {
  ProbeState& probe = probes[never.probe];
  probe.due += never.count;
  probe.missed[static_cast<std::size_t>(never.reason)] += never.count;
  const OutcomeId outcome = outcomes.id(core::Missed{never.reason});
  Instant first = never.first;
  Instant last = first;
  for (std::uint64_t left = never.count; left > 0;) {
    const std::uint64_t here = std::min(left, due_in_minute(first, never.every));
    count(never.probe, core::minute_of(first), outcome, here);
    last = first + never.every * static_cast<core::Millis::rep>(here - 1);
    first = last + never.every;
    left -= here;
  }
  if (probe.pending.empty()) {
    account(probe, last);
  } else {
    probe.pending.push_back({last, last, true});
  }
}

void Board::State::file(Observation& seen) {
  ProbeState& probe = probes[seen.probe];
  const auto begun = std::find_if(probe.pending.begin(), probe.pending.end(),
                                  [&](const Pending& p) { return !p.done && p.due == seen.due; });
  assert(begun != probe.pending.end());
  begun->done = true;
  --probe.in_flight;
  const auto open = std::find_if(probe.pending.begin(), probe.pending.end(),
                                 [](const Pending& p) { return !p.done; });
  if (open != probe.pending.begin()) account(probe, std::prev(open)->accounts_for);
  probe.pending.erase(probe.pending.begin(), open);
  file_outcome(seen);
  if (seen.evidence) file_evidence(seen);
}

void Board::State::file_outcome(Observation& seen) {
  ProbeState& probe = probes[seen.probe];
  const OutcomeId outcome = outcomes.id(seen.outcome);
  if (const auto* missed = std::get_if<core::Missed>(&seen.outcome)) {
    ++probe.missed[static_cast<std::size_t>(missed->reason)];
    count(seen.probe, core::minute_of(seen.due), outcome, 1);
    return;
  }
  bump(probe.totals, outcome, 1);
  if (std::holds_alternative<core::Answered>(seen.outcome)) probe.duration.add(seen.duration);
  count(seen.probe, core::minute_of(seen.started), outcome, 1);
}

void Board::State::file_evidence(Observation& seen) {
  if (evidence.size() >= most_evidence) {
    ++evidence_dropped;
    return;
  }
  EvidenceText& text = *seen.evidence;
  evidence.push_back({seen.probe,
                      {seen.started, evidence_count++, std::move(seen.outcome),
                       std::move(text.request_id), std::chrono::floor<core::Millis>(seen.duration),
                       std::move(text.peer), std::move(text.detail)}});
}

void Board::State::file(Unmeasured& event) {
  ProbeState& probe = probes[event.probe];
  const std::uint64_t due = event.gap.due(event.gap.span);
  probe.due += due;
  probe.missed[static_cast<std::size_t>(event.gap.reason)] += due;
  gaps.push_back({event.probe, event.gap});
}

void Board::State::file(ClockStep& step) {
  steps.push_back(step);
  if (step.by != core::Millis(0)) ++step_count;
  if (step.by > core::Millis(0)) {
    (step.reason() == core::NotSent::suspended ? unmeasured.suspended : unmeasured.clock_jumped) +=
        step.by;
  }
  // What is accounted for follows the clock: were it left ahead of a clock that was set back, the
  // stops of the time between would be taken for accounted.
  for (ProbeIndex index = 0; index < probes.size(); ++index) {
    ProbeState& probe = probes[index];
    for (Pending& pending : probe.pending) pending.accounts_for += step.by;
    if (!probe.accounted) continue;
    account(probe, *probe.accounted + step.by);
    mark_changed(index);
  }
}

void Board::State::drain_probe(ProbeIndex index, Drained& out) {
  ProbeState& probe = probes[index];
  for (MinuteTally& tally : probe.minutes) {
    if (!tally.dirty) continue;
    DirtyMinute& minute = out.minutes.emplace_back();
    minute.probe = index;
    minute.minute = tally.minute;
    minute.needs_base = tally.needs_base;
    minute.counts.reserve(tally.counts.size());
    for (const Count& each : tally.counts) {
      minute.counts.emplace_back(outcomes.outcome(each.outcome), each.count);
    }
    tally.dirty = tally.needs_base;
  }
  if (probe.progressed) out.accounted.push_back({index, *probe.accounted});
  probe.progressed = false;
}

record::ProbeCounts Board::State::counts_of(const ProbeState& probe) const {
  record::ProbeCounts counts;
  counts.agreement = probe.name.agreement;
  counts.probe = probe.name.probe;
  counts.due = probe.due;
  counts.in_flight = probe.in_flight;
  counts.missed = probe.missed;
  for (const Count& each : probe.totals) {
    counts.outcomes.emplace(outcomes.text(each.outcome), each.count);
  }
  counts.duration = probe.duration;
  return counts;
}

Board::Board(std::vector<ProbeName> probes, std::size_t most_evidence)
    : state_(std::make_unique<State>()) {
  state_->most_evidence = most_evidence;
  state_->probes.resize(probes.size());
  for (std::size_t i = 0; i < probes.size(); ++i) state_->probes[i].name = std::move(probes[i]);
}

Board::~Board() = default;

void Board::add(std::vector<Event>& events) {
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
  // Nobody drains for a while. Whoever holds the lock now files the inbox at their next call.
  const std::unique_lock lock(state_->mutex, std::try_to_lock);
  if (lock.owns_lock()) state_->file_inbox();
}

Drained Board::drain() {
  const std::lock_guard lock(state_->mutex);
  state_->file_inbox();
  Drained out;
  out.evidence.swap(state_->evidence);
  out.gaps.swap(state_->gaps);
  out.clock_steps.swap(state_->steps);
  out.counted = state_->counted;
  std::vector<ProbeIndex> changed;
  changed.swap(state_->changed);
  out.minutes.reserve(changed.size());
  out.accounted.reserve(changed.size());
  for (const ProbeIndex index : changed) {
    ProbeState& probe = state_->probes[index];
    probe.changed = false;
    state_->drain_probe(index, out);
    const bool again = std::any_of(probe.minutes.begin(), probe.minutes.end(),
                                   [](const MinuteTally& tally) { return tally.dirty; });
    if (again) state_->mark_changed(index);
  }
  return out;
}

void Board::known_until(ProbeIndex probe, Minute minute) {
  const std::lock_guard lock(state_->mutex);
  Minute& known = state_->probes[probe].known_until;
  known = std::max(known, minute);
}

void Board::set_base(ProbeIndex probe, Minute minute, const OutcomeCounts& counts) {
  const std::lock_guard lock(state_->mutex);
  state_->file_inbox();
  for (MinuteTally& tally : state_->probes[probe].minutes) {
    if (tally.minute != minute || !tally.needs_base) continue;
    for (const auto& [outcome, count] : counts) {
      bump(tally.counts, state_->outcomes.id(outcome), count);
    }
    tally.needs_base = false;
    tally.dirty = true;
    state_->mark_changed(probe);
  }
}

std::vector<record::ProbeCounts> Board::counts() {
  const std::lock_guard lock(state_->mutex);
  state_->file_inbox();
  std::vector<record::ProbeCounts> out;
  out.reserve(state_->probes.size());
  for (const ProbeState& probe : state_->probes) out.push_back(state_->counts_of(probe));
  return out;
}

record::Histogram Board::lateness() {
  const std::lock_guard lock(state_->mutex);
  state_->file_inbox();
  return state_->lateness;
}

std::uint64_t Board::clock_steps() {
  const std::lock_guard lock(state_->mutex);
  state_->file_inbox();
  return state_->step_count;
}

UnmeasuredTime Board::unmeasured() {
  const std::lock_guard lock(state_->mutex);
  state_->file_inbox();
  return state_->unmeasured;
}

std::uint64_t Board::evidence_dropped() {
  const std::lock_guard lock(state_->mutex);
  state_->file_inbox();
  return state_->evidence_dropped;
}

Gathered Board::gathered() {
  const std::lock_guard lock(state_->mutex);
  state_->file_inbox();
  return {state_->counted, state_->evidence.size()};
}

}  // namespace recoup::sources
