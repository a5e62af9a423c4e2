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
  return {{std::min(first, end), end}, every, reason, resource, targets};
}

void Tallies::add(Minute minute, const Outcome& outcome, std::uint64_t count,
                  const std::string& resource) {
  add_row({minute, intern(outcome), count, intern_resource(resource)});
}

std::uint32_t Tallies::intern_resource(const std::string& name) {
  const auto known = std::find(resources_.begin(), resources_.end(), name);
  const auto index = static_cast<std::uint32_t>(known - resources_.begin());
  if (known == resources_.end()) resources_.push_back(name);
  return index;
}

void Tallies::merge(const Tallies& other) {
  std::vector<OutcomeTable::Id> ours;
  for (const Outcome& outcome : other.outcomes()) ours.push_back(intern(outcome));
  std::vector<std::uint32_t> named;
  for (const std::string& name : other.resources_) named.push_back(intern_resource(name));
  const auto of_ours = [&](const Row& row) {
    return Row(row.minute, ours[row.outcome], row.count, named[row.resource]);
  };
  for (const Row& row : other.rows_) add_row(of_ours(row));
  for (const Row& row : other.reported_) add_reported(of_ours(row));
  for (const Gap& gap : other.gaps_) add_gap(gap);
  unseen_.insert(unseen_.end(), other.unseen_.begin(), other.unseen_.end());
  sent_ += other.sent_;
}

Tallies Tallies::only(const std::function<bool(const std::string&)>& of) const {
  Tallies one;
  for (const Outcome& outcome : outcomes()) one.intern(outcome);
  std::vector<bool> wanted;
  for (const std::string& name : resources_) {
    one.intern_resource(name);
    wanted.push_back(of(name));
  }
  for (const Row& row : rows_) {
    if (wanted[row.resource]) one.add_row(row);
  }
  for (const Row& row : reported_) {
    if (wanted[row.resource]) one.add_reported(row);
  }
  for (const Gap& gap : gaps_) {
    if (of(gap.resource)) one.add_gap(gap);
  }
  for (const Unseen& unseen : unseen_) {
    if (of(unseen.resource)) one.add_unseen(unseen);
  }
  return one;
}

Result<void> CountedTotal::check() const {
  if (!too_many_) return {};
  return Error{
      fmt::format("expected counts that add up to no more than {}, got more", kMostCounted), "",
      "a file that was imported states more requests than can have been made"};
}

}  // namespace recoup::core
