#include "sources/logs/minute_counts.h"

#include <algorithm>

namespace recoup::sources {

void MinuteCounts::add(core::Minute minute, std::uint32_t outcome, std::uint64_t count) {
  const auto number = minute.time_since_epoch().count();
  if (last_counts_ == nullptr || number != last_minute_) {
    last_minute_ = number;
    last_counts_ = &minutes_[number];
  }
  for (auto& [known, sum] : *last_counts_) {
    if (known == outcome) {
      sum += count;
      return;
    }
  }
  last_counts_->emplace_back(outcome, count);
}

core::Tallies MinuteCounts::take() {
  std::vector<core::Minute::rep> numbers;
  numbers.reserve(minutes_.size());
  for (const auto& [number, counts] : minutes_) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  for (const auto number : numbers) {
    const core::Minute minute{std::chrono::minutes(number)};
    for (const auto& [outcome, count] : minutes_[number]) {
      tallies_.add_row({minute, outcome, count});
    }
  }
  return std::move(tallies_);
}

}  // namespace recoup::sources
