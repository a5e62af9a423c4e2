#include "judge/outcome_counts.h"

#include <vector>

namespace recoup::judge {

std::map<core::Outcome, std::uint64_t> outcome_counts(const core::Tallies& tallies,
                                                      const core::Interval& span) {
  std::vector<std::uint64_t> by_index(tallies.outcomes().size());
  for (const auto& row : tallies.rows()) {
    if (span.contains(row.minute)) by_index[row.outcome] += row.count;
  }
  std::map<core::Outcome, std::uint64_t> counts;
  for (std::size_t i = 0; i < by_index.size(); ++i) {
    if (by_index[i] > 0) counts[tallies.outcomes()[i]] = by_index[i];
  }
  for (const core::Gap& gap : tallies.gaps()) {
    const std::uint64_t due = gap.due(span);
    if (due > 0) counts[core::Missed{gap.reason}] += due;
  }
  return counts;
}

}  // namespace recoup::judge
