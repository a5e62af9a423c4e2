#include "sources/probe/prober.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

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

// A probe that is probed now.
struct Watched {
  std::shared_ptr<const Probe> probe;
  std::shared_ptr<const Trust> trust;  // null without TLS
  std::size_t in_flight = 0;
  std::optional<MonoTime> began = {};  // its last request
  bool refused = false;                // its last answer was a refusal
};
using WatchedProbes = std::unordered_map<CounterId, Watched>;

// As the log names it.
std::string name_of(const Probe& probe) { return probe.agreement + '/' + probe.settings.id; }

// Done where the probe is not signed or can be.
core::Result<void> check_credentials(const ProbeSettings& probe, Keyring* keys) {
  if (!probe.sign) return {};
  assert(keys != nullptr);
  const auto done = keys->need(*probe.sign);
  if (done) return {};
  return core::Error{fmt::format("cannot sign probe '{}': {}", probe.id, done.error().message), "",
                     done.error().help};
}

}  // namespace

struct Prober::Impl {
  core::World world;
  std::unique_ptr<Network> network;
  Board& board;
  Identity identity;
  Options options;
  Trusts trusts{options.say};
  WatchedProbes watched{};
  WatchedProbes leaving{};  // what is sent no more, and has requests in flight
  record::WorthARecord worth{};
  Recent recent{};
  std::size_t unsigned_refused = 0;  // of those that are not signed, for their certificate
  std::vector<Event> events{};       // of this turn
  Pool pool{*network, identity};     // its handles leave before the network does
  Attention attention{core::moment_of(world.clock)};
  std::set<std::pair<MonoTime, Transfer*>> giving_up{};  // what is in flight, by Flight::gives_up

  std::mutex mutex{};
  // Guarded by mutex: what is to be probed from the next turn on and what of it is worth a record;
  // what was to be probed and is not any more.
  std::optional<std::pair<WatchedProbes, record::WorthARecord>> exchanged{};
  std::set<CounterId> never_probed{};
  std::set<Recent::Name> asked{};  // that somebody waits for

  void run(const std::stop_token& stop);
  void exchange(const Probes& probes, record::WorthARecord of_these);
  void take_exchanged(Schedule& schedule, MonoTime now);
  void leave(WatchedProbes& gone);
  void retire(CounterId counters);
  void note_end(CounterId counters);
  void take_asked(Schedule& schedule);
  void look(const Schedule& schedule, Millis waited);
  void note_unmeasured(const Schedule& schedule, const core::Moment& before,
                       const Attention::Passed& passed);
  void start_due(Schedule& schedule);
  void start(const Schedule::Slot& slot);
  std::optional<core::NotSent> send(Watched& one, Instant due, Instant wall,
                                    MonoTime::duration lateness);
  Millis time_to_wait(const Schedule& schedule) const;
  MonoTime attended(MonoTime now) const { return now - attention.still(); }
  void finish(const Network::EndedTransfer& ended);
  void note(Transfer& transfer, Observation& seen, int code);
  void forget_refusal(const Watched& one);
  void note_refusal(const Transfer& transfer, const Observation& seen);
  void give_up();
  void drop(Transfer& transfer);
  void drop_all();
};

core::Result<void> check(const Probes& probes, Keyring* keys) {
  if (auto done = check_authorities(probes); !done) return done;
  for (const auto& probe : probes) {
    if (auto done = check_credentials(probe->settings, keys); !done) {
      return core::Error{done.error().message, probe->agreement, done.error().help};
    }
  }
  return {};
}

Prober::Prober(core::World world, std::unique_ptr<Network> network, Board& board, Identity identity,
               Options options)
    : impl_(new Impl{world, std::move(network), board, std::move(identity), std::move(options)}) {}

Prober::~Prober() = default;

void Prober::run(const std::stop_token& stop) { impl_->run(stop); }

void Prober::exchange(const Probes& probes, record::WorthARecord worth) {
  impl_->recent.exchange(probes);
  impl_->exchange(probes, std::move(worth));
  impl_->network->wake();
}

void Prober::ask(const Recent::Name& probe) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->asked.insert(probe);
  }
  impl_->network->wake();
}

const Recent& Prober::recent() const { return impl_->recent; }

void Prober::Impl::run(const std::stop_token& stop) {
  const std::stop_callback waker(stop, [this] { network->wake(); });
  const auto watching = trusts.watch(world, options.files_every);
  const auto keeping = identity.keys ? identity.keys->keep() : nullptr;
  attention = Attention(core::moment_of(world.clock));
  Schedule schedule(attention.last().mono);
  for (const auto& [counters, one] : watched) {
    schedule.add(counters, one.probe->settings.every, attention.last().mono);
  }
  take_exchanged(schedule, attention.last().mono);
  while (!stop.stop_requested()) {
    take_exchanged(schedule, world.clock.mono());
    take_asked(schedule);
    start_due(schedule);
    const Millis wait = time_to_wait(schedule);
    const auto& ended = network->turn(wait);
    // What ended is judged with what the clocks say of the time in which it did.
    look(schedule, wait);
    for (const Network::EndedTransfer& one : ended) finish(one);
    give_up();
    board.add(events);
  }
  drop_all();
}

