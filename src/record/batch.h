#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/result.h"
#include "core/tally.h"
#include "core/time.h"
#include "record/evidence.h"
#include "record/series.h"

namespace recoup::record {

// SeriesMinute is the whole tally of one series and minute: writing it again, or a later one,
// replaces the counts that it names. A count of 0 takes one away that was there.
struct SeriesMinute {
  SeriesId series = 0;
  core::Minute minute;
  std::vector<core::OutcomeCount> counts;
};

struct SeriesEvidence {
  SeriesId series = 0;
  Evidence evidence;
};

struct SeriesGap {
  SeriesId series = 0;
  core::Gap gap;
};

struct SeriesUnseen {
  SeriesId series = 0;
  core::Unseen unseen;
};

// Checkpoint is up to where everything of a series is in the ledger, and where its source goes on.
struct Checkpoint {
  SeriesId series = 0;
  // The watermark: of a series on a schedule the last due instant that is in its counts or gaps, by
  // the wall clock as it went last; of another one the last instant of which nothing more is
  // expected.
  core::Instant watermark;
  core::Millis every{0};      // the schedule's period; 0: nothing is due, and a silence is no gap
  std::string place = {};     // the source's own words for where it is: a position, a cursor
  std::uint32_t targets = 1;  // that are due in each period

  bool operator==(const Checkpoint&) const = default;
};

// ClockStep is a jump of the wall clock against the monotonic one. From here on what is seen is of
// the wall clock as it is after the step.
struct ClockStep {
  core::Instant at;    // wall time after the step
  core::Millis by{0};  // forward is positive; 0: suspended, and the wall clock stood still too
  // How long of it the machine was suspended; not kept in a ledger.
  core::Millis suspended{0};
  std::string vantage = {};  // whose clock it was; empty where nobody knows

  // The time that the wall clock showed twice, because it was set back: what was seen in it may be
  // of another time. Empty for a step forward, whose time is a gap.
  core::Interval shown_twice() const { return {at, at - std::min(by, core::Millis(0))}; }

  // What hid the time that a step forward passed over.
  core::NotSent reason() const {
    return suspended * 2 >= by ? core::NotSent::suspended : core::NotSent::clock;
  }
};

// Correction says that minutes of a batch are of a time that may have been judged, and sealed: the
// agreement's journal has to say so.
struct Correction {
  std::string agreement;
  core::Interval span;
  std::string source;  // what brought it, by its id in the settings
};

// Batch is what became known since the batch before, and what one transaction makes durable. All of
// it is absolute: a batch that was written, or half believed lost, may be written again.
struct Batch {
  std::vector<SeriesMinute> minutes = {};
  std::vector<SeriesEvidence> evidence = {};  // of counted requests alone
  std::vector<Checkpoint> checkpoints = {};
  std::vector<SeriesGap> gaps = {};
  std::vector<SeriesUnseen> unseen = {};
  std::vector<ClockStep> clock_steps = {};
  std::vector<Correction> corrections = {};
  std::uint64_t counted = 0;  // requests and misses that are new in it
  bool more = false;          // another piece is there at once

  bool empty() const {
    return minutes.empty() && evidence.empty() && checkpoints.empty() && gaps.empty() &&
           unseen.empty() && clock_steps.empty() && corrections.empty();
  }
};

// Pieces gives what is too much for one batch to `take`, piece by piece, each of bounded size; all
// of it again when it is called again. An error of its own ends it.
using Pieces = std::function<core::Result<void>(const std::function<void(const Batch&)>& take)>;

// ReadCounts reads what a ledger holds of one series and minute; empty where it holds nothing.
using ReadCounts =
    std::function<core::Result<std::vector<core::OutcomeCount>>(SeriesId, core::Minute)>;

}  // namespace recoup::record
