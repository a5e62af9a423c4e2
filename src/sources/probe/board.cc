#include "sources/probe/board.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "core/outcome_table.h"

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

// What a probe did, beside its minutes.
struct ProbeState {
  std::uint64_t due = 0;
  std::uint64_t in_flight = 0;
  core::MissedCounts missed{};
  std::vector<Total> totals;
  record::Histogram duration;
  record::Phases phases{};
  record::PhaseHistograms* agreement = nullptr;  // the whole agreement's
  std::vector<Pending> pending;                  // oldest first
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

  std::mutex inbox_mutex;
  std::vector<Event> inbox;

  std::mutex mutex;  // everything below
  std::vector<Event> filing;
  MinuteCounters minutes;
  std::vector<ProbeState> probes;  // by id
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

  void file_inbox();
  void file(Begun& begun);
  void file(NeverSent& never);
  void file(Observation& seen);
  void file(Unmeasured& unmeasured);
  void file(Retired& retired);
  void file(record::ClockStep& step);
  void file_outcome(Observation& seen);
  void count(CounterId probe, Minute minute, const core::Outcome& outcome, std::uint64_t by) {
    minutes.count(probe, minute, minutes.outcomes().id(outcome), by);
  }
  record::ProbeCounts counts_of(CounterId id) const;
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
  Instant first = never.first;
  Instant last = first;
  for (std::uint64_t left = never.count; left > 0;) {
    const std::uint64_t here = std::min(left, due_in_minute(first, never.every));
    count(never.probe, core::minute_of(first), core::Missed{never.reason}, here);
    last = first + never.every * static_cast<core::Millis::rep>(here - 1);
    first = last + never.every;
    left -= here;
  }
  if (probe.pending.empty()) {
    minutes.checkpoint(never.probe, last);
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
  if (open != probe.pending.begin()) {
    minutes.checkpoint(seen.probe, std::prev(open)->accounts_for);
  }
  probe.pending.erase(probe.pending.begin(), open);
  file_outcome(seen);
  if (!seen.evidence) return;
  EvidenceText& text = *seen.evidence;
  minutes.keep(seen.probe, {seen.started, 0, std::move(seen.outcome), std::move(text.request_id),
                            std::chrono::floor<core::Millis>(seen.duration), std::move(text.peer),
                            std::move(text.detail)});
}

void Board::State::file_outcome(Observation& seen) {
  ProbeState& probe = probes[seen.probe];
  if (const auto* missed = std::get_if<core::Missed>(&seen.outcome)) {
    ++probe.missed[static_cast<std::size_t>(missed->reason)];
    count(seen.probe, core::minute_of(seen.due), seen.outcome, 1);
    return;
  }
  if (std::holds_alternative<core::Answered>(seen.outcome)) probe.duration.add(seen.duration);
  const auto outcome = minutes.outcomes().id(seen.outcome);
  bump(probe.totals, outcome);
  for (std::size_t i = 0; i < seen.phases.size(); ++i) {
    probe.phases[i] += seen.phases[i];
    // What a kept connection has none of is not there in no time.
    if (seen.phases[i].count() > 0) probe.agreement->phases[i].add(seen.phases[i]);
  }
  minutes.count(seen.probe, core::minute_of(seen.started), outcome, 1);
}

void Board::State::file(Unmeasured& event) {
  ProbeState& probe = probes[event.probe];
  const std::uint64_t due = event.gap.due(event.gap.span);
  probe.due += due;
  probe.missed[static_cast<std::size_t>(event.gap.reason)] += due;
  minutes.gap(event.probe, event.gap);
}

void Board::State::file(Retired& retired) { minutes.retire(retired.probe); }

void Board::State::file(record::ClockStep& step) {
  if (step.by != core::Millis(0)) ++step_count;
  if (step.by > core::Millis(0)) {
    (step.reason() == core::NotSent::suspended ? unmeasured.suspended : unmeasured.clock_jumped) +=
        step.by;
  }
  for (ProbeState& probe : probes) {
    for (Pending& pending : probe.pending) pending.accounts_for += step.by;
  }
  minutes.step(step);
}

record::ProbeCounts Board::State::counts_of(CounterId id) const {
  const ProbeState& probe = probes[id];
  const record::SeriesKey& key = minutes.key(id);
  record::ProbeCounts counts{key.agreement, key.name, probe.due,      probe.in_flight,
                             probe.missed,  {},       probe.duration, probe.phases};
  for (const Total& each : probe.totals) {
    counts.outcomes.push_back({minutes.outcomes()[each.outcome], each.count});
  }
  return counts;
}

Board::Board(std::size_t most_evidence) : state_(std::make_unique<State>(most_evidence)) {}

Board::~Board() = default;

CounterId Board::watch(const record::SeriesKey& key, core::Millis every) {
  return state_->locked([&] {
    const CounterId id = state_->minutes.add(key, every);
    if (id >= state_->probes.size()) state_->probes.resize(id + 1);
    record::PhaseHistograms& phases = state_->phases[key.agreement];
    phases.agreement = key.agreement;
    state_->probes[id].agreement = &phases;
    return id;
  });
}

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
  // Nobody takes for a while. Whoever holds the lock now files the inbox at their next call.
  const std::unique_lock lock(state_->mutex, std::try_to_lock);
  if (lock.owns_lock()) state_->file_inbox();
}

std::vector<Counted> Board::series() const {
  return state_->locked([&] { return state_->minutes.series(); });
}

void Board::resume(const record::SeriesKey& key, const Known& known) {
  state_->locked([&] { state_->minutes.resume(key, known); });
}

core::Result<record::Batch> Board::take(const record::ReadCounts& stored) {
  return take_batch(state_->minutes, stored, [this](auto work) { state_->locked(work); });
}

Unwritten Board::waiting() const {
  return state_->locked([&] { return state_->minutes.waiting(); });
}

std::vector<record::ProbeCounts> Board::counts() {
  return state_->locked([&] {
    std::vector<record::ProbeCounts> out;
    out.reserve(state_->probes.size());
    for (CounterId id = 0; id < state_->probes.size(); ++id) {
      if (state_->minutes.has(id)) out.push_back(state_->counts_of(id));
    }
    return out;
  });
}

std::vector<record::PhaseHistograms> Board::phases() {
  return state_->locked([&] {
    std::set<std::string> probed;
    for (CounterId id = 0; id < state_->probes.size(); ++id) {
      if (state_->minutes.has(id)) probed.insert(state_->minutes.key(id).agreement);
    }
    std::vector<record::PhaseHistograms> out;
    for (const auto& [agreement, phases] : state_->phases) {
      if (probed.contains(agreement)) out.push_back(phases);
    }
    return out;
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
