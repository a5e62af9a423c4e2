#include "sources/probe/prober.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <curl/curl.h>
#include <fmt/format.h>

#include "sources/probe/attention.h"
#include "sources/probe/pool.h"
#include "sources/probe/schedule.h"
#include "sources/probe/trust.h"

namespace recoup::sources::probe {
namespace {

using core::Instant;
using core::Millis;
using core::MonoTime;

// libcurl drops a connection that lay idle for 118 s: what is older than an absence is gone by
// then.
constexpr std::chrono::seconds kChoosy{120};
// When many probes are due at once, answers are not kept waiting for all of them. Measured: small
// bursts also need fewer connections, among which libcurl finds an idle one the faster.
constexpr int kMostStarts = 16;

std::vector<Millis> periods_of(const std::vector<Probe>& probes) {
  std::vector<Millis> periods;
  periods.reserve(probes.size());
  for (const Probe& probe : probes) periods.push_back(probe.settings.every);
  return periods;
}

// Done where the probe is not signed or can be.
core::Result<void> check_credentials(const ProbeSettings& probe, const Credentials& credentials) {
  const std::string lack = probe.sign ? lacking(*probe.sign, credentials) : "";
  if (lack.empty()) return {};
  return core::Error{fmt::format("expected credentials to sign probe '{}', got none", probe.id), "",
                     fmt::format("set {} in the environment", lack)};
}

}  // namespace

struct Prober::Impl {
  core::World world;
  std::unique_ptr<Network> network;
  Board& board;
  std::vector<Probe> probes;
  Identity identity;
  Options options;
  std::vector<std::uint8_t> in_flight = std::vector<std::uint8_t>(probes.size());  // by probe
  std::vector<Event> events{};                                                     // of this turn
  Trusts trusts{probes, options.say};
  Pool pool{*network, identity, probes, trusts};  // its handles leave before the network does
  Attention attention{core::moment_of(world.clock)};
  std::set<std::pair<MonoTime, Transfer*>> giving_up{};  // what is in flight, by Flight::gives_up

