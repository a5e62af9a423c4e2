#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/world.h"
#include "ledger/ledger.h"
#include "service/follow/line_log.h"
#include "service/follow/trail_log.h"

namespace recoup::service {

// Follower reads the files again and again that the logs of the settings name, and puts in the
// ledger what is new in them: counts, evidence and where it goes on in one transaction, so that a
// service that ends at any instant goes on as if it had not. Used by one thread, but for
// exchange(), counts() and take_written().
class Follower {
 public:
  using OnFailure = std::function<void(const core::Error&)>;

  // All but the settings outlive it; the ledger is used by this thread alone. What the ledger fails
  // in is told to `on_failure` and tried again in the next turn.
  Follower(const config::SharedSettings& settings, ledger::Ledger& ledger, core::World world,
           OnFailure on_failure);

  // Looks at every log once; whether one of them has more at once.
  bool turn(const std::stop_token& stop);

  // Takes a turn each `every` until the stop is requested.
  void run(const std::stop_token& stop, core::Millis every);

  // Follows the logs of these settings from its next turn on.
  void exchange(config::SharedSettings settings);

  // By agreement and log, as of the last turn.
  std::vector<record::FollowedLog> counts() const;

  // What was written since it was asked last: by agreement, how old the oldest of it is.
  std::map<std::string, core::Instant> take_written();

 private:
  void take_exchanged();
  void publish();

  ledger::Ledger& ledger_;
  const core::World world_;
  OnFailure on_failure_;
  config::SharedSettings settings_;
  std::unique_ptr<FollowContext> context_;
  std::vector<std::unique_ptr<LineLog>> lines_;
  std::vector<std::unique_ptr<TrailLog>> trails_;

  mutable std::mutex mutex_;  // guards what is below
  config::SharedSettings exchanged_;
  std::vector<record::FollowedLog> counts_;
  std::map<std::string, core::Instant> written_;
};

}  // namespace recoup::service
