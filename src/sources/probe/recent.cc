#include "sources/probe/recent.h"

#include <algorithm>
#include <set>

namespace recoup::sources::probe {

void Recent::exchange(const Probes& probes) {
  const std::lock_guard lock(mutex_);
  of_target_.clear();
  std::set<Name> there;
  for (const auto& probe : probes) {
    const Name of{probe->agreement, probe->settings.id};
    State& state = states_[of];
    of_target_[probe->counters] = &state;
    // The probes of a list are one but for their targets.
    if (const bool is_new = there.insert(of).second; !is_new) {
      ++state.seen.targets;
      continue;
    }
    state.name = of;
    state.seen.targets = 1;
    state.seen.every = probe->settings.every;
    state.seen.timeout = probe->settings.timeout;
    const Checks* checks = probe->settings.checks.get();
    state.seen.has_body_checks = checks != nullptr && checks->of_body();
    // What stays goes on counting; in the order of the settings.
    std::vector<record::CheckCounts> counts;
    for (const auto& listed : checks != nullptr
                                  ? listed_checks(*checks)
                                  : std::vector<std::pair<std::string, std::string>>()) {
      const auto known = std::find_if(state.checks.begin(), state.checks.end(),
                                      [&](const auto& one) { return one.check == listed.first; });
      counts.push_back(known == state.checks.end() ? record::CheckCounts{listed.first, 0, 0, ""}
                                                   : *known);
    }
    state.checks = std::move(counts);
  }
  for (auto& [name, state] : states_) {
    while (!there.contains(name) && !state.failures.empty()) drop_oldest(state);
  }
  std::erase_if(states_, [&](const auto& one) { return !there.contains(one.first); });
  changed_.notify_all();
}

void Recent::began(TargetId target, core::Instant at) {
  const std::lock_guard lock(mutex_);
  const auto state = of_target_.find(target);
  if (state != of_target_.end()) state->second->seen.began = at;
}

void Recent::ended(TargetId target, record::ProbeResult result) {
  const std::lock_guard lock(mutex_);
  const auto found = of_target_.find(target);
  if (found == of_target_.end()) return;
  State& state = *found->second;
  for (const record::CheckResult& one : result.checks) {
    const auto count = std::find_if(state.checks.begin(), state.checks.end(),
                                    [&](const auto& each) { return each.check == one.check; });
    // A request that began before the settings were exchanged is checked as it began.
    if (count == state.checks.end()) continue;
    ++count->made;
    count->failed += one.failed() ? 1 : 0;
    count->why = one.why;
  }
  const auto& before = state.seen.last;
  if (!before || before->expected != result.expected) {
    state.changed = before.has_value();
    state.alike_since = result.started;
  }
  state.seen.last = std::move(result);
  ++state.seen.ended;
  changed_.notify_all();
}

void Recent::failed(TargetId target, RawExchange exchange) {
  const std::lock_guard lock(mutex_);
  const auto found = of_target_.find(target);
  if (found == of_target_.end()) return;
  State& state = *found->second;
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
  const auto found = states_.find(name);
  if (found == states_.end()) return std::nullopt;
  return found->second.seen;
}

std::optional<Recent::Seen> Recent::await(const core::Clock& clock, const Name& name,
                                          std::uint64_t ended, core::MonoTime until) const {
  std::unique_lock lock(mutex_);
  const auto seen = [&]() -> const Seen* {
    const auto found = states_.find(name);
    return found == states_.end() ? nullptr : &found->second.seen;
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
  for (const auto& [name, state] : states_) {
    if (!state.checks.empty()) all[name] = state.checks;
  }
  return all;
}

std::vector<record::LastAnswer> Recent::answers() const {
  std::vector<record::LastAnswer> all;
  const std::lock_guard lock(mutex_);
  all.reserve(states_.size());
  for (const auto& [name, state] : states_) {
    const Seen& seen = state.seen;
    if (!seen.last) continue;
    all.push_back({name.first, name.second, seen.targets, seen.every, seen.last->started,
                   state.alike_since, state.changed, seen.last->expected, seen.last->outcome});
  }
  return all;
}

}  // namespace recoup::sources::probe
