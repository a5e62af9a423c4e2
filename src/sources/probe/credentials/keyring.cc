#include "sources/probe/credentials/keyring.h"

#include <algorithm>
#include <stop_token>

#include <fmt/format.h>

#include "documents/files.h"
#include "sources/probe/signer.h"

namespace recoup::sources::probe {
namespace {

using namespace std::chrono_literals;

// AWS's own SDKs look for new keys a quarter of an hour before the old ones end.
constexpr core::Millis kAhead = 15min;
// How soon profiles are looked at again, and a place that had none to give.
constexpr core::Millis kAgain = 1min;
constexpr core::Millis kRetry = 30s;
// How often files are looked at that keys and headers rest on, and how often at most a place is
// asked that always gives what ends at once.
constexpr core::Millis kSoon = 1s;

// When keys that were found now are to be looked for again.
core::Instant next_of(const FoundKeys::Life& life, core::Instant now) {
  core::Instant next = life.may_change ? now + kAgain : core::kOpenEnd;
  if (life.ends) {
    const core::Millis left = *life.ends - now;
    next = std::min(next, std::max(*life.ends - std::min(kAhead, left / 2), now + kSoon));
  }
  return next;
}

std::string stamps_of(const std::vector<std::string>& files) {
  std::string stamps;
  for (const std::string& file : files) stamps += documents::stamp_of(file) + '\n';
  return stamps;
}

// What tells a set from others of its signer: its profile, or what is said of it.
std::string label_of(const rules::Signing& how) {
  std::string label = how.profile;
  for (const auto& [key, text] : how.says) label += (label.empty() ? "" : " ") + text;
  if (how.secret) label += (label.empty() ? "" : " ") + how.secret->from;
  return label;
}

std::string name_of(const rules::Signing& how) {
  std::string name = std::string(find_signer(how.by)->name) + '\n' + how.profile;
  for (const auto& [key, text] : how.says) name += fmt::format("\n{}={}", key, text);
  // A file that another folder has, too, is another file.
  if (how.secret) name += fmt::format("\n{} {}", how.secret->from, how.secret->file);
  return name;
}

}  // namespace

Keyring::Keyring(documents::Environment environment, core::World world, Say say)
    : environment_(std::move(environment)), world_(world), say_(std::move(say)) {}

void Keyring::say(const std::string& news) const {
  if (!news.empty() && say_) say_(news);
}

core::Result<FoundKeys> Keyring::find(const rules::Signing& how) const {
  return find_keys(*find_signer(how.by), how, environment_, world_.clock);
}

core::Result<void> Keyring::need(const rules::Signing& how) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = sets_.find(name_of(how));
    if (known != sets_.end() && known->second.keys) return {};
  }
  auto found = find(how);
  if (!found) return found.error();
  take(how, std::move(found));
  return {};
}

Keyring::Held Keyring::of(const rules::Signing& how) const {
  const std::lock_guard lock(mutex_);
  const auto set = sets_.find(name_of(how));
  if (set == sets_.end()) return {};
  return {set->second.keys, set->second.life.ends.value_or(core::kOpenEnd)};
}

record::Secret Keyring::of(const std::shared_ptr<const rules::OutsideText>& outside) {
  const std::string name = outside->file + '\n' + outside->prefix;
  {
    const std::lock_guard lock(mutex_);
    const auto [file, is_new] = files_.try_emplace(name, File{outside, outside->text, "", true});
    if (!is_new) return file->second.text;
  }
  changed_.notify_all();
  return outside->text;
}

void Keyring::take(const rules::Signing& how, core::Result<FoundKeys> found) {
  const core::Instant now = world_.clock.wall();
  std::string news;
  {
    const std::lock_guard lock(mutex_);
    Set& set = sets_[name_of(how)];
    set.how = how;
    set.state.signer = find_signer(how.by)->name;
    set.state.profile = label_of(how);
    if (!found) {
      set.next = now + kRetry;
      if (set.state.why != found.error().message) {
        set.state.why = found.error().message;
        news = fmt::format(
            "credentials to sign by {}: {}{}", set.state.signer, set.state.why,
            set.life.ends ? "; those that are here end at " + core::to_text(*set.life.ends) : "");
      }
    } else {
      if (!set.state.why.empty()) {
        news = fmt::format("credentials to sign by {} are there again, from {}", set.state.signer,
                           found->from);
      }
      set.state.why.clear();
      set.state.from = found->from;
      set.state.ends = found->life.ends;
      set.life = found->life;
      set.next = next_of(set.life, now);
      if (set.stamp.empty()) set.stamp = stamps_of(set.life.files);
      auto keys = std::make_shared<const Credentials>(std::move(found->secrets));
      if (!set.keys || !(*set.keys == *keys)) {
        set.keys = std::move(keys);
        ++version_;
      }
    }
  }
  changed_.notify_all();
  say(news);
}

