#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "core/zone.h"

namespace recoup::sources::probe {

// Budget is how many requests the probes of one agreement may send in each of its billing cycles,
// which they share. From any thread.
class Budget {
 public:
  // The zone knows the agreement's cycles.
  Budget(std::uint64_t most, core::Zone zone) : most_(most), zone_(std::move(zone)) {}

  // As the settings say it now: what was sent stays sent.
  void change(std::uint64_t most, const core::Zone& zone);

  // The cycle that holds the instant.
  core::Interval cycle_at(core::Instant at) const;

  // In the cycle so many were sent before.
  void set_sent(const core::Interval& cycle, std::uint64_t sent);

  // Takes one for a request that is to be sent at the instant; false where none is left.
  bool take(core::Instant at);

  // Whether none is left in the cycle that holds the instant.
  bool is_spent(core::Instant at) const;

  // Gives back one that was taken for a request that could not be sent.
  void give_back(core::Instant at);

 private:
  core::Instant begin_at(core::Instant at) const;

  mutable std::mutex mutex_;
  std::uint64_t most_;  // the rest is guarded by mutex_
  core::Zone zone_;
  std::map<core::Instant, std::uint64_t> sent_;  // by the begin of a cycle
};

}  // namespace recoup::sources::probe
