#pragma once

#include <cstdint>

#include "core/time.h"
#include "record/series.h"

namespace recoup::record {

// FoldOrder says what of the counts is to be folded in one turn: kept as one value a series and UTC
// day, instead of one a minute.
struct FoldOrder {
  core::Instant before;      // days that end by then
  SeriesId after = 0;        // goes on behind this series
  std::size_t days = 0;      // this many at most; above 0
  std::size_t series = 500;  // looks at this many series at most
};

// FoldTurn is what one turn did.
struct FoldTurn {
  bool done = false;          // nothing is left behind `next`
  SeriesId next = 0;          // the next turn goes on behind this series
  std::uint64_t days = 0;     // folded
  std::uint64_t minutes = 0;  // counts of a minute and an outcome in them
  std::uint64_t bytes = 0;    // that these take now
};

// Folded is all that is folded.
struct Folded {
  std::uint64_t days = 0;     // of series: 24 hours of one are one
  std::uint64_t minutes = 0;  // counts of a minute and an outcome in them
  std::uint64_t bytes = 0;    // that they take
};

}  // namespace recoup::record
