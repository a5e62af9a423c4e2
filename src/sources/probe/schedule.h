#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/clock.h"
#include "core/time.h"
#include "sources/minute_counters.h"

namespace recoup::sources::probe {

// Schedule says when each probe is due: at start + phase(probe), and every period from there on for
// ever. A probe that is taken late stays on that grid, and one that is added later is put on it. It
// reads no clock. One thread.
class Schedule {
 public:
  // Slot is one due instant that is to be sent now.
  struct Slot {
    CounterId probe = 0;
    core::MonoTime due;
    std::uint64_t late = 0;  // due instants just before `due` that passed without being taken
  };

  explicit Schedule(core::MonoTime start) : start_(start) {}

  // A probe that it does not have, of a period of more than zero: due for the first time at `now`,
  // which is not before the start, or within a period of it.
  void add(CounterId probe, core::Millis every, core::MonoTime now);

  // Forgets the probes for which gone(probe) is true.
  template <typename Gone>
  void remove_if(Gone gone) {
    std::erase_if(heap_, [&](const Entry& entry) { return gone(entry.probe); });
    std::make_heap(heap_.begin(), heap_.end(), later);
  }

  // A probe that it has is due at `now` instead, which is before the instant at which it would be,
  // and every period from there on.
  void hasten(CounterId probe, core::MonoTime now);

  // The first due instant that is not taken yet; nothing where there are no probes.
  std::optional<core::MonoTime> next_due() const;

  // Calls each(probe, every, due) with every probe's first due instant that is not taken yet.
  template <typename Each>
  void for_each(Each each) const {
    for (const Entry& entry : heap_) each(entry.probe, entry.every, entry.due);
  }

  // Takes the newest due instant, and all before it, of the probe that waits longest; nothing if
  // none is due by `now`.
  std::optional<Slot> take(core::MonoTime now);

 private:
  struct Entry {
    core::MonoTime due;
    core::Millis every;
    CounterId probe;
  };
  static bool later(const Entry& a, const Entry& b) { return a.due > b.due; }

  core::MonoTime start_;
  std::vector<Entry> heap_;  // the earliest on top
};

// How far after the start a probe is due first: in [0, period), spread evenly over the period
// whatever the number of probes, the same in every run. Probe 0 begins at once.
std::chrono::nanoseconds phase(CounterId probe, core::Millis period);

// How many requests of a probe may be in flight: as many as fall due while one waits for its
// timeout, at least 1 and at most 16.
std::size_t most_in_flight(core::Millis every, core::Millis timeout);

}  // namespace recoup::sources::probe