  void run(const std::stop_token& stop);
  void look(const Schedule& schedule, Millis waited);
  void note_unmeasured(const Schedule& schedule, const core::Moment& before,
                       const Attention::Passed& passed);
  void start_due(Schedule& schedule);
  void start(const Schedule::Slot& slot);
  bool send(ProbeIndex index, Instant due, Instant wall, MonoTime::duration lateness);
  Millis time_to_wait(const Schedule& schedule) const;
  MonoTime attended(MonoTime now) const { return now - attention.still(); }
  void finish(const Network::Ended& ended);
  void give_up();
  void drop_all();
};

core::Result<void> check(const std::vector<Probe>& probes, const Credentials& credentials) {
  if (auto done = check_authorities(probes); !done) return done;
  for (const Probe& probe : probes) {
    if (auto done = check_credentials(probe.settings, credentials); !done) {
      return core::Error{done.error().message, probe.agreement, done.error().help};
    }
  }
  return {};
}

std::vector<Probe> watch(Board& board, std::vector<Probe> probes, const std::string& vantage) {
  for (Probe& probe : probes) {
    probe.counters =
        board.watch({probe.agreement, record::SeriesKind::probe, probe.settings.id, vantage},
                    probe.settings.every);
  }
  return probes;
}

Prober::Prober(core::World world, std::unique_ptr<Network> network, Board& board,
               std::vector<Probe> probes, Identity identity, Options options) {
  impl_.reset(new Impl{world, std::move(network), board, std::move(probes), std::move(identity),
                       std::move(options)});
}

Prober::~Prober() = default;

void Prober::run(const std::stop_token& stop) { impl_->run(stop); }

void Prober::Impl::run(const std::stop_token& stop) {
  const std::stop_callback waker(stop, [this] { network->wake(); });
  const auto watching = trusts.watch(world, options.files_every);
  attention = Attention(core::moment_of(world.clock));
  Schedule schedule(attention.last().mono, periods_of(probes));
  while (!stop.stop_requested()) {
    start_due(schedule);
    const Millis wait = time_to_wait(schedule);
    const auto& ended = network->turn(wait);
    // What ended is judged with what the clocks say of the time in which it did.
    look(schedule, wait);
    for (const Network::Ended& one : ended) finish(one);
    give_up();
    board.add(events);
  }
  drop_all();
}

void Prober::Impl::look(const Schedule& schedule, Millis waited) {
  const core::Moment before = attention.last();
  const Attention::Passed passed = attention.look(core::moment_of(world.clock), waited);
  if (!passed.step) return;
  note_unmeasured(schedule, before, passed);
  events.emplace_back(*passed.step);
}

// Every probe's due instants in the wall time that nobody measured, on the grid that it had.
void Prober::Impl::note_unmeasured(const Schedule& schedule, const core::Moment& before,
                                   const Attention::Passed& passed) {
  if (passed.unmeasured.empty()) return;
  schedule.for_each([&](ProbeIndex probe, MonoTime due) {
    const Millis every = probes[probe].settings.every;
    const auto until_due = std::chrono::ceil<Millis>(due - before.mono);
    // Due before the last look, and not sent yet: it will be, with those that came after it.
    const auto passed_by = until_due < Millis(0) ? (-until_due + every - Millis(1)) / every : 0;
    const core::Interval span{before.wall + until_due + passed_by * every, passed.unmeasured.end};
    if (span.empty()) return;
    events.emplace_back(
        Unmeasured{probes[probe].counters, core::Gap{span, every, passed.step->reason()}});
  });
}

void Prober::Impl::start_due(Schedule& schedule) {
  const MonoTime now = world.clock.mono();
  for (int started = 0; started < kMostStarts; ++started) {
    const auto slot = schedule.take(now);
    if (!slot) return;
    start(*slot);
  }
}

void Prober::Impl::start(const Schedule::Slot& slot) {
  const MonoTime now = world.clock.mono();
  const Instant wall = world.clock.wall();
  const CounterId counters = probes[slot.probe].counters;
  const ProbeSettings& settings = probes[slot.probe].settings;
  const Instant due = wall - std::chrono::floor<Millis>(now - slot.due);
  if (slot.late > 0) {
    const auto before = settings.every * static_cast<Millis::rep>(slot.late);
    events.emplace_back(
        NeverSent{counters, due - before, settings.every, slot.late, core::NotSent::late});
  }
  if (in_flight[slot.probe] >= most_in_flight(settings.every, settings.timeout)) {
    events.emplace_back(NeverSent{counters, due, settings.every, 1, core::NotSent::overrun});
  } else if (!send(slot.probe, due, wall, now - slot.due)) {
    events.emplace_back(NeverSent{counters, due, settings.every, 1, core::NotSent::resources});
  }
}

bool Prober::Impl::send(ProbeIndex index, Instant due, Instant wall, MonoTime::duration lateness) {
  Transfer* transfer = pool.take(index);
  if (transfer == nullptr) return false;
  const MonoTime now = world.clock.mono();
  const auto woke = attention.woke();
  transfer->begin(due, wall);
  transfer->reuse_connections_of(woke && now - *woke < kChoosy ? std::optional(now - *woke)
                                                               : std::nullopt);
  if (!network->add(transfer->easy())) {
    pool.give_back(*transfer);
    return false;
  }
  const MonoTime began = attended(now);
  transfer->flight = {began, began + probes[index].settings.timeout, attention.absences()};
  giving_up.emplace(transfer->flight.gives_up, transfer);
  ++in_flight[index];
  events.emplace_back(Begun{probes[index].counters, due, lateness});
  return true;
}

Millis Prober::Impl::time_to_wait(const Schedule& schedule) const {
  const MonoTime now = world.clock.mono();
  auto wait = std::chrono::nanoseconds(options.look_every);
  if (const auto next = schedule.next_due()) wait = std::min(wait, *next - now);
  if (!giving_up.empty()) wait = std::min(wait, giving_up.begin()->first - attended(now));
  return std::max(std::chrono::ceil<Millis>(wait), Millis(0));
}

void Prober::Impl::finish(const Network::Ended& ended) {
  Transfer& transfer = Transfer::of(ended.easy);
  const Transfer::Flight& flight = transfer.flight;
  giving_up.erase({flight.gives_up, &transfer});
  --in_flight[transfer.probe()];
  const bool away = flight.absences_before != attention.absences();
  Observation seen = transfer.end(ended, away);
  // libcurl's own clock went on while we stood still, and it knows nothing of our time-outs.
  const auto attended_for = attended(attention.last().mono) - flight.began;
  if (away) seen.duration = std::min(seen.duration, attended_for);
  if (ended.code == CURLE_OPERATION_TIMEDOUT) seen.duration = attended_for;
  events.emplace_back(std::move(seen));
  pool.give_back(transfer);
}

// What was not answered in its time has ended; its socket was looked at in this turn.
void Prober::Impl::give_up() {
  const MonoTime now = attended(attention.last().mono);
  while (!giving_up.empty() && giving_up.begin()->first <= now) {
    Transfer& transfer = *giving_up.begin()->second;
    network->remove(transfer.easy());
    finish({transfer.easy(), CURLE_OPERATION_TIMEDOUT, {}});
  }
}

void Prober::Impl::drop_all() {
  for (Transfer& transfer : pool.busy()) network->remove(transfer.easy());
  pool.busy().clear();
  giving_up.clear();
  std::fill(in_flight.begin(), in_flight.end(), std::uint8_t{0});
}

}  // namespace recoup::sources::probe
