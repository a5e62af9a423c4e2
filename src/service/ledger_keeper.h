#pragma once

#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "config/settings.h"
#include "core/clock.h"
#include "ledger/ledger.h"
#include "record/upkeep.h"
#include "service/leadership.h"

namespace recoup::service {

// LedgerKeeper keeps the ledger small, beside all else that the service does: it folds days that
// are over, removes evidence that nobody needs any more, and gives the room back. Each turn takes a
// moment, in short transactions, so that whoever records never waits for long. Used by one thread,
// but for exchange() and counts().
class LedgerKeeper {
 public:
  // Ledger and clock outlive it; the ledger is used by this thread alone.
  // With a `leadership` only the one judge of a ledger keeps it.
  LedgerKeeper(config::SharedSettings settings, ledger::Ledger& ledger, const core::Clock& clock,
               const Leadership* leadership = nullptr);

  // Goes over to other settings from the next round on. From any thread.
  void exchange(config::SharedSettings settings);

  // Takes a turn each second until the stop is requested.
  void run(const std::stop_token& stop);

  // Goes on with the round for a moment, or begins one when it is time: once an hour, and after a
  // failure in a minute.
  void turn();

  // As of the last turn. From any thread.
  record::UpkeepCounts counts() const;

 private:
  // What one step of a round is about.
  enum class Step { fold, remove, give_back };

  core::Result<bool> step();
  core::Result<bool> fold();
  core::Result<bool> remove();
  void note_failure(const core::Error& error);
  core::Result<void> show();

  ledger::Ledger& ledger_;
  const core::Clock& clock_;
  const Leadership* const leadership_;
  config::SharedSettings settings_;
  Step step_ = Step::fold;
  record::SeriesId folded_until_ = 0;
  std::uint64_t removed_ = 0;                 // records, of the agreements before that
  std::size_t agreement_ = 0;                 // whose evidence is looked at next
  std::optional<core::Instant> needed_from_;  // of that agreement; nothing: it was not looked at
  core::MonoTime next_;

  mutable std::mutex mutex_;          // guards what is below
  config::SharedSettings exchanged_;  // null: as before
  record::UpkeepCounts counts_;
};

}  // namespace recoup::service
