#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/world.h"
#include "ledger/ledger.h"
#include "service/follow/follower.h"
#include "service/follow/query_log.h"

namespace recoup::service {

// QueryFollower asks the queries of the settings again and again, one after another, and puts in
// the ledger what they count. One engine that keeps it waiting is asked once in a turn, whatever
// else is to be asked of it. Used as Follower is.
class QueryFollower {
 public:
  // All but the settings outlive it; the ledger is used by this thread alone.
  QueryFollower(const config::SharedSettings& settings, ledger::Ledger& ledger, core::World world,
                Follower::OnFailure on_failure);

  // Looks at every query once; whether one of them has more at once.
  bool turn(const std::stop_token& stop);

  // Takes a turn each `every` until the stop is requested.
  void run(const std::stop_token& stop, core::Millis every);

  // Asks the queries of these settings from its next turn on.
  void exchange(config::SharedSettings settings);

  // By agreement and query, as of the last turn.
  std::vector<record::FollowedLog> counts() const;

  // What was written since it was asked last: by agreement, how old the oldest of it is.
  std::map<std::string, core::Instant> take_written();

 private:
  void take_exchanged();
  void publish();

  ledger::Ledger& ledger_;
  const core::World world_;
  Follower::OnFailure on_failure_;
  config::SharedSettings settings_;
  std::unique_ptr<FollowContext> context_;
  std::vector<std::unique_ptr<QueryLog>> queries_;

  mutable std::mutex mutex_;  // guards what is below
  config::SharedSettings exchanged_;
  std::vector<record::FollowedLog> counts_;
  std::map<std::string, core::Instant> written_;
};

}  // namespace recoup::service
