#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/result.h"
#include "record/batch.h"
#include "record/series.h"

namespace recoup::sources {

// Counted is one series that a source counts.
struct Counted {
  record::SeriesKey key;
  core::Millis every{0};      // record::Checkpoint::every
  bool resumed = false;       // it was told where the series left off
  std::uint32_t targets = 1;  // record::Checkpoint::targets
};

// Known is what a ledger holds of a series when its source begins, or goes on.
struct Known {
  record::SeriesId series = 0;                   // its number, by which batches name it
  std::optional<record::Checkpoint> checkpoint;  // nothing: the series is new
  std::optional<core::Minute> newest;            // the newest minute that has counts
};

// Unwritten is what was counted and is not durable.
struct Unwritten {
  std::uint64_t counts = 0;    // requests that ended, and misses
  std::uint64_t evidence = 0;  // records

  bool empty() const { return counts == 0 && evidence == 0; }
};

// Source is where counts come from: the probes, a file, a file that grows, a listener, a query. It
// brings what became known since it was asked last, absolute by minute, so that writing a batch
// twice does no harm.
class Source {
 public:
  virtual ~Source() = default;

  // What it counts, each with a key of its own. There may be more of them, and fewer, later on.
  virtual std::vector<Counted> series() const = 0;

  // Tells the series' number and where it left off, before anything is counted of it.
  virtual void resume(const record::SeriesKey& key, const Known& known) = 0;

  // The next piece, of bounded size; an empty one where there is nothing new. Of a minute in which
  // the ledger may hold counts from before, `stored` says which: a minute is always given whole.
  // What was given is the caller's to keep. On an error nothing is lost: it is given next time.
  virtual core::Result<record::Batch> take(const record::ReadCounts& stored) = 0;

  // What was counted and not taken yet; from any thread.
  virtual Unwritten waiting() const { return {}; }
};

}  // namespace recoup::sources
