#include "sources/probe/schedule.h"

#include <algorithm>

namespace recoup::sources::probe {
namespace {

constexpr core::Millis::rep kMostInFlight = 16;

}  // namespace

std::chrono::nanoseconds phase(CounterId probe, core::Millis period) {
  // Multiples of the golden ratio, as fractions of 2^64: any number of consecutive ones lies evenly
  // in the circle, so no count of probes makes a burst.
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
  const std::uint64_t turn = probe * kGolden;
  const auto length = static_cast<std::uint64_t>(std::chrono::nanoseconds(period).count());
  const auto part =
      static_cast<std::uint64_t>((static_cast<unsigned __int128>(turn) * length) >> 64);
  return std::chrono::nanoseconds(static_cast<std::chrono::nanoseconds::rep>(part));
}

std::size_t most_in_flight(core::Millis every, core::Millis timeout) {
  const auto periods = (timeout.count() + every.count() - 1) / every.count();
  return static_cast<std::size_t>(std::clamp<core::Millis::rep>(periods, 1, kMostInFlight));
}

void Schedule::add(CounterId probe, core::Millis every, core::MonoTime now) {
  core::MonoTime due = start_ + phase(probe, every);
  if (due < now) due += (now - due + every - std::chrono::nanoseconds(1)) / every * every;
  heap_.push_back({due, every, probe});
  std::push_heap(heap_.begin(), heap_.end(), later);
}

void Schedule::hasten(CounterId probe, core::MonoTime now) {
  for (Entry& entry : heap_) {
    if (entry.probe == probe) entry.due = std::min(entry.due, now);
  }
  std::make_heap(heap_.begin(), heap_.end(), later);
}

std::optional<core::MonoTime> Schedule::next_due() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().due;
}

std::optional<Schedule::Slot> Schedule::take(core::MonoTime now) {
  if (heap_.empty() || heap_.front().due > now) return std::nullopt;
  std::pop_heap(heap_.begin(), heap_.end(), later);
  Entry& entry = heap_.back();
  const core::Millis every = entry.every;
  const auto late = (now - entry.due) / every;
  const Slot slot{entry.probe, entry.due + late * every, static_cast<std::uint64_t>(late)};
  entry.due = slot.due + every;
  std::push_heap(heap_.begin(), heap_.end(), later);
  return slot;
}

}  // namespace recoup::sources::probe
