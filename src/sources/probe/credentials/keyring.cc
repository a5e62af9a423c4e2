#include "sources/probe/credentials/keyring.h"

#include <algorithm>
#include <stop_token>

#include <fmt/format.h>

#include "sources/probe/signer.h"

namespace recoup::sources::probe {
namespace {

using namespace std::chrono_literals;

// AWS's own SDKs look for new keys a quarter of an hour before the old ones end.
constexpr core::Millis kAhead = 15min;
// How soon a file is looked at again, and a place that had none to give.
constexpr core::Millis kAgain = 1min;
constexpr core::Millis kRetry = 30s;

// When keys that were found now are to be looked for again.
core::Instant next_of(const FoundKeys::Life& life, core::Instant now) {
  if (life.may_change) return now + kAgain;
  if (!life.ends) return core::kOpenEnd;
  const core::Millis left = *life.ends - now;
  return *life.ends - std::min(kAhead, left / 2);
}

}  // namespace

Keyring::Keyring(documents::Environment environment, core::World world, Say say)
    : environment_(std::move(environment)), world_(world), say_(std::move(say)) {}

Keyring::Name Keyring::name_of(const rules::Signing& how) {
  return {std::string(find_signer(how.by)->name), how.profile};
}

core::Result<FoundKeys> Keyring::find(const Name& name) const {
  return find_keys(*find_signer(name.first), name.second, environment_, world_.clock);
}

core::Result<void> Keyring::need(const rules::Signing& how) {
  const Name name = name_of(how);
  {
    const std::lock_guard lock(mutex_);
    const auto known = sets_.find(name);
    if (known != sets_.end() && known->second.keys) return {};
  }
  auto found = find(name);
  if (!found) return found.error();
  take(name, std::move(found));
  return {};
}

Keyring::Held Keyring::of(const rules::Signing& how) const {
  const std::lock_guard lock(mutex_);
  const auto set = sets_.find(name_of(how));
  if (set == sets_.end()) return {};
  return {set->second.keys, set->second.life.ends.value_or(core::kOpenEnd)};
}

void Keyring::take(const Name& name, core::Result<FoundKeys> found) {
  const core::Instant now = world_.clock.wall();
  std::string news;
  {
    const std::lock_guard lock(mutex_);
    Set& set = sets_[name];
    set.state.signer = name.first;
    set.state.profile = name.second;
    if (!found) {
      set.next = now + kRetry;
      if (set.state.why != found.error().message) {
        set.state.why = found.error().message;
        news = fmt::format(
            "credentials to sign by {}: {}{}", name.first, set.state.why,
            set.life.ends ? "; those that are here end at " + core::to_text(*set.life.ends) : "");
      }
    } else {
      if (!set.state.why.empty()) {
        news = fmt::format("credentials to sign by {} are there again, from {}", name.first,
                           found->from);
      }
      set.state.why.clear();
      set.state.from = found->from;
      set.state.ends = found->life.ends;
      set.life = found->life;
      set.next = next_of(set.life, now);
      auto keys = std::make_shared<const Credentials>(std::move(found->secrets));
      if (!set.keys || !(*set.keys == *keys)) {
        set.keys = std::move(keys);
        ++version_;
      }
    }
  }
  changed_.notify_all();
  if (!news.empty() && say_) say_(news);
}

core::Instant Keyring::next_look() const {
  core::Instant next = core::kOpenEnd;
  for (const auto& [name, set] : sets_) next = std::min(next, set.next);
  return next;
}

std::unique_ptr<core::Thread> Keyring::keep() {
  return world_.threads.start("credentials",
                              [this](const std::stop_token& stop) { refresh(stop); });
}

// The wall clock says when keys end, and may be set: it is looked at once a minute at least.
void Keyring::refresh(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<Name> due;
    {
      std::unique_lock lock(mutex_);
      const auto is_due = [&] { return next_look() <= world_.clock.wall(); };
      const core::Millis wait =
          std::clamp(std::chrono::duration_cast<core::Millis>(next_look() - world_.clock.wall()),
                     0ms + 0s, std::chrono::duration_cast<core::Millis>(kAgain));
      world_.clock.await(lock, changed_, stop, world_.clock.mono() + wait, is_due);
      for (const auto& [name, set] : sets_) {
        if (set.next <= world_.clock.wall()) due.push_back(name);
      }
    }
    for (const Name& name : due) {
      if (stop.stop_requested()) return;
      take(name, find(name));
    }
  }
}

std::vector<Keyring::SetState> Keyring::states() const {
  const std::lock_guard lock(mutex_);
  std::vector<SetState> all;
  for (const auto& [name, set] : sets_) {
    all.push_back(set.state);
    const auto& ends = set.life.ends;
    all.back().ready = set.keys && !(ends && *ends <= world_.clock.wall());
  }
  return all;
}

}  // namespace recoup::sources::probe
