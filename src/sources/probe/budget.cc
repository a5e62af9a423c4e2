#include "sources/probe/budget.h"

namespace recoup::sources::probe {

core::Instant Budget::begin_at(core::Instant at) const {
  return core::cycle_of(zone_.month_of(at), zone_).span.begin;
}

void Budget::change(std::uint64_t most, const core::Zone& zone) {
  const std::lock_guard lock(mutex_);
  most_ = most;
  zone_ = zone;
}

core::Interval Budget::cycle_at(core::Instant at) const {
  const std::lock_guard lock(mutex_);
  return core::cycle_of(zone_.month_of(at), zone_).span;
}

void Budget::set_sent(const core::Interval& cycle, std::uint64_t sent) {
  const std::lock_guard lock(mutex_);
  sent_[cycle.begin] = sent;
}

bool Budget::take(core::Instant at) {
  const std::lock_guard lock(mutex_);
  std::uint64_t& sent = sent_[begin_at(at)];
  if (sent >= most_) return false;
  ++sent;
  return true;
}

bool Budget::is_spent(core::Instant at) const {
  const std::lock_guard lock(mutex_);
  const auto sent = sent_.find(begin_at(at));
  return (sent == sent_.end() ? 0 : sent->second) >= most_;
}

void Budget::give_back(core::Instant at) {
  const std::lock_guard lock(mutex_);
  std::uint64_t& sent = sent_[begin_at(at)];
  if (sent > 0) --sent;
}

}  // namespace recoup::sources::probe
