#include "sources/probe/failing_targets.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace recoup::sources {

void FailingTracker::well(Id target) {
  if (all_.empty()) return;
  const auto known = all_.find(target);
  if (known == all_.end()) return;
  One& one = known->second;
  ++one.requests;
  if (++one.well >= kWellAfter) erase(known);
}

// One that found no room is shown from its next failure on, where there is some then.
void FailingTracker::failed(Id target, const core::Outcome& outcome) {
  One& one = all_[target];
  if (!one.shown && shown_ < kMostShown) {
    one = One{began_++, 0, true, 0, 0, {}};
    ++shown_;
  }
  one.well = 0;
  ++one.requests;
  ++one.failed;
  one.last_failure = outcome;
}

void FailingTracker::forget(Id target) {
  if (const auto known = all_.find(target); known != all_.end()) erase(known);
}

void FailingTracker::erase(std::unordered_map<Id, One>::iterator one) {
  if (one->second.shown) --shown_;
  all_.erase(one);
}

record::FailingTargets FailingTracker::all(
    const std::function<void(Id, record::FailingTarget&)>& name) const {
  record::FailingTargets out;
  std::vector<std::pair<Id, const One*>> shown;
  for (const auto& [id, one] : all_) {
    if (one.shown) shown.emplace_back(id, &one);
  }
  out.not_shown = all_.size() - shown.size();
  std::sort(shown.begin(), shown.end(),
            [](const auto& a, const auto& b) { return a.second->place < b.second->place; });
  out.shown.reserve(shown.size());
  for (const auto& [id, one] : shown) {
    record::FailingTarget& target = out.shown.emplace_back();
    target.requests = one->requests;
    target.failed = one->failed;
    target.last_failed = one->well == 0;
    target.last_failure = one->last_failure;
    name(id, target);
  }
  return out;
}

}  // namespace recoup::sources
