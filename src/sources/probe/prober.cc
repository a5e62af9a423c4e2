#include "sources/probe/prober.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <sys/resource.h>

#include "sources/probe/loop.h"
#include "sources/probe/pool.h"
#include "sources/probe/schedule.h"

namespace recoup::sources::probe {
namespace {

using core::Instant;
using core::Millis;
using core::MonoTime;

// A step of the wall clock is noticed within this time even if no probe is due.
constexpr Millis kLongestWait{100};
// The wall clock is slewed and read apart from the monotonic one; more than this is a step.
constexpr Millis kStep{1000};
// When many probes are due at once, answers are not kept waiting for all of them. Measured: small
// bursts also need fewer connections, among which libcurl finds an idle one the faster.
constexpr int kMostStarts = 16;
constexpr long kMostConnections = 10'000;

// Half of the descriptors may lie idle in kept connections.
long connection_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return kMostConnections;
  }
  return std::clamp(static_cast<long>(limit.rlim_cur / 2), 16L, kMostConnections);
}

std::vector<Millis> periods_of(const std::vector<Probe>& probes) {
  std::vector<Millis> periods;
  periods.reserve(probes.size());
  for (const Probe& probe : probes) periods.push_back(probe.settings.every);
  return periods;
}

Millis between(const core::Clock& clock) {
  return std::chrono::floor<Millis>(clock.wall().time_since_epoch() -
                                    clock.mono().time_since_epoch());
}

}  // namespace

struct Prober::Impl {
  const core::Clock& clock;
  Board& board;
  std::vector<Probe> probes;
  Identity identity;
  std::vector<std::uint8_t> in_flight;  // by probe
  std::vector<Event> events;            // of this turn
  Loop loop{connection_limit()};
  Pool pool{loop, identity, probes};  // its handles leave before the loop does

  void run(const std::stop_token& stop);
  void note_step(Millis& offset);
  void start_due(Schedule& schedule);
  void start(const Schedule::Slot& slot);
  bool send(ProbeIndex index, Instant due, Instant wall, MonoTime::duration lateness);
  Millis wait_for(const Schedule& schedule) const;
  void finish(const Loop::Ended& ended);
  void drop_all();
};

core::Result<void> check(const std::vector<Probe>& probes, const Credentials& credentials) {
  if (credentials.complete()) return {};
  for (const Probe& probe : probes) {
    if (!probe.settings.sign) continue;
    return core::Error{
        fmt::format("expected credentials to sign probe '{}', got none", probe.settings.id),
        probe.agreement,
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN) in the "
        "environment"};
  }
  return {};
}

std::vector<ProbeName> names_of(const std::vector<Probe>& probes) {
  std::vector<ProbeName> names;
  names.reserve(probes.size());
  for (const Probe& probe : probes) names.push_back({probe.agreement, probe.settings.id});
  return names;
}

Prober::Prober(const core::Clock& clock, Board& board, std::vector<Probe> probes,
               Identity identity) {
  std::vector<std::uint8_t> none(probes.size(), 0);
  impl_.reset(new Impl{clock, board, std::move(probes), std::move(identity), std::move(none), {}});
}

Prober::~Prober() = default;

void Prober::run(const std::stop_token& stop) { impl_->run(stop); }

void Prober::Impl::run(const std::stop_token& stop) {
  const std::stop_callback waker(stop, [this] { loop.wake(); });
  Schedule schedule(clock.mono(), periods_of(probes));
  Millis offset = between(clock);
  while (!stop.stop_requested()) {
    note_step(offset);
    start_due(schedule);
    for (const Loop::Ended& ended : loop.turn(wait_for(schedule))) finish(ended);
    board.add(events);
  }
  drop_all();
}

void Prober::Impl::note_step(Millis& offset) {
  const Millis now = between(clock);
  const Millis by = now - offset;
  offset = now;
  if (by > kStep || by < -kStep) events.emplace_back(ClockStep{clock.wall(), by});
}

void Prober::Impl::start_due(Schedule& schedule) {
  const MonoTime now = clock.mono();
  for (int started = 0; started < kMostStarts; ++started) {
    const auto slot = schedule.take(now);
    if (!slot) return;
    start(*slot);
  }
}

void Prober::Impl::start(const Schedule::Slot& slot) {
  const MonoTime now = clock.mono();
  const Instant wall = clock.wall();
  const config::ProbeSettings& settings = probes[slot.probe].settings;
  const Instant due = wall - std::chrono::floor<Millis>(now - slot.due);
  if (slot.late > 0) {
    const auto before = settings.every * static_cast<Millis::rep>(slot.late);
    events.emplace_back(
        NeverSent{slot.probe, due - before, settings.every, slot.late, core::NotSent::late});
  }
  if (in_flight[slot.probe] >= most_in_flight(settings.every, settings.timeout)) {
    events.emplace_back(NeverSent{slot.probe, due, settings.every, 1, core::NotSent::overrun});
  } else if (!send(slot.probe, due, wall, now - slot.due)) {
    events.emplace_back(NeverSent{slot.probe, due, settings.every, 1, core::NotSent::resources});
  }
}

bool Prober::Impl::send(ProbeIndex index, Instant due, Instant wall, MonoTime::duration lateness) {
  Transfer* transfer = pool.take(index);
  if (transfer == nullptr) return false;
  transfer->begin(due, wall);
  if (!loop.add(transfer->easy())) {
    pool.give_back(*transfer);
    return false;
  }
  ++in_flight[index];
  events.emplace_back(Begun{index, due, lateness});
  return true;
}

Millis Prober::Impl::wait_for(const Schedule& schedule) const {
  const auto next = schedule.next_due();
  if (!next) return kLongestWait;
  const auto wait = std::chrono::ceil<Millis>(*next - clock.mono());
  return std::clamp(wait, Millis(0), kLongestWait);
}

void Prober::Impl::finish(const Loop::Ended& ended) {
  Transfer& transfer = Transfer::of(ended.easy);
  --in_flight[transfer.probe()];
  events.emplace_back(transfer.end(ended.code));
  pool.give_back(transfer);
}

void Prober::Impl::drop_all() {
  for (Transfer& transfer : pool.busy()) loop.remove(transfer.easy());
  pool.busy().clear();
  std::fill(in_flight.begin(), in_flight.end(), std::uint8_t{0});
}

}  // namespace recoup::sources::probe
