#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

// EvidenceOrder says which evidence of an agreement is to be removed in one turn.
struct EvidenceOrder {
  std::string agreement;
  core::Instant before;       // what was seen earlier than this, from the begin of each chain on
  std::uint64_t records = 0;  // this many of each series at most; above 0
};

// EvidenceTurn is what one turn did.
struct EvidenceTurn {
  bool done = false;  // nothing is left to be removed by that order
  std::uint64_t records = 0;
};

// RemovedEvidence is what was removed of the begin of one chain, in all turns. The chain is checked
// from its head on.
struct RemovedEvidence {
  SeriesKey series;
  std::uint64_t records = 0;
  core::Instant until;  // all of them were seen before this
  std::string head;     // the link of the last of them, in hexadecimal digits
};

// UpkeepCounts is how the running service gets on with keeping its ledger small.
struct UpkeepCounts {
  Folded folded;
  std::uint64_t evidence_removed = 0;  // records, of all agreements of the settings
  std::uint64_t failures = 0;          // since the service started
  std::string failing = {};            // why the newest turn failed; empty: it did not
};

}  // namespace recoup::record
