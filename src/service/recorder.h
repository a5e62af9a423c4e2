#pragma once

#include <optional>
#include <vector>

#include "core/time.h"
#include "ledger/ledger.h"
#include "sources/source.h"

namespace recoup::service {

// Recorder carries what sources counted into the ledger: counts, evidence and checkpoints of one
// moment in one transaction. A batch that could not be written is kept and tried again before
// anything newer is taken; its counts are absolute, so a batch that was half believed lost does no
// harm. One thread.
class Recorder {
 public:
  // It outlives the recorder.
  explicit Recorder(ledger::TallyStore& ledger) : ledger_(ledger) {}

  // Records the source from here on; it outlives the recorder. Tells it where each of its series
  // left off, and makes a gap of the time since one that is on a schedule was last accounted for.
  // Again for a source that has new series: those alone are looked at.
  core::Result<void> add(sources::Source& source, core::Instant now);

  // Writes what is new, and says from when the oldest minute or gap of it is; nothing where it has
  // none. On failure everything is kept for the next call.
  core::Result<std::optional<core::Instant>> record();

  // What a process that ended here would take with it.
  sources::Unwritten unwritten() const;

 private:
  // Where a series left off, by what the ledger holds.
  core::Result<sources::Known> look_up(record::SeriesId series, core::Instant now);
  void go_on(const record::Checkpoint& last, core::Instant now);
  core::Result<void> write();

  ledger::TallyStore& ledger_;
  std::vector<sources::Source*> sources_;
  record::Batch batch_;                  // what is not durable yet
  std::optional<core::Instant> oldest_;  // of what is, and was not told yet
  std::string vantage_;                  // of its probes
  core::Millis set_back_{0};             // the wall clock, while no service ran
};

}  // namespace recoup::service
