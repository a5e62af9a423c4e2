#include "service/follow/query_follower.h"

#include <algorithm>
#include <set>
#include <utility>

#include "config/worth.h"

namespace recoup::service {
namespace {

// An engine that takes longer to fail is not asked again in the same turn.
constexpr std::chrono::seconds kKeepsWaiting{2};

}  // namespace

QueryFollower::QueryFollower(const config::SharedSettings& settings, ledger::Ledger& ledger,
                             core::World world, Follower::OnFailure on_failure)
    : ledger_(ledger), world_(world), on_failure_(std::move(on_failure)), exchanged_(settings) {}

void QueryFollower::exchange(config::SharedSettings settings) {
  const std::lock_guard lock(mutex_);
  exchanged_ = std::move(settings);
}

void QueryFollower::run(const std::stop_token& stop, core::Millis every) {
  while (!stop.stop_requested()) {
    const bool has_more = turn(stop);
    world_.clock.pause(stop, world_.clock.mono() + (has_more ? core::Millis(0) : every));
  }
}

bool QueryFollower::turn(const std::stop_token& stop) {
  take_exchanged();
  bool has_more = false;
  std::set<std::string> slow;
  for (auto& query : queries_) {
    if (stop.stop_requested()) return false;
    if (slow.contains(query->address())) {
      query->put_off();
      continue;
    }
    const core::MonoTime begun = world_.clock.mono();
    const auto more = query->look(stop);
    if (!more) {
      on_failure_(more.error());
      continue;
    }
    const bool failed = query->counts().away_since.has_value();
    if (failed && world_.clock.mono() - begun > kKeepsWaiting) slow.insert(query->address());
    has_more = has_more || *more;
    publish();
  }
  publish();
  return has_more;
}

// Counters of queries that stay go on.
void QueryFollower::take_exchanged() {
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
  std::vector<std::unique_ptr<QueryLog>> queries;
  for (const config::AgreementSettings& agreement : settings->agreements) {
    for (const config::QuerySettings& query : agreement.queries) {
      const auto before = std::find_if(queries_.begin(), queries_.end(), [&](const auto& one) {
        return one->counts().agreement == agreement.agreement.id && one->counts().log == query.id;
      });
      queries.push_back(std::make_unique<QueryLog>(
          agreement, query, *context, before == queries_.end() ? nullptr : before->get()));
    }
  }
  queries_ = std::move(queries);
  context_ = std::move(context);
  settings_ = std::move(settings);
}

void QueryFollower::publish() {
  std::vector<record::FollowedLog> counts;
  for (const auto& query : queries_) counts.push_back(query->counts());
  const std::lock_guard lock(mutex_);
  counts_ = std::move(counts);
}

std::vector<record::FollowedLog> QueryFollower::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::map<std::string, core::Instant> QueryFollower::take_written() {
  const std::lock_guard lock(mutex_);
  return std::exchange(written_, {});
}

}  // namespace recoup::service
