#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "ledger/ledger.h"
#include "service/recorder.h"

namespace recoup::service {

// LedgerFailures counts what the ledger refused while the service runs, and tells it now and then.
// From any thread.
class LedgerFailures {
 public:
  // By operation: "read", "seal", "write".
  using Counts = std::map<std::string, std::uint64_t>;

  // Counts a failure, and tells the first of its operation and then one in 60: a full disk must not
  // fill itself with complaints.
  void note(const char* operation, const core::Error& error);

  // Counts one that is told elsewhere.
  void count(const char* operation);

  Counts counts() const;

 private:
  mutable std::mutex mutex_;
  Counts counts_{{"read", 0}, {"seal", 0}, {"write", 0}};
};

// What is not where the settings want it.
struct Unsaved {
  sources::Unwritten lost;  // counted, and not in the ledger
  std::string why = {};     // the last write failed; empty: it did not
  std::string where = {};   // the ledger is not where the settings say; empty: it is
  std::string waits = {};   // what is durable, and waits for the ledger; empty: nothing
};

// LedgerWriting makes durable what was counted, turn by turn, and says in the log and to the
// outputs how the ledger takes it. A ledger whose file others cannot find any more is saved first.
// One thread, where nothing else is said.
class LedgerWriting {
 public:
  // Is told from when the oldest of what came into the ledger is.
  using Written = std::function<void(core::Instant oldest)>;

  // All but the function outlive it.
  LedgerWriting(ledger::Ledger& ledger, Recorder& recorder, const core::Clock& clock,
                LedgerFailures& failures, Written written);

  // Whether all that was seen is durable now.
  bool turn();

  // Makes the rest durable when nothing is counted any more; what cannot be written is tried for
  // some seconds.
  void finish();

  // Why not everything is in the ledger that the settings name, in words; empty: it is. From any
  // thread.
  std::string unwritable() const;

  // After finish().
  Unsaved unsaved() const;

 private:
  core::Result<void> write();
  core::Result<void> save();
  void note_written();
  void note_unwritable(const core::Error& error);
  void note_waiting(ledger::Waiting waiting);

  ledger::Ledger& ledger_;
  Recorder& recorder_;
  const core::Clock& clock_;
  LedgerFailures& failures_;
  const Written written_;
  core::MonoTime save_next_;      // one that could not be saved is not tried again before
  core::MonoTime failing_since_;  // of the writes that failed in a row
  std::uint64_t failing_ = 0;     // how many they are
  std::string elsewhere_;         // where the ledger was saved, if not in its place
  std::string waiting_;           // Waiting::what
  mutable std::mutex mutex_;
  std::string unwritable_;  // guarded by mutex_
};

}  // namespace recoup::service
