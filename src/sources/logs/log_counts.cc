#include "sources/logs/log_counts.h"

#include <algorithm>

namespace recoup::sources {

void LogCounts::add_other(core::Minute minute, core::OutcomeTable::Id outcome,
                          std::uint64_t count) {
  if (outcome >= totals_.size()) totals_.resize(outcome + 1);
  totals_[outcome] += count;
  const auto number = minute.time_since_epoch().count();
  if (last_counts_ == nullptr || number != last_minute_) {
    last_minute_ = number;
    last_counts_ = &minutes_[number];
  }
  last_outcome_ = outcome;
  for (last_place_ = 0; last_place_ < last_counts_->size(); ++last_place_) {
    Count& known = (*last_counts_)[last_place_];
    if (known.outcome == outcome) {
      known.count += count;
      return;
    }
  }
  last_counts_->push_back({outcome, count});
}

std::vector<core::Minute> LogCounts::minutes() const {
  std::vector<core::Minute> minutes;
  minutes.reserve(minutes_.size());
  for (const auto& [number, counts] : minutes_) {
    minutes.emplace_back(std::chrono::minutes(number));
  }
  std::sort(minutes.begin(), minutes.end());
  return minutes;
}

std::vector<core::OutcomeCount> LogCounts::of(core::Minute minute) const {
  std::vector<core::OutcomeCount> counts;
  const auto found = minutes_.find(minute.time_since_epoch().count());
  if (found == minutes_.end()) return counts;
  for (const Count& one : found->second) counts.push_back({outcomes_[one.outcome], one.count});
  return counts;
}

}  // namespace recoup::sources
