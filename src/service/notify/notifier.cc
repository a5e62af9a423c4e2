#include "service/notify/notifier.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "service/notify/deliver.h"

namespace recoup::service {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kFirstWait = 1min;
constexpr std::chrono::nanoseconds kLongestWait = 1h;

}  // namespace

Notifier::Notifier(config::SharedSettings settings, ledger::Notices& ledger,
                   const core::Clock& clock, Look look, const Leadership* leadership)
    : ledger_(ledger),
      clock_(clock),
      look_(std::move(look)),
      leadership_(leadership),
      try_next_(clock.mono()),
      wait_(kFirstWait),
      settings_(std::move(settings)) {}

void Notifier::exchange(config::SharedSettings settings) {
  const std::lock_guard lock(mutex_);
  settings_ = std::move(settings);
  changed_.notify_all();
}

std::optional<report::NoticeCounts> Notifier::counts() const {
  const std::lock_guard lock(mutex_);
  if (settings_->notify.empty()) return std::nullopt;
  report::NoticeCounts counts = counts_;
  counts.target = settings_->notify.shown();
  return counts;
}

void Notifier::run(const std::stop_token& stop, core::Millis every) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      clock_.await(lock, changed_, stop, core::kNever,
                   [this] { return !settings_->notify.empty(); });
    }
    if (stop.stop_requested()) return;
    try {
      turn(stop);
    } catch (const std::exception& error) {
      note_failure("the notices", {error.what()});
    }
    clock_.pause(stop, clock_.mono() + every);
  }
}

void Notifier::turn(const std::stop_token& stop) {
  config::SharedSettings settings;
  {
    const std::lock_guard lock(mutex_);
    settings = settings_;
  }
  if (settings->notify.empty() || !leads()) return;
  const auto snapshot = look_();
  // Before the first assessment nobody knows what there is to tell.
  if (!snapshot || !snapshot->ready || !load()) return;
  const std::vector<Notice> waiting = untold(*snapshot);
  {
    const std::lock_guard lock(mutex_);
    counts_.waiting = waiting.size();
    if (waiting.empty()) counts_.problem.clear();
  }
  if (clock_.mono() < try_next_) return;
  for (const Notice& notice : waiting) {
    if (stop.stop_requested() || !leads()) return;
    const auto done = deliver(settings->notify, notice_json(notice, clock_.wall()), clock_, stop);
    if (!done) return note_failure(settings->notify.shown(), done.error());
    note_accepted(notice);
  }
}

// Whoever comes after another process has to read what that one told.
bool Notifier::leads() {
  const auto now = leadership_.look();
  if (now == LeadershipWatch::Is::began) told_.reset();
  if (now != LeadershipWatch::Is::not_leading) return true;
  const std::lock_guard lock(mutex_);
  counts_.waiting = 0;
  counts_.problem.clear();
  return false;
}

// What was told in earlier runs; false where the ledger cannot say, so that nothing is told twice.
bool Notifier::load() {
  if (told_) return true;
  const auto told = ledger_.told();
  if (!told) {
    note_failure("the ledger", told.error());
    return false;
  }
  told_.emplace(told->begin(), told->end());
  return true;
}

std::vector<Notice> Notifier::untold(const report::Snapshot& snapshot) const {
  std::vector<Notice> notices = notices_of(snapshot);
  std::erase_if(notices, [&](const Notice& notice) { return told_->contains(notice.name); });
  return notices;
}

void Notifier::note_accepted(const Notice& notice) {
  wait_ = kFirstWait;
  try_next_ = clock_.mono();
  told_->insert(notice.name);
  spdlog::info("told: {}", notice.text);
  {
    const std::lock_guard lock(mutex_);
    ++counts_.accepted;
    if (counts_.waiting > 0) --counts_.waiting;
    counts_.problem.clear();
  }
  // It is not told again while the service runs; after a restart it may be.
  if (const auto noted = ledger_.note_told(notice.name, clock_.wall()); !noted) {
    spdlog::error("{} was told, and that could not be noted: {}", notice.name,
                  noted.error().message);
  }
}

void Notifier::note_failure(const std::string& target, const core::Error& error) {
  try_next_ = clock_.mono() + wait_;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(wait_).count();
  wait_ = std::min(2 * wait_, kLongestWait);
  spdlog::error("{} could not be told what there is to know: {}; the next try is in {} minute{}",
                target, error.message, minutes, minutes == 1 ? "" : "s");
  const std::lock_guard lock(mutex_);
  ++counts_.failed;
  counts_.problem = error.message;
}

}  // namespace recoup::service
