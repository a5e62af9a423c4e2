#include "ledger/sqlite_ledger.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "ledger/claim_table.h"
#include "ledger/evidence_table.h"
#include "ledger/exclusion_table.h"
#include "ledger/file_table.h"
#include "ledger/journal_table.h"
#include "ledger/outcome_ids.h"
#include "ledger/schema.h"
#include "ledger/seal_table.h"
#include "ledger/series_table.h"
#include "ledger/sqlite.h"
#include "ledger/statement.h"
#include "ledger/tally_table.h"

namespace recoup::ledger {
namespace {

using core::Instant;
using core::Interval;
using core::Millis;
using core::Minute;
using core::Result;

// Durable at every commit: the log is synchronised before it is acknowledged. The cache holds the
// leaves that 100,000 series dirty a minute; the log's file shrinks again after a large import.
constexpr const char* kPragmas = R"sql(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -65536;
  PRAGMA journal_size_limit = 67108864;
)sql";

// The shortest time that holds both; an empty one holds nothing.
Interval joined(const Interval& a, const Interval& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

// The time from the first to the last minute of the content, and of its evidence.
Interval span_of(const Batch& content) {
  Interval span;
  for (const SeriesMinute& row : content.minutes) {
    const Instant at = row.minute;
    span = joined(span, {at, at + std::chrono::minutes(1)});
  }
  for (const SeriesEvidence& row : content.evidence) {
    span = joined(span, {row.evidence.at, row.evidence.at + Millis(1)});
  }
  return span;
}

class SqliteLedger final : public Ledger {
 public:
  // Throws Failure.
  SqliteLedger(const std::string& path, Millis busy_timeout)
      : path_(path),
        database_(path, busy_timeout),
        outcomes_(ready(database_)),
        series_(database_),
        tallies_(database_, outcomes_),
        evidence_(database_, outcomes_),
        files_(database_, evidence_),
        journal_(database_),
        exclusions_(database_, journal_),
        seals_(database_),
        claims_(database_) {}

  Result<SeriesId> series(const SeriesKey& key) override {
    return attempt("add a series to the ledger", [&] { return series_.id(key); });
  }

  Result<std::vector<SeriesId>> series(const std::vector<SeriesKey>& keys) override {
    return attempt("add series to the ledger", [&] {
      std::vector<SeriesId> ids;
      ids.reserve(keys.size());
      Transaction transaction(database_, Transaction::Kind::write);
      for (const SeriesKey& key : keys) ids.push_back(series_.id(key));
      transaction.commit();
      return ids;
    });
  }

  Result<std::vector<SeriesState>> all_series(const std::string& agreement) override {
    return attempt("read the series of the ledger", [&] { return series_.all(agreement); });
  }

  Result<void> write(const Batch& batch) override {
    return attempt("write a batch to the ledger", [&] {
      Transaction transaction(database_, Transaction::Kind::write);
      put(batch);
      transaction.commit();
    });
  }

  Result<std::vector<OutcomeCount>> counts(SeriesId series, Minute at) override {
    return attempt("read a tally of the ledger", [&] { return tallies_.counts(series, at); });
  }

  Result<std::optional<Accounted>> accounted(SeriesId series) override {
    return attempt("read a series of the ledger", [&] { return tallies_.accounted(series); });
  }

  Result<std::optional<Minute>> newest_minute(SeriesId series) override {
    return attempt("read a series of the ledger", [&] { return tallies_.newest_minute(series); });
  }

  Result<core::Tallies> tallies(const std::string& agreement, const Interval& span) override {
    return attempt("read tallies of the ledger", [&] {
      Transaction transaction(database_, Transaction::Kind::read);
      return tallies_.tallies(agreement, span);
    });
  }

  Result<void> evidence(const std::string& agreement, const Interval& span,
                        const std::function<void(const core::Evidence&)>& each) override {
    return attempt("read evidence of the ledger", [&] { evidence_.read(agreement, span, each); });
  }

  Result<std::vector<core::Evidence>> evidence_page(const std::string& agreement,
                                                    const Interval& span, std::uint64_t skip,
                                                    std::size_t most) override {
    return attempt("read evidence of the ledger", [&] {
      Transaction transaction(database_, Transaction::Kind::read);
      return evidence_.page(agreement, span, skip, most);
    });
  }

  Result<std::vector<core::ChainHead>> chain(const std::string& agreement,
                                             const Interval& span) override {
    return attempt("read the chains of the ledger",
                   [&] { return evidence_.heads(agreement, span); });
  }

  Result<std::vector<ChainFault>> check_chain(const std::string& agreement,
                                              const std::vector<core::ChainHead>& sealed) override {
    return attempt("check the chains of the ledger", [&] {
      Transaction transaction(database_, Transaction::Kind::read);
      return evidence_.check(agreement, sealed);
    });
  }

  Result<std::vector<ImportedFile>> files(const std::string& agreement) override {
    return attempt("read the files of the ledger", [&] { return files_.all(agreement); });
  }

  Result<bool> import(const std::string& agreement, const std::string& log,
                      const ImportedFile& file, const Batch& content,
                      const std::string& replaces) override {
    assert(!file.digest.empty());
    return attempt("import a log file", [&] {
      Transaction transaction(database_, Transaction::Kind::write);
      if (files_.has(agreement, file.digest)) return false;
      Interval touched = span_of(content);
      if (!replaces.empty()) touched = joined(touched, files_.remove(agreement, replaces));
      const SeriesId id = series_.id({agreement, SeriesKind::log, log, file.digest});
      files_.add(id, agreement, log, file);
      for (const SeriesMinute& row : content.minutes) tallies_.put(id, row);
      evidence_.begin();
      for (const SeriesEvidence& row : content.evidence) evidence_.put(id, row.evidence);
      evidence_.end();
      journal_.add(agreement, {0, JournalEntry::Kind::file, touched, file.name, replaces});
      transaction.commit();
      return true;
    });
  }

  Result<void> exclude(const std::string& agreement, const core::ExclusionWindow& window) override {
    assert(!window.span.empty());
    return attempt("write an exclusion to the ledger", [&] {
      Transaction transaction(database_, Transaction::Kind::write);
      exclusions_.put(agreement, window);
      transaction.commit();
    });
  }

  Result<bool> remove_exclusion(const std::string& agreement, const Interval& span) override {
    return attempt("remove an exclusion from the ledger", [&] {
      Transaction transaction(database_, Transaction::Kind::write);
      const bool removed = exclusions_.remove(agreement, span);
      transaction.commit();
      return removed;
    });
  }

  Result<std::vector<core::ExclusionWindow>> exclusions(const std::string& agreement) override {
    return attempt("read the exclusions of the ledger", [&] { return exclusions_.all(agreement); });
  }

  Result<std::vector<ClockStep>> clock_steps(const Interval& span) override {
    return attempt("read the clock steps of the ledger",
                   [&] { return tallies_.clock_steps(span); });
  }

  Result<std::optional<Interval>> seen(const std::string& agreement) override {
    return attempt("read the ledger", [&] { return tallies_.seen(agreement); });
  }

  Result<std::vector<JournalEntry>> journal(const std::string& agreement,
                                            std::uint64_t after) override {
    return attempt("read the journal of the ledger",
                   [&] { return journal_.after(agreement, after); });
  }

  Result<void> add_seal(const core::Seal& seal) override {
    return attempt("write a seal to the ledger", [&] {
      Transaction transaction(database_, Transaction::Kind::write);
      seals_.add(seal);
      transaction.commit();
    });
  }

  Result<void> note_sealed(const std::string& agreement, core::Month month,
                           std::uint64_t journal) override {
    return attempt("note a seal in the ledger", [&] { seals_.note(agreement, month, journal); });
  }

  Result<std::vector<core::Seal>> seals(const std::string& agreement) override {
    return attempt("read the seals of the ledger", [&] {
      Transaction transaction(database_, Transaction::Kind::read);
      return seals_.all(agreement);
    });
  }

  Result<void> add_claim_event(const core::ClaimEvent& event) override {
    return attempt("write a claim's step to the ledger", [&] { claims_.add(event); });
  }

  Result<std::vector<core::ClaimEvent>> claim_events(const std::string& agreement) override {
    return attempt("read the claims of the ledger", [&] { return claims_.all(agreement); });
  }

 private:
  // A database of something else must be refused before anything in it is changed; statements can
  // be prepared only when their tables are there.
  static Database& ready(Database& database) {
    check_schema(database);
    database.run(kPragmas);
    prepare_schema(database);
    return database;
  }

  // Does the work; what goes wrong in it becomes the Error of `task`.
  template <typename Work>
  auto attempt(std::string_view task, Work work) -> Result<decltype(work())> {
    try {
      if constexpr (std::is_void_v<decltype(work())>) {
        work();
        return {};
      } else {
        return work();
      }
    } catch (const Failure& failure) {
      outcomes_.forget();
      return describe(task, path_, failure);
    }
  }

  void put(const Batch& batch) {
    for (const SeriesMinute& row : batch.minutes) tallies_.put(row.series, row);
    evidence_.begin();
    for (const SeriesEvidence& row : batch.evidence) evidence_.put(row.series, row.evidence);
    evidence_.end();
    for (const Accounted& row : batch.accounted) tallies_.put(row);
    for (const SeriesGap& row : batch.gaps) tallies_.put(row);
    journal_.add_gaps(batch.gaps);
    for (const ClockStep& step : batch.clock_steps) tallies_.put(step);
  }

  std::string path_;
  Database database_;
  OutcomeIds outcomes_;
  SeriesTable series_;
  TallyTable tallies_;
  EvidenceTable evidence_;
  FileTable files_;
  JournalTable journal_;
  ExclusionTable exclusions_;
  SealTable seals_;
  ClaimTable claims_;
};

}  // namespace

Result<std::unique_ptr<Ledger>> open_sqlite(const std::string& path, Millis busy_timeout) {
  try {
    return std::unique_ptr<Ledger>(std::make_unique<SqliteLedger>(path, busy_timeout));
  } catch (const Failure& failure) {
    return describe("open the ledger", path, failure);
  }
}

}  // namespace recoup::ledger
