#include "sources/probe/recent.h"

#include <algorithm>
#include <set>

namespace recoup::sources::probe {

void Recent::exchange(const Probes& probes) {
  const std::lock_guard lock(mutex_);
  by_name_.clear();
  std::set<CounterId> there;
  for (const auto& probe : probes) {
    State& state = states_[probe->counters];
    state.name = {probe->agreement, probe->settings.id};
    state.seen.every = probe->settings.every;
    state.seen.timeout = probe->settings.timeout;
    const Checks* checks = probe->settings.checks.get();
    state.seen.has_body_checks = checks != nullptr && checks->of_body();
    // What stays goes on counting; in the order of the settings.
    std::vector<record::CheckCounts> counts;
    for (const auto& [name, expected] : checks != nullptr
                                            ? listed_checks(*checks)
                                            : std::vector<std::pair<std::string, std::string>>()) {
      const auto known = std::find_if(state.checks.begin(), state.checks.end(),
                                      [&](const auto& one) { return one.check == name; });
      counts.push_back(known == state.checks.end() ? record::CheckCounts{name, 0, 0, ""} : *known);
    }
    state.checks = std::move(counts);
    by_name_[state.name] = probe->counters;
    there.insert(probe->counters);
  }
  for (auto& [counters, state] : states_) {
    while (!there.contains(counters) && !state.failures.empty()) drop_oldest(state);
  }
  std::erase_if(states_, [&](const auto& one) { return !there.contains(one.first); });
  changed_.notify_all();
}

void Recent::began(CounterId probe, core::Instant at) {
  const std::lock_guard lock(mutex_);
  const auto state = states_.find(probe);
  if (state != states_.end()) state->second.seen.began = at;
}

void Recent::ended(CounterId probe, record::ProbeResult result) {
  const std::lock_guard lock(mutex_);
  const auto found = states_.find(probe);
  if (found == states_.end()) return;
  State& state = found->second;
  for (const record::CheckResult& one : result.checks) {
    const auto count = std::find_if(state.checks.begin(), state.checks.end(),
                                    [&](const auto& each) { return each.check == one.check; });
    // A request that began before the settings were exchanged is checked as it began.
    if (count == state.checks.end()) continue;
    ++count->made;
    count->failed += one.failed() ? 1 : 0;
    count->why = one.why;
  }
  state.seen.last = std::move(result);
  ++state.seen.ended;
  changed_.notify_all();
}

void Recent::failed(CounterId probe, RawExchange exchange) {
  const std::lock_guard lock(mutex_);
  const auto found = states_.find(probe);
  if (found == states_.end()) return;
  State& state = found->second;
  if (state.failures.size() == kFailuresEach) drop_oldest(state);
  const std::size_t size = exchange.size();
  failures_.push_back({&state, size, std::move(exchange)});
  state.failures.push_back(std::prev(failures_.end()));
  bytes_ += size;
  while (bytes_ > most_bytes_ && !failures_.empty()) drop_oldest(*failures_.front().of);
}

// The oldest of all is the oldest of its probe.
void Recent::drop_oldest(State& state) {
  const auto oldest = state.failures.front();
  bytes_ -= oldest->size;
  failures_.erase(oldest);
  state.failures.pop_front();
}

std::optional<Recent::Seen> Recent::of(const Name& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return states_.at(found->second).seen;
}

std::optional<Recent::Seen> Recent::await(const core::Clock& clock, const Name& name,
                                          std::uint64_t ended, core::MonoTime until) const {
  std::unique_lock lock(mutex_);
  const auto seen = [&]() -> const Seen* {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &states_.at(found->second).seen;
  };
  clock.await(lock, changed_, {}, until, [&] {
    const Seen* now = seen();
    return now == nullptr || now->ended > ended;
  });
  const Seen* now = seen();
  return now == nullptr ? std::nullopt : std::optional(*now);
}

std::vector<record::Exchange> Recent::failures(const std::string& agreement,
                                               std::size_t most) const {
  std::vector<RawExchange> found;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = failures_.rbegin(); at != failures_.rend() && found.size() < most; ++at) {
      if (at->of->name.first == agreement) found.push_back(at->exchange);
    }
  }
  std::vector<record::Exchange> shown;
  shown.reserve(found.size());
  for (const RawExchange& one : found) shown.push_back(one.shown(RawExchange::To::anybody));
  return shown;
}

std::map<Recent::Name, std::vector<record::CheckCounts>> Recent::checks() const {
  std::map<Name, std::vector<record::CheckCounts>> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [counters, state] : states_) {
    if (!state.checks.empty()) all[state.name] = state.checks;
  }
  return all;
}

}  // namespace recoup::sources::probe
