#include "service/ledger_writing.h"

#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace recoup::service {
namespace {

using core::Result;
using namespace std::chrono_literals;

constexpr auto kSaveEvery = 30s;
constexpr std::uint64_t kTellOneOf = 60;

// How long the last write is tried.
constexpr auto kLastTime = 10s;
constexpr auto kLastWait = 250ms;
constexpr int kLastTries = 20;

void log(const core::Error& error, const std::string& what) {
  spdlog::error("ledger: {}: {}{}{}{}{}", what, error.where, error.where.empty() ? "" : ": ",
                error.message, error.help.empty() ? "" : "; help: ", error.help);
}

}  // namespace

void LedgerFailures::note(const char* operation, const core::Error& error) {
  const std::lock_guard lock(mutex_);
  const auto failures = ++counts_[operation];
  if (failures % kTellOneOf == 1) {
    log(error, fmt::format("{} failed ({} times)", operation, failures));
  }
}

void LedgerFailures::count(const char* operation) {
  const std::lock_guard lock(mutex_);
  ++counts_[operation];
}

LedgerFailures::Counts LedgerFailures::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

LedgerWriting::LedgerWriting(ledger::Ledger& ledger, Recorder& recorder, const core::Clock& clock,
                             LedgerFailures& failures, Written written)
    : ledger_(ledger),
      recorder_(recorder),
      clock_(clock),
      failures_(failures),
      written_(std::move(written)) {}

bool LedgerWriting::turn() {
  const auto done = write();
  note_waiting(ledger_.waiting());
  if (done) {
    note_written();
  } else {
    note_unwritable(done.error());
  }
  return done.ok();
}

Result<void> LedgerWriting::write() {
  if (auto found = ledger_.tend(); !found) {
    if (clock_.mono() < save_next_) return found;
    note_unwritable(found.error());
    if (auto saved = save(); !saved) return saved;
  }
  const auto oldest = recorder_.record();
  if (!oldest) return oldest.error();
  if (*oldest) written_(**oldest);
  return {};
}

// A ledger that others cannot find any more is brought to safety before anything is added to it.
Result<void> LedgerWriting::save() {
  const auto saved = ledger_.save();
  if (!saved) {
    save_next_ = clock_.mono() + kSaveEvery;
    log(saved.error(), "saving the ledger failed");
    return saved.error();
  }
  spdlog::warn("ledger: {}", saved->what);
  if (saved->elsewhere) elsewhere_ = saved->path;
  return {};
}

void LedgerWriting::finish() {
  save_next_ = {};
  const core::MonoTime stopped = clock_.mono();
  // A batch that waited to be written is written alone: what came after it is the next one.
  for (int i = 1; !turn() || !recorder_.unwritten().empty(); ++i) {
    if (i == kLastTries || clock_.mono() - stopped >= kLastTime) break;
    if (failing_ > 0) clock_.pause({}, clock_.mono() + kLastWait);
  }
}

void LedgerWriting::note_written() {
  if (failing_ > 0) {
    const auto time = std::chrono::ceil<std::chrono::seconds>(clock_.mono() - failing_since_);
    spdlog::warn("ledger: writing works again after {} s, {} failures", time.count(), failing_);
  }
  failing_ = 0;
  const std::lock_guard lock(mutex_);
  unwritable_ = !waiting_.empty()    ? waiting_
                : elsewhere_.empty() ? ""
                                     : "another file has the ledger's place, and everything is "
                                       "recorded beside it: the log says where";
}

// What waits elsewhere is durable, and counts in nothing that is shown until it is in the ledger.
void LedgerWriting::note_waiting(ledger::Waiting waiting) {
  if (waiting.came) written_(*waiting.came);
  if (waiting_.empty() && !waiting.what.empty()) {
    failures_.count("write");
    spdlog::warn("ledger: {}", waiting.what);
  } else if (!waiting_.empty() && waiting.what.empty()) {
    spdlog::warn("ledger: its database is there again, and all that waited is in it");
  }
  waiting_ = std::move(waiting.what);
}

void LedgerWriting::note_unwritable(const core::Error& error) {
  if (failing_++ == 0) failing_since_ = clock_.mono();
  if (failing_ % kTellOneOf == 1) {
    log(error, fmt::format("write failed ({} times in a row)", failing_));
  }
  failures_.count("write");
  const std::lock_guard lock(mutex_);
  unwritable_ = error.message;
}

std::string LedgerWriting::unwritable() const {
  const std::lock_guard lock(mutex_);
  return unwritable_;
}

Unsaved LedgerWriting::unsaved() const {
  return {recorder_.unwritten(), failing_ > 0 ? unwritable() : "", elsewhere_, waiting_};
}

}  // namespace recoup::service