void Prober::Impl::exchange(const Probes& probes, record::WorthARecord of_these) {
  WatchedProbes all;
  for (const auto& probe : probes) all[probe->counters] = {probe, trusts.of(*probe)};
  const std::lock_guard lock(mutex);
  if (exchanged) {
    for (const auto& [counters, one] : exchanged->first) {
      if (!all.contains(counters)) never_probed.insert(counters);
    }
  }
  exchanged.emplace(std::move(all), std::move(of_these));
}

// Between two turns of the loop, where nothing is half done.
void Prober::Impl::take_exchanged(Schedule& schedule, MonoTime now) {
  decltype(exchanged) next;
  std::set<CounterId> never;
  {
    const std::lock_guard lock(mutex);
    next.swap(exchanged);
    never.swap(never_probed);
  }
  if (!next) return;
  WatchedProbes before = std::exchange(watched, std::move(next->first));
  worth = std::move(next->second);
  for (const CounterId counters : never) {
    if (!watched.contains(counters)) before.try_emplace(counters);
  }
  const auto keeps_period = [&](CounterId counters) {
    const auto is = watched.find(counters);
    const auto was = before.find(counters);
    return is != watched.end() && was != before.end() &&
           is->second.probe->settings.every == was->second.probe->settings.every;
  };
  schedule.remove_if([&](CounterId counters) { return !keeps_period(counters); });
  for (auto& [counters, one] : watched) {
    if (!keeps_period(counters)) schedule.add(counters, one.probe->settings.every, now);
    const auto was = before.find(counters);
    if (was == before.end()) continue;
    one.in_flight = was->second.in_flight;
    one.began = was->second.began;
    forget_refusal(was->second);
    before.erase(was);
  }
  leave(before);
}

// What they have in flight ends as it would have: it was sent, and is counted.
void Prober::Impl::leave(WatchedProbes& gone) {
  for (auto& [counters, one] : gone) {
    if (one.probe) forget_refusal(one);
    if (one.in_flight > 0) {
      leaving.insert_or_assign(counters, std::move(one));
    } else {
      retire(counters);
    }
  }
}

void Prober::Impl::retire(CounterId counters) {
  pool.forget(counters);
  events.emplace_back(Retired{counters});
}

// One of its requests is in flight no more.
void Prober::Impl::note_end(CounterId counters) {
  if (const auto known = watched.find(counters); known != watched.end()) {
    --known->second.in_flight;
    return;
  }
  const auto last = leaving.find(counters);
  if (--last->second.in_flight > 0) return;
  leaving.erase(last);
  retire(counters);
}

