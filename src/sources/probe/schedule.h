#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/clock.h"
#include "core/time.h"
#include "sources/probe/board.h"

namespace recoup::sources::probe {

// Schedule says when each probe is due. Probe i is due at start + phase(i), and every period from
// there on for ever; a probe that is taken late stays on its grid. It reads no clock. One thread.
class Schedule {
 public:
  // Slot is one due instant that is to be sent now.
  struct Slot {
    ProbeIndex probe = 0;
    core::MonoTime due;
    std::uint64_t late = 0;  // due instants just before `due` that passed without being taken
  };

  // Periods by probe, each more than zero.
  Schedule(core::MonoTime start, std::span<const core::Millis> periods);

  // The first due instant that is not taken yet; nothing where there are no probes.
  std::optional<core::MonoTime> next_due() const;

  // Calls each(probe, due) with every probe's first due instant that is not taken yet.
  template <typename Each>
  void for_each(Each each) const {
    for (const Entry& entry : heap_) each(entry.probe, entry.due);
  }

  // Takes the newest due instant, and all before it, of the probe that waits longest; nothing if
  // none is due by `now`.
  std::optional<Slot> take(core::MonoTime now);

 private:
  struct Entry {
    core::MonoTime due;
    ProbeIndex probe;
  };
  static bool later(const Entry& a, const Entry& b) { return a.due > b.due; }

  std::vector<core::Millis> periods_;
  std::vector<Entry> heap_;  // the earliest on top
};

// How far after the start a probe is due first: in [0, period), spread evenly over the period
// whatever the number of probes, the same in every run. Probe 0 begins at once.
std::chrono::nanoseconds phase(ProbeIndex probe, core::Millis period);

// How many requests of a probe may be in flight: as many as fall due while one waits for its
// timeout, at least 1 and at most 16.
std::size_t most_in_flight(core::Millis every, core::Millis timeout);

}  // namespace recoup::sources::probe
