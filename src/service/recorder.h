#pragma once

#include <optional>
#include <vector>

#include "config/settings.h"
#include "ledger/ledger.h"
#include "sources/probe/board.h"
#include "sources/probe/prober.h"

namespace recoup::service {

// All probes of the settings, in their order; its place in the list is a probe's index on the
// board.
std::vector<sources::probe::Probe> watched_probes(const config::Settings& settings);

// Unwritten is what was counted and is not durable.
struct Unwritten {
  std::uint64_t counts = 0;    // requests that ended, and misses
  std::uint64_t evidence = 0;  // records

  bool empty() const { return counts == 0 && evidence == 0; }
};

// Recorder carries what the board gathered into the ledger: counts and evidence of one moment in
// one transaction. A batch that could not be written is kept and tried again before anything newer
// is taken; its counts are absolute, so a batch that was half believed lost does no harm. One
// thread.
class Recorder {
 public:
  // All of them outlive the recorder; `probes` is in the board's order.
  Recorder(const std::vector<sources::probe::Probe>& probes, sources::Board& board,
           ledger::Ledger& ledger)
      : probes_(probes), board_(board), ledger_(ledger) {}

  // Finds each probe's series, tells the board what the ledger may hold already, and makes a gap of
  // the time since each probe was last accounted for.
  core::Result<void> start(const std::string& vantage, core::Instant now);

  // Writes what is new, and says from when the oldest minute or gap of it is; nothing where it has
  // none. On failure everything is kept for the next call.
  core::Result<std::optional<core::Instant>> record();

  // What a process that ended here would take with it.
  Unwritten unwritten() const;

 private:
  core::Result<void> find_known(sources::ProbeIndex probe, core::Instant now);
  void resume(const record::Accounted& last, core::Instant now);
  core::Result<void> gather();
  core::Result<bool> fetch_bases(const sources::Drained& drained);
  void add_to_batch(sources::Drained drained);

  const std::vector<sources::probe::Probe>& probes_;
  sources::Board& board_;
  ledger::Ledger& ledger_;
  std::vector<record::SeriesId> series_;  // by probe index
  record::Batch batch_;                   // what is not durable yet
  core::Millis set_back_{0};              // the wall clock, while no service ran
  std::uint64_t gathered_ = 0;            // counts that the board had when it was drained last
  std::uint64_t durable_ = 0;             // of these
  bool whole_ = false;  // batch_ lacks no minute whose evidence or accounting it has
};

}  // namespace recoup::service