// Never more often than the period: what was begun within it is the answer to whoever asks.
void Prober::Impl::take_asked(Schedule& schedule) {
  decltype(asked) names;
  {
    const std::lock_guard lock(mutex);
    if (asked.empty()) return;
    names.swap(asked);
  }
  const MonoTime now = world.clock.mono();
  for (const auto& [counters, one] : watched) {
    if (!names.contains({one.probe->agreement, one.probe->settings.id})) continue;
    const bool lately = one.began && now - *one.began < one.probe->settings.every;
    if (one.in_flight == 0 && !lately) schedule.hasten(counters, now);
  }
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
  schedule.for_each([&](CounterId probe, Millis every, MonoTime due) {
    const auto until_due = std::chrono::ceil<Millis>(due - before.mono);
    // Due before the last look, and not sent yet: it will be, with those that came after it.
    const auto passed_by = until_due < Millis(0) ? (-until_due + every - Millis(1)) / every : 0;
    const core::Interval span{before.wall + until_due + passed_by * every, passed.unmeasured.end};
    if (span.empty()) return;
    events.emplace_back(Unmeasured{probe, core::Gap{span, every, passed.step->reason()}});
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
  Watched& one = watched.at(slot.probe);
  const ProbeSettings& settings = one.probe->settings;
  const Instant due = wall - std::chrono::floor<Millis>(now - slot.due);
  if (slot.late > 0) {
    const auto before = settings.every * static_cast<Millis::rep>(slot.late);
    events.emplace_back(
        NeverSent{slot.probe, due - before, settings.every, slot.late, core::NotSent::late});
  }
  if (one.in_flight >= most_in_flight(settings.every, settings.timeout)) {
    events.emplace_back(NeverSent{slot.probe, due, settings.every, 1, core::NotSent::overrun});
  } else if (const auto lack = send(one, due, wall, now - slot.due)) {
    events.emplace_back(NeverSent{slot.probe, due, settings.every, 1, *lack});
  }
}

// Nothing where it goes out.
std::optional<core::NotSent> Prober::Impl::send(Watched& one, Instant due, Instant wall,
                                                MonoTime::duration lateness) {
  Budget* const budget = one.probe->budget.get();
  if (budget != nullptr && !budget->take(due)) return core::NotSent::budget;
  const auto not_sent = [&](core::NotSent why) {
    if (budget != nullptr) budget->give_back(due);
    return why;
  };
  Transfer* transfer = pool.take(one.probe, one.trust);
  if (transfer == nullptr) return not_sent(core::NotSent::resources);
  if (!transfer->can_sign(wall)) {
    pool.give_back(*transfer);
    return not_sent(core::NotSent::credentials);
  }
  const MonoTime now = world.clock.mono();
  const auto woke = attention.woke();
  transfer->begin(due, wall);
  transfer->reuse_connections_of(woke && now - *woke < kChoosy ? std::optional(now - *woke)
                                                               : std::nullopt);
  if (!network->add(transfer->easy())) {
    pool.give_back(*transfer);
    return not_sent(core::NotSent::resources);
  }
  const MonoTime began = attended(now);
  transfer->flight = {began, began + one.probe->settings.timeout, attention.absences()};
  giving_up.emplace(transfer->flight.gives_up, transfer);
  ++one.in_flight;
  one.began = now;
  recent.began(one.probe->counters, wall);
  events.emplace_back(Begun{one.probe->counters, due, lateness});
  return std::nullopt;
}

Millis Prober::Impl::time_to_wait(const Schedule& schedule) const {
  const MonoTime now = world.clock.mono();
  auto wait = std::chrono::nanoseconds(options.look_every);
  if (const auto next = schedule.next_due()) wait = std::min(wait, *next - now);
  if (!giving_up.empty()) wait = std::min(wait, giving_up.begin()->first - attended(now));
  return std::max(std::chrono::ceil<Millis>(wait), Millis(0));
}

void Prober::Impl::finish(const Network::EndedTransfer& ended) {
  Transfer& transfer = Transfer::of(ended.easy);
  const Transfer::Flight& flight = transfer.flight;
  giving_up.erase({flight.gives_up, &transfer});
  const bool away = flight.absences_before != attention.absences();
  Observation seen = transfer.end(ended, away, worth);
  // libcurl's own clock went on while we stood still, and it knows nothing of our time-outs.
  const auto attended_for = attended(attention.last().mono) - flight.began;
  if (away) seen.duration = std::min(seen.duration, attended_for);
  if (ended.code == CURLE_OPERATION_TIMEDOUT) seen.duration = attended_for;
  note(transfer, seen, ended.code);
  note_refusal(transfer, seen);
  events.emplace_back(std::move(seen));
  const CounterId counters = transfer.probe();
  pool.give_back(transfer);
  note_end(counters);
}

// For whoever asks why.
void Prober::Impl::note(Transfer& transfer, Observation& seen, int code) {
  record::ProbeResult result = transfer.result(seen);
  // Where we stood still, or lacked the means, nothing is known of the other side.
  if (std::holds_alternative<core::Missed>(seen.outcome)) return;
  if (seen.evidence || result.check_failed()) {
    recent.failed(seen.probe, transfer.exchange(seen, result, code));
  }
  recent.ended(seen.probe, std::move(result));
}

// News is what changes: that a probe is refused now, or was and is taken again. No answer says
// neither. What is signed by the same keys is said once, and so is all that shows a certificate.
void Prober::Impl::note_refusal(const Transfer& transfer, const Observation& seen) {
  const auto known = watched.find(transfer.probe());
  if (known == watched.end()) return;  // it is not sent any more
  Watched& one = known->second;
  const auto& refused = transfer.refused();
  if (refused.has_value() == one.refused) return;
  if (!refused && !std::holds_alternative<core::Answered>(seen.outcome)) return;
  one.refused = refused.has_value();
  const auto& sign = one.probe->settings.sign;
  const std::string name = name_of(*one.probe);
  if (sign && refused) {
    identity.keys->refused(*sign, name, to_text(*refused, seen.started));
  } else if (sign) {
    identity.keys->taken(*sign, name);
  } else if (refused) {
    if (unsigned_refused++ == 0 && options.say) {
      options.say(
          fmt::format("{}: refused for what we sent, {}: it is missed (refused), and no "
                      "Error; check client_cert and client_key",
                      name, to_text(*refused, seen.started)));
    }
  } else if (--unsigned_refused == 0 && options.say) {
    options.say(name + ": its certificate is taken again");
  }
}

void Prober::Impl::forget_refusal(const Watched& one) {
  if (!one.refused) return;
  if (const auto& sign = one.probe->settings.sign) {
    identity.keys->forget(*sign, name_of(*one.probe));
  } else {
    --unsigned_refused;
  }
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

void Prober::Impl::drop(Transfer& transfer) {
  network->remove(transfer.easy());
  giving_up.erase({transfer.flight.gives_up, &transfer});
  pool.give_back(transfer);
}

void Prober::Impl::drop_all() {
  while (!pool.busy().empty()) drop(pool.busy().front());
  for (auto& [counters, one] : watched) one.in_flight = 0;
  leaving.clear();
}

}  // namespace recoup::sources::probe
