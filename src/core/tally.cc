#include "core/tally.h"

#include <algorithm>

#include <fmt/format.h>

namespace recoup::core {

std::uint64_t Gap::due(const Interval& part) const {
  // Due instants before `at`, counted from the gap's begin.
  const auto before = [&](Instant at) -> std::uint64_t {
    const Millis since = std::min(at, span.end) - span.begin;
    if (since <= Millis(0)) return 0;
    return static_cast<std::uint64_t>((since + every - Millis(1)) / every);
  };
  return part.empty() ? 0 : (before(part.end) - before(part.begin)) * targets;
}

Gap Gap::cut_to(const Interval& part) const {
  const auto before = due({span.begin, std::max(part.begin, span.begin)}) / targets;
  const Instant first = span.begin + static_cast<Millis::rep>(before) * every;
  const Instant end = std::min(span.end, part.end);
  return {{std::min(first, end), end}, every, reason, targets};
}

void Tallies::add(Minute minute, const Outcome& outcome, std::uint64_t count) {
  add_row({minute, intern(outcome), count});
}

void Tallies::merge(const Tallies& other) {
  std::vector<OutcomeTable::Id> ours;
  for (const Outcome& outcome : other.outcomes()) ours.push_back(intern(outcome));
  for (const Row& row : other.rows_) add_row({row.minute, ours[row.outcome], row.count});
  for (const Row& row : other.reported_) {
    add_reported({row.minute, ours[row.outcome], row.count});
  }
  for (const Gap& gap : other.gaps_) add_gap(gap);
  unseen_.insert(unseen_.end(), other.unseen_.begin(), other.unseen_.end());
  sent_ += other.sent_;
}

Result<void> CountedTotal::check() const {
  if (!too_many_) return {};
  return Error{
      fmt::format("expected counts that add up to no more than {}, got more", kMostCounted), "",
      "a file that was imported states more requests than can have been made"};
}

}  // namespace recoup::core
