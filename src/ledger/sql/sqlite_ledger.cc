#include "ledger/sql/sqlite_ledger.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "ledger/sql/save.h"
#include "ledger/sql/statement.h"
#include "ledger/sql/writer_lock.h"
#include "ledger/tables/tables.h"
#include "ledger/whereabouts.h"

namespace recoup::ledger {
namespace {

using core::Instant;
using core::Interval;
using core::Millis;
using core::Minute;
using core::Result;

// The shortest time that holds both; an empty one holds nothing.
Interval joined(const Interval& a, const Interval& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

// The time from the first to the last minute of the content, and of its evidence.
Interval span_of(const record::Batch& content) {
  Interval span;
  for (const record::SeriesMinute& row : content.minutes) {
    const Instant at = row.minute;
    span = joined(span, {at, at + std::chrono::minutes(1)});
  }
  for (const record::SeriesEvidence& row : content.evidence) {
    span = joined(span, {row.evidence.at, row.evidence.at + Millis(1)});
  }
  return span;
}

// Whether the content alone is an eight millionth of what counts may add up to: only then can it be
// that they add up to more, and are added.
bool is_large(const record::Batch& content) {
  constexpr std::uint64_t kLarge = core::kMostCounted >> 23;
  std::uint64_t sum = 0;
  for (const record::SeriesMinute& row : content.minutes) {
    for (const record::OutcomeCount& one : row.counts) {
      sum = one.count > kLarge ? kLarge : std::min(kLarge, sum + one.count);
    }
  }
  return sum == kLarge;
}

class SqliteLedger final : public Ledger {
 public:
  // Throws Failure.
  SqliteLedger(std::shared_ptr<Whereabouts> where, Millis busy_timeout, Missing missing)
      : where_(std::move(where)),
        busy_timeout_(busy_timeout),
        place_(where_->place()),
        at_(std::make_unique<Tables>(place_.path, missing, busy_timeout)),
        is_new_(at_->made) {}

  bool is_new() const override { return is_new_; }

  Result<void> become_writer(const record::Writer& writer) override {
    return attempt("record in the ledger", [&](Tables& at) {
      if (!at.watch.file()) return;
      // One that is taken stays open too: to close it here would end SQLite's own locks.
      locks_.push_back(std::make_unique<WriterLock>(place_.path, *at.watch.file(), writer.vantage));
      if (!locks_.back()->holds()) throw Failure(refusal(at.database, writer.vantage));
      note_writer(at.database, writer);
      at.database.checkpoint();
      writes_for_ = writer.vantage;
    });
  }

  Result<void> tend() override {
    return attempt("write to the ledger", [&](Tables& at) {
      at.watch.check();
      if (turns_++ % kTurnsPerCheckpoint == 0 && at.database.checkpoint()) forget_kept();
    });
  }

  Result<record::Saved> save() override {
    return attempt("save the ledger", [&](Tables& at) {
      const auto fault = at.watch.look();
      if (fault == FileWatch::Fault::none) return record::Saved{place_.path};
      if (!writes_for_) throw Failure({"only the process that records may save it"});
      return move_to(save_copy(at.database, at.watch, fault, *locks_.back(), *writes_for_), fault);
    });
  }

  Result<std::unique_ptr<Ledger>> beside() override {
    if (!at_->watch.file()) return std::unique_ptr<Ledger>();
    return attempt("open the ledger", [&](Tables&) {
      return std::unique_ptr<Ledger>(
          std::make_unique<SqliteLedger>(where_, busy_timeout_, Missing::refuse));
    });
  }

  Result<record::SeriesId> series(const record::SeriesKey& key) override {
    return change("add a series to the ledger", [&](Tables& at) { return at.series.id(key); });
  }

  Result<std::vector<record::SeriesId>> series(
      const std::vector<record::SeriesKey>& keys) override {
    return change("add series to the ledger", [&](Tables& at) {
      std::vector<record::SeriesId> ids;
      ids.reserve(keys.size());
      for (const record::SeriesKey& key : keys) ids.push_back(at.series.id(key));
      return ids;
    });
  }

  Result<std::vector<record::SeriesState>> all_series(const std::string& agreement) override {
    return attempt("read the series of the ledger",
                   [&](Tables& at) { return at.series.all(agreement); });
  }

  Result<void> write(const record::Batch& batch) override {
    auto done = change("write a batch to the ledger", [&](Tables& at) { at.put(batch); });
    if (done) keep(batch);
    return done;
  }

  Result<std::vector<record::OutcomeCount>> counts(record::SeriesId series,
                                                   Minute minute) override {
    return attempt("read a tally of the ledger",
                   [&](Tables& at) { return at.tallies.counts(series, minute); });
  }

  Result<std::optional<record::Accounted>> accounted(record::SeriesId series) override {
    return attempt("read a series of the ledger",
                   [&](Tables& at) { return at.tallies.accounted(series); });
  }

  Result<std::optional<Minute>> newest_minute(record::SeriesId series) override {
    return attempt("read a series of the ledger",
                   [&](Tables& at) { return at.tallies.newest_minute(series); });
  }

  Result<core::Tallies> tallies(const std::string& agreement, const Interval& span) override {
    return attempt("read tallies of the ledger", [&](Tables& at) {
      Transaction transaction(at.database, Transaction::Kind::read);
      return at.tallies.tallies(agreement, span);
    });
  }

  Result<void> evidence(const std::string& agreement, const Interval& span,
                        const std::function<void(const record::Evidence&)>& each) override {
    return attempt("read evidence of the ledger",
                   [&](Tables& at) { at.evidence.read(agreement, span, each); });
  }

  Result<std::vector<record::Evidence>> evidence_page(const std::string& agreement,
                                                      const Interval& span, std::uint64_t skip,
                                                      std::size_t most) override {
    return attempt("read evidence of the ledger", [&](Tables& at) {
      Transaction transaction(at.database, Transaction::Kind::read);
      return at.evidence.page(agreement, span, skip, most);
    });
  }

  Result<std::vector<record::ChainHead>> chain(const std::string& agreement,
                                               const Interval& span) override {
    return attempt("read the chains of the ledger",
                   [&](Tables& at) { return at.evidence.heads(agreement, span); });
  }

  Result<std::vector<record::ChainFault>> check_chain(
      const std::string& agreement, const std::vector<record::ChainHead>& sealed) override {
    return attempt("check the chains of the ledger", [&](Tables& at) {
      Transaction transaction(at.database, Transaction::Kind::read);
      return at.evidence.check(agreement, sealed);
    });
  }

  Result<record::EvidenceCheck> check_evidence(const std::string& agreement) override {
    return attempt("check the evidence of the ledger", [&](Tables& at) {
      Transaction transaction(at.database, Transaction::Kind::read);
      return at.evidence_check.check(agreement);
    });
  }

  Result<std::vector<record::ImportedFile>> files(const std::string& agreement) override {
    return attempt("read the files of the ledger",
                   [&](Tables& at) { return at.files.all(agreement); });
  }

  Result<std::uint64_t> last_import(const std::string& agreement) override {
    return attempt("read the files of the ledger",
                   [&](Tables& at) { return at.files.last_import(agreement); });
  }

  Result<std::vector<record::LineRun>> line_runs(const std::string& agreement,
                                                 const Interval& span) override {
    return attempt("read the files of the ledger",
                   [&](Tables& at) { return at.files.runs(agreement, span); });
  }

  Result<std::string> line_prints(std::int64_t run) override {
    return attempt("read the files of the ledger",
                   [&](Tables& at) { return at.files.prints(run); });
  }

  using Ledger::import;
  Result<bool> import(const std::string& agreement, const std::string& log,
                      const record::ImportedFile& file, const record::Batch& content,
                      const std::string& replaces,
                      std::optional<std::uint64_t> compared_with) override {
    assert(!file.digest.empty());
    return change("import a log file", [&](Tables& at) {
      if (file.digest != replaces && at.files.has(agreement, file.digest)) return false;
      if (compared_with && at.files.last_import(agreement) != *compared_with) return false;
      Interval touched = span_of(content);
      if (!replaces.empty()) touched = joined(touched, at.files.remove(agreement, replaces));
      const record::SeriesId id =
          at.series.id({agreement, record::SeriesKind::log, log, file.digest});
      at.files.add(id, agreement, log, file);
      for (const record::SeriesMinute& row : content.minutes) at.tallies.put(id, row);
      if (is_large(content)) at.tallies.check_total(agreement);
      at.evidence.begin();
      for (const record::SeriesEvidence& row : content.evidence) at.evidence.put(id, row.evidence);
      at.evidence.end();
      at.journal.add(agreement,
                     {0, record::JournalEntry::Kind::file, touched, file.name, replaces});
      return true;
    });
  }

  Result<void> exclude(const std::string& agreement, const core::ExclusionWindow& window) override {
    assert(!window.span.empty());
    return change("write an exclusion to the ledger",
                  [&](Tables& at) { at.exclusions.put(agreement, window); });
  }

  Result<bool> remove_exclusion(const std::string& agreement, const Interval& span) override {
    return change("remove an exclusion from the ledger",
                  [&](Tables& at) { return at.exclusions.remove(agreement, span); });
  }

  Result<std::vector<core::ExclusionWindow>> exclusions(const std::string& agreement) override {
    return attempt("read the exclusions of the ledger",
                   [&](Tables& at) { return at.exclusions.all(agreement); });
  }

  Result<std::vector<record::ClockStep>> clock_steps(const Interval& span) override {
    return attempt("read the clock steps of the ledger",
                   [&](Tables& at) { return at.tallies.clock_steps(span); });
  }

  Result<std::optional<Interval>> seen(const std::string& agreement) override {
    return attempt("read the ledger", [&](Tables& at) { return at.tallies.seen(agreement); });
  }

  Result<std::optional<Instant>> seen_from(const std::string& agreement, Instant from) override {
    return attempt("read the ledger",
                   [&](Tables& at) { return at.tallies.seen_from(agreement, from); });
  }

  Result<std::vector<record::JournalEntry>> journal(const std::string& agreement,
                                                    std::uint64_t after) override {
    return attempt("read the journal of the ledger",
                   [&](Tables& at) { return at.journal.after(agreement, after); });
  }

  Result<void> add_seal(const record::Seal& seal) override {
    return change("write a seal to the ledger", [&](Tables& at) { at.seals.add(seal); });
  }

  Result<void> note_sealed(const std::string& agreement, core::Month month,
                           std::uint64_t journal) override {
    return change("note a seal in the ledger",
                  [&](Tables& at) { at.seals.note(agreement, month, journal); });
  }

  Result<std::vector<record::Seal>> seals(const std::string& agreement) override {
    return attempt("read the seals of the ledger", [&](Tables& at) {
      Transaction transaction(at.database, Transaction::Kind::read);
      return at.seals.all(agreement);
    });
  }

  Result<void> add_claim_event(const record::ClaimEvent& event) override {
    return change("write a claim's step to the ledger", [&](Tables& at) { at.claims.add(event); });
  }

  Result<std::vector<record::ClaimEvent>> claim_events(const std::string& agreement) override {
    return attempt("read the claims of the ledger",
                   [&](Tables& at) { return at.claims.all(agreement); });
  }

  Result<std::uint64_t> claim_events_end() override {
    return attempt("read the claims of the ledger", [&](Tables& at) { return at.claims.end(); });
  }

 private:
  // Turns of tend(), of about a second each.
  static constexpr unsigned kTurnsPerCheckpoint = 10;

  // Does the work; what goes wrong in it becomes the Error of `task`.
  template <typename Work>
  auto attempt(std::string_view task, Work work)
      -> Result<decltype(work(std::declval<Tables&>()))> {
    try {
      follow();
      if constexpr (std::is_void_v<decltype(work(*at_))>) {
        work(*at_);
        return {};
      } else {
        return work(*at_);
      }
    } catch (const Failure& failure) {
      at_->outcomes.forget();
      return describe(task, place_.path, failure);
    }
  }

  // The same, all or nothing, in the file that others find under the ledger's name.
  template <typename Work>
  auto change(std::string_view task, Work work) -> Result<decltype(work(std::declval<Tables&>()))> {
    return attempt(task, [&](Tables& at) {
      Transaction transaction(at.database, Transaction::Kind::write);
      at.watch.check();
      if constexpr (std::is_void_v<decltype(work(at))>) {
        work(at);
        transaction.commit();
      } else {
        auto result = work(at);
        transaction.commit();
        return result;
      }
    });
  }

  // Goes to where another object of this process saved the ledger.
  void follow() {
    Whereabouts::Place place = where_->place();
    if (place.moves == place_.moves) return;
    at_ = std::make_unique<Tables>(place.path, Missing::refuse, busy_timeout_);
    place_ = std::move(place);
  }

  // Keeps what is written until the log was carried over whole, should the log be cut short: as
  // much as memory may be used for.
  void keep(const record::Batch& batch) {
    if (!writes_for_ || !all_kept_) return;
    kept_records_ += batch.evidence.size() + batch.minutes.size();
    all_kept_ = kept_records_ <= kMostKept;
    if (all_kept_) {
      kept_.push_back(batch);
    } else {
      kept_.clear();
    }
  }

  void forget_kept() {
    kept_.clear();
    kept_records_ = 0;
    all_kept_ = true;
  }

  // Whether everything that was kept could be written again.
  bool write_kept(Tables& to) const {
    try {
      Transaction transaction(to.database, Transaction::Kind::write);
      for (const record::Batch& batch : kept_) to.put(batch);
      transaction.commit();
      return all_kept_;
    } catch (const Failure&) {
      return false;
    }
  }

  record::Saved move_to(Copy copy, FileWatch::Fault fault) {
    auto next = std::make_unique<Tables>(copy.path, Missing::refuse, busy_timeout_);
    record::Saved saved{
        copy.path, copy.elsewhere,
        fmt::format("{} while it was in use; it was saved to {}, where recording goes on",
                    FileWatch::in_words(fault), copy.path)};
    if (fault == FileWatch::Fault::log_cut) {
      saved.what += fmt::format("; what {} wrote to it in the last seconds may be missing",
                                write_kept(*next) ? "other commands" : "anybody");
    }
    if (copy.elsewhere) {
      saved.what += fmt::format("; stop the service, put the right file at {}, and start it again",
                                place_.path);
    }
    locks_.push_back(std::move(copy.lock));
    at_ = std::move(next);
    place_ = {copy.path, where_->move_to(copy.path)};
    return saved;
  }

  static constexpr std::size_t kMostKept = 200'000;

  const std::shared_ptr<Whereabouts> where_;
  const Millis busy_timeout_;
  Whereabouts::Place place_;                        // of the file that is open
  std::vector<std::unique_ptr<WriterLock>> locks_;  // the newest one counts; end after at_
  std::unique_ptr<Tables> at_;
  const bool is_new_;
  std::optional<std::string> writes_for_;  // the vantage
  unsigned turns_ = 0;
  std::vector<record::Batch> kept_;
  std::size_t kept_records_ = 0;  // and counts of minutes, in kept_
  bool all_kept_ = true;          // else there were too many
};

}  // namespace

Result<std::unique_ptr<Ledger>> open_sqlite(const std::string& path, Millis busy_timeout,
                                            Missing missing) {
  try {
    return std::unique_ptr<Ledger>(
        std::make_unique<SqliteLedger>(std::make_shared<Whereabouts>(path), busy_timeout, missing));
  } catch (const Failure& failure) {
    return describe("open the ledger", path, failure);
  }
}

}  // namespace recoup::ledger
