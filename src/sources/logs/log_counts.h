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

  void add(core::Minute minute, core::OutcomeTable::Id outcome, std::uint64_t count);

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

  core::OutcomeTable outcomes_;
  std::vector<std::uint64_t> totals_;  // by outcome
  std::unordered_map<core::Minute::rep, Counts> minutes_;
  core::Minute::rep last_minute_ = 0;
  Counts* last_counts_ = nullptr;  // of minutes_, whose elements stay where they are
};

}  // namespace recoup::sources
