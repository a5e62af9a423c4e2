#include "service/ledger_keeper.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "judge/needed_evidence.h"

namespace recoup::service {

using core::Result;
using namespace std::chrono_literals;

namespace {

constexpr auto kTurnEvery = 1s;
constexpr auto kMoment = 200ms;                // how long a turn goes on to the next step
constexpr std::size_t kDaysAtOnce = 10;        // of series, in a transaction of some 20 ms
constexpr std::uint64_t kRecordsAtOnce = 500;  // of each series, likewise

}  // namespace

LedgerKeeper::LedgerKeeper(config::SharedSettings settings, ledger::Ledger& ledger,
                           const core::Clock& clock, const Leadership* leadership)
    : ledger_(ledger),
      clock_(clock),
      leadership_(leadership),
      settings_(std::move(settings)),
      next_(clock.mono()) {}

void LedgerKeeper::exchange(config::SharedSettings settings) {
  const std::lock_guard lock(mutex_);
  exchanged_ = std::move(settings);
}

void LedgerKeeper::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    turn();
    clock_.pause(stop, clock_.mono() + kTurnEvery);
  }
}

void LedgerKeeper::turn() {
  const core::MonoTime begin = clock_.mono();
  if (begin < next_ || (leadership_ != nullptr && !leadership_->holds())) return;
  // A clock that stands still, as a simulated one does, is no reason to stay for ever.
  for (int steps = 0; steps < 100 && clock_.mono() - begin < kMoment; ++steps) {
    const auto more = step();
    if (!more) return note_failure(more.error());
    if (*more) continue;
    next_ = clock_.mono() + 1h;
    break;
  }
  if (auto done = show(); !done) note_failure(done.error());
}

// Whether there is more to do in this round.
Result<bool> LedgerKeeper::step() {
  switch (step_) {
    case Step::fold: {
      const auto more = fold();
      if (!more) return more.error();
      if (!*more) step_ = Step::remove;
      return true;
    }
    case Step::remove: {
      const auto more = remove();
      if (!more) return more.error();
      if (!*more) step_ = Step::give_back;
      return true;
    }
    case Step::give_back: {
      auto more = ledger_.give_back();
      if (more && !*more) step_ = Step::fold;
      return more;
    }
  }
  return false;
}

Result<bool> LedgerKeeper::fold() {
  if (folded_until_ == 0) {
    const std::lock_guard lock(mutex_);
    if (exchanged_) settings_ = std::exchange(exchanged_, nullptr);
  }
  const auto turn =
      ledger_.fold({clock_.wall() - settings_->keep.minutes, folded_until_, kDaysAtOnce});
  if (!turn) return turn.error();
  folded_until_ = turn->done ? 0 : turn->next;
  return !turn->done;
}

Result<bool> LedgerKeeper::remove() {
  if (agreement_ >= settings_->agreements.size()) {
    agreement_ = 0;
    const std::lock_guard lock(mutex_);
    counts_.evidence_removed = std::exchange(removed_, 0);
    return false;
  }
  const config::AgreementSettings& settings = settings_->agreements[agreement_];
  if (!needed_from_) {
    const auto from =
        judge::evidence_needed_from(ledger_, settings, settings_->keep.evidence, clock_.wall());
    if (!from) return from.error();
    needed_from_ = from->value_or(core::Instant());
  }
  const auto turn = ledger_.remove_evidence({settings.agreement.id, *needed_from_, kRecordsAtOnce});
  if (!turn) return turn.error();
  if (turn->records > 0) {
    spdlog::info("{}: removed {} records of evidence from before {}, which no claim needs",
                 settings.agreement.id, turn->records, core::to_text(*needed_from_));
  }
  if (!turn->done) return true;
  const auto all = ledger_.removed_evidence(settings.agreement.id);
  if (!all) return all.error();
  for (const record::RemovedEvidence& series : *all) removed_ += series.records;
  ++agreement_;
  needed_from_.reset();
  return true;
}

void LedgerKeeper::note_failure(const core::Error& error) {
  next_ = clock_.mono() + 1min;
  const std::lock_guard lock(mutex_);
  ++counts_.failures;
  counts_.failing = error.message;
  spdlog::error("ledger: it could not be kept small: {}", error.message);
}

Result<void> LedgerKeeper::show() {
  const auto folded = ledger_.folded();
  if (!folded) return folded.error();
  const std::lock_guard lock(mutex_);
  counts_.folded = *folded;
  counts_.failing.clear();
  return {};
}

record::UpkeepCounts LedgerKeeper::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace recoup::service