void Keyring::refused(const rules::Signing& how, const std::string& probe, const std::string& why) {
  std::string news;
  {
    const std::lock_guard lock(mutex_);
    Set& set = sets_[name_of(how)];
    if (!set.refused.insert(probe).second) return;
    set.next = std::min(set.next, world_.clock.wall());
    if (set.refused.size() == 1) {
      news = fmt::format(
          "{}: refused for what we sent, {}: no Error is made of it; check {}, what it signs for "
          "by "
          "{}, and the clock of this machine",
          probe, why, set.state.from.empty() ? "its credentials" : set.state.from,
          find_signer(how.by)->name);
    }
  }
  changed_.notify_all();
  say(news);
}

void Keyring::taken(const rules::Signing& how, const std::string& probe) {
  std::string news;
  {
    const std::lock_guard lock(mutex_);
    Set& set = sets_[name_of(how)];
    if (set.refused.erase(probe) == 0 || !set.refused.empty()) return;
    news = fmt::format("{}: what is signed by {} is taken again", probe, find_signer(how.by)->name);
  }
  say(news);
}

void Keyring::forget(const rules::Signing& how, const std::string& probe) {
  const std::lock_guard lock(mutex_);
  const auto set = sets_.find(name_of(how));
  if (set != sets_.end()) set->second.refused.erase(probe);
}

core::Instant Keyring::next_look() const {
  core::Instant next = core::kOpenEnd;
  for (const auto& [name, set] : sets_) next = std::min(next, set.next);
  return next;
}

// The wall clock says when keys end, and may be set: it is looked at once a minute at least.
core::Millis Keyring::time_to_wait() const {
  const bool any_file =
      !files_.empty() || std::any_of(sets_.begin(), sets_.end(), [](const auto& each) {
        return !each.second.life.files.empty();
      });
  const core::Millis longest = any_file ? kSoon : kAgain;
  const auto left = std::chrono::duration_cast<core::Millis>(next_look() - world_.clock.wall());
  return std::clamp(left, core::Millis(0), longest);
}

std::unique_ptr<core::Thread> Keyring::keep() {
  return world_.threads.start("credentials",
                              [this](const std::stop_token& stop) { refresh(stop); });
}

// What ends soon, and what rests on a file that is another one now. A disk may be slow: the files
// are looked at while nobody is kept waiting.
std::vector<rules::Signing> Keyring::due() {
  std::map<std::string, std::vector<std::string>> watched;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, set] : sets_) watched[name] = set.life.files;
  }
  std::map<std::string, std::string> stamps;
  for (const auto& [name, files] : watched) stamps[name] = stamps_of(files);
  const std::lock_guard lock(mutex_);
  std::vector<rules::Signing> all;
  for (const auto& [name, stamp] : stamps) {
    Set& set = sets_[name];
    if (set.next <= world_.clock.wall() || stamp != set.stamp) all.push_back(set.how);
    set.stamp = stamp;
  }
  return all;
}

void Keyring::read_changed_files() {
  std::map<std::string, File> files;
  {
    const std::lock_guard lock(mutex_);
    files = files_;
  }
  for (auto& [name, file] : files) {
    const std::string stamp = documents::stamp_of(file.outside->file);
    if (stamp == file.stamp && file.good) continue;
    file.stamp = stamp;
    const auto now = rules::text_now(*file.outside);
    std::string news;
    if (!now && file.good) {
      news = fmt::format("{}: {}; what was read before is still sent", file.outside->file,
                         now.error().message);
    } else if (now && !(*now == file.text)) {
      news = file.outside->file + ": changed; it is sent from now on";
      file.text = *now;
    }
    file.good = now.ok();
    {
      const std::lock_guard lock(mutex_);
      File& kept = files_[name];
      if (!(kept.text == file.text)) ++version_;
      kept = file;
    }
    say(news);
  }
}

void Keyring::refresh(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      const std::size_t files = files_.size();
      const auto is_due = [&] {
        return next_look() <= world_.clock.wall() || files_.size() != files;
      };
      world_.clock.await(lock, changed_, stop, world_.clock.mono() + time_to_wait(), is_due);
    }
    for (const rules::Signing& how : due()) {
      if (stop.stop_requested()) return;
      take(how, find(how));
    }
    read_changed_files();
  }
}

std::vector<Keyring::SetState> Keyring::states() const {
  const std::lock_guard lock(mutex_);
  std::vector<SetState> all;
  for (const auto& [name, set] : sets_) {
    all.push_back(set.state);
    const auto& ends = set.life.ends;
    all.back().ready = set.keys && !(ends && *ends <= world_.clock.wall());
    all.back().refused = set.refused.size();
  }
  return all;
}

}  // namespace recoup::sources::probe
