#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/outcome_table.h"
#include "core/tally.h"
#include "core/time.h"

namespace recoup::sources {

// LogCounts adds up a log's requests by minute and outcome, in whatever order the log has them; it
// mostly stays in one minute for many lines. Who adds sees to it that all of it together stays
// below 2^63.
class LogCounts {
 public:
  core::OutcomeTable& outcomes() { return outcomes_; }
  const core::OutcomeTable& outcomes() const { return outcomes_; }

  void add(core::Minute minute, core::OutcomeTable::Id outcome, std::uint64_t count) {
    if (outcome == last_outcome_ && minute.time_since_epoch().count() == last_minute_) {
      totals_[outcome] += count;
      (*last_counts_)[last_place_].count += count;
    } else {
      add_other(minute, outcome, count);
    }
  }

  // How much came to the outcome, over all minutes.
  std::uint64_t total(core::OutcomeTable::Id outcome) const {
    return outcome < totals_.size() ? totals_[outcome] : 0;
  }

  // The minutes that have counts, in order, and what was counted in one of them.
  std::vector<core::Minute> minutes() const;
  std::vector<core::OutcomeCount> of(core::Minute minute) const;

 private:
  struct Count {
    core::OutcomeTable::Id outcome;
    std::uint64_t count;
  };
  using Counts = std::vector<Count>;

  // Of another minute or outcome than the last one was.
  void add_other(core::Minute minute, core::OutcomeTable::Id outcome, std::uint64_t count);

  static constexpr auto kNone = static_cast<core::OutcomeTable::Id>(-1);

  core::OutcomeTable outcomes_;
  std::vector<std::uint64_t> totals_;  // by outcome
  std::unordered_map<core::Minute::rep, Counts> minutes_;
  core::Minute::rep last_minute_ = 0;
  core::OutcomeTable::Id last_outcome_ = kNone;
  std::size_t last_place_ = 0;     // of last_counts_
  Counts* last_counts_ = nullptr;  // of minutes_, whose elements stay where they are
};

}  // namespace recoup::sources
