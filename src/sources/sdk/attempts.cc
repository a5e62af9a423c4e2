#include "sources/sdk/attempts.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "sources/sdk/missing.h"

namespace recoup::sources::sdk {
namespace {

using core::Instant;

// What an SDK reports is of seconds ago. What is a day old could be of a cycle that was sealed.
constexpr std::chrono::hours kOldest{24};
constexpr std::chrono::minutes kNewest{5};  // clocks of two machines differ

// How long an attempt takes at most, as a rule, until it is reported.
constexpr std::chrono::minutes kBegan{1};

constexpr std::size_t kMostSubjects = 50;  // that no log counts, told apart
constexpr std::size_t kMostLosses = 100;
constexpr std::size_t kMostDatagrams = 5;

// A name that a process gave, as it may be shown anywhere.
std::string shown(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  std::string text;
  for (const char c : name.substr(0, kLongest)) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == ' ' || c == '.' || c == '-' || c == '_' || c == '/';
    text += fits ? c : '?';
  }
  return text;
}

bool is_timely(Instant at, Instant now) { return at >= now - kOldest && at <= now + kNewest; }

// What one log counted.
struct Log {
  std::map<core::OutcomeTable::Id, std::uint64_t> totals;
  std::uint64_t missing = 0;
};

}  // namespace

struct Attempts::State {
  explicit State(std::size_t most_evidence) : minutes(most_evidence) {}

  mutable std::mutex mutex;  // guards all below
  MinuteCounters minutes;
  DatagramReader reader;
  Routes routes;
  std::set<CounterId> watched;  // by the routes, or by those to come
  std::set<CounterId> counted;  // by the routes
  record::WorthARecord worth;
  std::map<CounterId, Log> logs;
  Missing missing;
  record::SdkCounts all;  // without what is made of the others
  std::map<std::pair<std::string, std::string>, std::uint64_t> uncounted;
  std::deque<record::SdkLoss> losses;
  std::optional<Instant> last;  // what arrived was added
  Instant dropped_until;        // times in which something was dropped are told up to then

  void retire_but(const std::set<CounterId>& kept);
  void count(std::string_view datagram, Instant now);
  void count(const Attempt& attempt, Instant now);
  void count(const Call& call, Instant now);
  void note_uncounted(const Subject& of);
  void note_malformed(std::string_view expected, std::optional<std::size_t> size);
  void note_dropped(std::uint64_t dropped, Instant now);
  void note_losses(Instant now);
};

void Attempts::State::retire_but(const std::set<CounterId>& kept) {
  for (const CounterId counters : watched) {
    if (kept.contains(counters)) continue;
    minutes.retire(counters);
    logs.erase(counters);
  }
  watched = kept;
}

void Attempts::State::count(std::string_view datagram, Instant now) {
  const Said said = reader.read(datagram);
  if (const auto* attempt = std::get_if<Attempt>(&said)) {
    count(*attempt, now);
  } else if (const auto* call = std::get_if<Call>(&said)) {
    count(*call, now);
  } else if (const auto* malformed = std::get_if<Malformed>(&said)) {
    note_malformed(malformed->expected, datagram.size());
  } else {
    ++all.others;
  }
}

void Attempts::State::count(const Attempt& attempt, Instant now) {
  const auto counters = routes.find(attempt.of);
  if (!counters) {
    note_uncounted(attempt.of);
    return;
  }
  if (!is_timely(attempt.at, now)) {
    ++all.untimely;
    return;
  }
  ++all.attempts;
  missing.arrived(*counters, attempt.of.client, attempt.at);
  const auto outcome = minutes.outcomes().id(attempt.outcome);
  minutes.count(*counters, core::minute_of(attempt.at), outcome, 1);
  ++logs[*counters].totals[outcome];
  if (!record::is_failure(attempt.outcome) && !(worth && worth(attempt.outcome))) return;
  minutes.keep(*counters,
               {attempt.at, 0, minutes.outcomes()[outcome], std::string(attempt.request_id),
                attempt.latency, "", core::clean_error_name(attempt.api)});
}

void Attempts::State::count(const Call& call, Instant now) {
  ++all.calls;
  const auto counters = routes.find(call.of);
  if (!counters || !is_timely(call.at, now)) return;
  missing.expect(*counters, call.of.client, call.at, call.attempts);
}

void Attempts::State::note_uncounted(const Subject& of) {
  ++all.uncounted;
  std::pair<std::string, std::string> subject{shown(of.service), shown(of.region)};
  if (uncounted.size() >= kMostSubjects && !uncounted.contains(subject)) subject = {};
  ++uncounted[std::move(subject)];
}

// Of its text nothing is kept: it may have keys and tokens anywhere.
void Attempts::State::note_malformed(std::string_view expected, std::optional<std::size_t> size) {
  ++all.malformed;
  if (all.examples.size() >= kMostDatagrams) return;
  all.examples.push_back(size ? fmt::format("{}, in a datagram of {} bytes", expected, *size)
                              : std::string(expected));
}

