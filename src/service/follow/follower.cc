#include "service/follow/follower.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "config/worth.h"
#include "sources/logs/format.h"

namespace recoup::service {

Follower::Follower(const config::SharedSettings& settings, ledger::Ledger& ledger,
                   core::World world, OnFailure on_failure)
    : ledger_(ledger), world_(world), on_failure_(std::move(on_failure)), exchanged_(settings) {}

void Follower::exchange(config::SharedSettings settings) {
  const std::lock_guard lock(mutex_);
  exchanged_ = std::move(settings);
}

void Follower::run(const std::stop_token& stop, core::Millis every) {
  while (!stop.stop_requested()) {
    const bool has_more = turn(stop);
    world_.clock.pause(stop, world_.clock.mono() + (has_more ? core::Millis(0) : every));
  }
}

bool Follower::turn(const std::stop_token& stop) {
  take_exchanged();
  bool has_more = false;
  const auto look = [&](auto& log) {
    if (stop.stop_requested()) return;
    const auto more = log->look(stop);
    if (!more) return on_failure_(more.error());
    has_more = has_more || *more;
    publish();
  };
  for (auto& log : lines_) look(log);
  for (auto& log : trails_) look(log);
  publish();
  return has_more;
}

// What is known of files stays known; counters of logs that stay go on.
void Follower::take_exchanged() {
  config::SharedSettings settings;
  {
    const std::lock_guard lock(mutex_);
    settings.swap(exchanged_);
  }
  if (!settings) return;
  auto context = std::make_unique<FollowContext>(
      FollowContext{ledger_, world_, settings->vantage, config::worth_a_record(*settings),
                    [this](const std::string& agreement, core::Instant oldest) {
                      const std::lock_guard lock(mutex_);
                      const auto known = written_.emplace(agreement, oldest).first;
                      known->second = std::min(known->second, oldest);
                    }});
  std::vector<std::unique_ptr<LineLog>> lines;
  std::map<std::string, std::vector<TrailLog::Target>> by_path;
  for (const config::AgreementSettings& agreement : settings->agreements) {
    for (const config::LogSettings& log : agreement.logs) {
      if (!log.follows()) continue;
      if (log.format == sources::kTrailFormat) {
        by_path[log.path].push_back({&agreement, &log});
        continue;
      }
      std::unique_ptr<LineLog> before;
      for (auto& one : lines_) {
        const bool is_same =
            one && one->counts().agreement == agreement.agreement.id && one->counts().log == log.id;
        if (is_same) before = std::move(one);
      }
      lines.push_back(std::make_unique<LineLog>(agreement, log, *context, std::move(before)));
    }
  }
  std::vector<std::unique_ptr<TrailLog>> trails;
  for (auto& [path, targets] : by_path) {
    const auto before = std::find_if(trails_.begin(), trails_.end(),
                                     [&, &p = path](const auto& one) { return one->path() == p; });
    trails.push_back(std::make_unique<TrailLog>(std::move(targets), *context,
                                                before == trails_.end() ? nullptr : before->get()));
  }
  lines_ = std::move(lines);
  trails_ = std::move(trails);
  context_ = std::move(context);
  settings_ = std::move(settings);
}

void Follower::publish() {
  std::vector<record::FollowedLog> counts;
  for (const auto& log : lines_) counts.push_back(log->counts());
  for (const auto& log : trails_) {
    for (record::FollowedLog& one : log->counts()) counts.push_back(std::move(one));
  }
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return std::tie(a.agreement, a.log) < std::tie(b.agreement, b.log);
  });
  const std::lock_guard lock(mutex_);
  counts_ = std::move(counts);
}

std::vector<record::FollowedLog> Follower::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::map<std::string, core::Instant> Follower::take_written() {
  const std::lock_guard lock(mutex_);
  return std::exchange(written_, {});
}

}  // namespace recoup::service