// Which attempts they were nobody knows: they ended since something was taken last, and began not
// long before.
void Attempts::State::note_dropped(std::uint64_t dropped, Instant now) {
  const Instant since = std::exchange(last, now).value_or(now);
  all.dropped += dropped;
  if (dropped == 0) return;
  const core::Interval span{std::max(dropped_until, Instant(core::minute_of(since) - kBegan)),
                            core::minute_of(now) + std::chrono::minutes(1)};
  if (span.empty()) return;
  dropped_until = span.end;
  for (const CounterId counters : counted) {
    minutes.unseen(counters, {span, "datagrams of AWS SDKs were dropped by the system"});
  }
}

void Attempts::State::note_losses(Instant now) {
  std::set<std::pair<CounterId, Instant>> told;  // whoever of the clients it was
  for (const Missing::Loss& loss : missing.settle(now)) {
    if (!counted.contains(loss.counters)) continue;
    logs[loss.counters].missing += loss.attempts;
    const record::SeriesKey& key = minutes.key(loss.counters);
    losses.push_back({key.agreement, key.name, shown(loss.client), loss.span, loss.attempts});
    if (losses.size() > kMostLosses) losses.pop_front();
    if (!told.emplace(loss.counters, loss.span.begin).second) continue;
    minutes.unseen(loss.counters,
                   {loss.span, "fewer attempts of AWS SDKs arrived than their calls counted"});
  }
}

Attempts::Attempts(std::size_t most_evidence) : state_(std::make_unique<State>(most_evidence)) {}

Attempts::~Attempts() = default;

void Attempts::watch(const std::vector<CountedLog>& logs) {
  const std::lock_guard lock(state_->mutex);
  for (const CountedLog& log : logs) {
    state_->watched.insert(state_->minutes.add(log.key, core::Millis(0)));
  }
}

void Attempts::exchange(const std::vector<CountedLog>& logs, record::WorthARecord worth) {
  const std::lock_guard lock(state_->mutex);
  Routes routes;
  std::set<CounterId> counted;
  for (const CountedLog& log : logs) {
    const CounterId counters = state_->minutes.add(log.key, core::Millis(0));
    routes.add(counters, log);
    counted.insert(counters);
    state_->logs.try_emplace(counters);
  }
  state_->retire_but(counted);
  state_->counted = std::move(counted);
  state_->routes = std::move(routes);
  state_->worth = std::move(worth);
}

void Attempts::forget_new() {
  const std::lock_guard lock(state_->mutex);
  state_->retire_but(state_->counted);
}

void Attempts::add(const Datagrams::Arrived& arrived, Instant now) {
  const std::lock_guard lock(state_->mutex);
  state_->note_dropped(arrived.dropped, now);
  for (std::uint64_t i = 0; i < arrived.cut_short; ++i) {
    state_->note_malformed("expected 16 KiB at most", std::nullopt);
  }
  for (const std::string_view datagram : arrived.datagrams) state_->count(datagram, now);
  state_->note_losses(now);
}

std::vector<Counted> Attempts::series() const {
  const std::lock_guard lock(state_->mutex);
  return state_->minutes.series();
}

void Attempts::resume(const record::SeriesKey& key, const Known& known) {
  const std::lock_guard lock(state_->mutex);
  state_->minutes.resume(key, known);
}

core::Result<record::Batch> Attempts::take(const record::ReadCounts& stored) {
  return take_batch(state_->minutes, stored, [this](auto work) {
    const std::lock_guard lock(state_->mutex);
    return work();
  });
}

Unwritten Attempts::waiting() const {
  const std::lock_guard lock(state_->mutex);
  return state_->minutes.waiting();
}

record::SdkCounts Attempts::counts() const {
  const std::lock_guard lock(state_->mutex);
  record::SdkCounts counts = state_->all;
  for (const auto& [counters, log] : state_->logs) {
    const record::SeriesKey& key = state_->minutes.key(counters);
    record::SdkCounts::Log& out = counts.logs.emplace_back();
    out.agreement = key.agreement;
    out.log = key.name;
    out.missing = log.missing;
    for (const auto& [outcome, count] : log.totals) {
      out.outcomes.push_back({state_->minutes.outcomes()[outcome], count});
    }
  }
  for (const auto& [subject, attempts] : state_->uncounted) {
    counts.uncounted_subjects.push_back({subject.first, subject.second, attempts});
  }
  counts.losses.assign(state_->losses.begin(), state_->losses.end());
  return counts;
}

std::uint64_t Attempts::evidence_dropped() const {
  const std::lock_guard lock(state_->mutex);
  return state_->minutes.evidence_dropped();
}

void listen(Datagrams& datagrams, Attempts& attempts, const core::Clock& clock,
            const std::stop_token& stop) {
  // Long enough to cost nothing, short enough to tell what is missing in time.
  constexpr core::Millis kWait{1000};
  const std::stop_callback waker(stop, [&] { datagrams.wake(); });
  while (!stop.stop_requested()) attempts.add(datagrams.take(kWait), clock.wall());
  // What waits in the system is some megabytes at most; who goes on sending is not waited for.
  constexpr int kLastTakes = 10'000;
  for (int i = 0; i < kLastTakes; ++i) {
    const Datagrams::Arrived& arrived = datagrams.take(core::Millis(0));
    if (arrived.datagrams.empty() && arrived.cut_short == 0) return;
    attempts.add(arrived, clock.wall());
  }
}

}  // namespace recoup::sources::sdk
