#include "ledger/sqlite_ledger.h"

#include <algorithm>
#include <cassert>
#include <unordered_map>

#include <fmt/format.h>

#include "ledger/claim_table.h"
#include "ledger/columns.h"
#include "ledger/evidence_table.h"
#include "ledger/exclusion_table.h"
#include "ledger/file_table.h"
#include "ledger/journal_table.h"
#include "ledger/outcome_ids.h"
#include "ledger/schema.h"
#include "ledger/seal_table.h"
#include "ledger/sqlite.h"
#include "ledger/statement.h"

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

// The first minute that begins at the instant or later.
Minute first_minute(Instant at) { return std::chrono::ceil<std::chrono::minutes>(at); }

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

// The statements of the ledger that no table of its own has, each written once and prepared once.
struct Statements {
  Database& db;

  Statement find_series{
      db, "SELECT id FROM series WHERE agreement = ? AND kind = ? AND name = ? AND part = ?"};
  Statement add_series{
      db, "INSERT INTO series (agreement, kind, name, part) VALUES (?, ?, ?, ?) RETURNING id"};

  Statement put_count{db,
                      "INSERT INTO tally (series, minute, outcome, count) VALUES (?, ?, ?, ?) "
                      "ON CONFLICT (series, minute, outcome) DO UPDATE SET count = excluded.count"};
  Statement put_accounted{db,
                          "INSERT INTO accounted (series, until_ms, every_ms) VALUES (?, ?, ?) "
                          "ON CONFLICT (series) DO UPDATE "
                          "SET until_ms = excluded.until_ms, every_ms = excluded.every_ms "
                          "WHERE excluded.until_ms >= until_ms"};
  Statement put_gap{db,
                    "INSERT INTO gap (series, begin_ms, end_ms, every_ms) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (series, begin_ms) DO UPDATE "
                    "SET end_ms = excluded.end_ms, every_ms = excluded.every_ms"};
  Statement put_clock_step{db,
                           "INSERT INTO clock_step (at_ms, by_ms) VALUES (?, ?) "
                           "ON CONFLICT (at_ms, by_ms) DO NOTHING"};

  Statement counts{
      db, "SELECT outcome, count FROM tally WHERE series = ? AND minute = ? ORDER BY outcome"};
  Statement accounted{db, "SELECT until_ms, every_ms FROM accounted WHERE series = ?"};
  Statement tallies{db,
                    "SELECT tally.minute, tally.outcome, tally.count, series.kind = 'probe' "
                    "FROM series JOIN tally ON tally.series = series.id "
                    "WHERE series.agreement = ? AND tally.minute >= ? AND tally.minute < ?"};
  Statement gaps{db,
                 "SELECT gap.begin_ms, gap.end_ms, gap.every_ms "
                 "FROM series JOIN gap ON gap.series = series.id "
                 "WHERE series.agreement = ? AND gap.end_ms > ? AND gap.begin_ms < ? "
                 "ORDER BY gap.begin_ms, gap.series"};
  Statement clock_steps{
      db,
      "SELECT at_ms, by_ms FROM clock_step WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms, by_ms"};

  Statement seen{db,
                 "SELECT count(first), min(first), max(last) FROM ("
                 "SELECT (SELECT min(minute) * 60000 FROM tally WHERE series = id) AS first, "
                 "(SELECT (max(minute) + 1) * 60000 FROM tally WHERE series = id) AS last "
                 "FROM series WHERE agreement = ?1 UNION ALL "
                 "SELECT begin_ms, end_ms FROM gap JOIN series ON gap.series = series.id "
                 "WHERE agreement = ?1)"};
};

class SqliteLedger final : public Ledger {
 public:
  // Throws Failure.
  SqliteLedger(const std::string& path, Millis busy_timeout)
      : path_(path),
        database_(path, busy_timeout),
        prepared_{ready(database_)},
        outcomes_(database_),
        evidence_(database_, outcomes_),
        files_(database_, evidence_),
        journal_(database_),
        exclusions_(database_, journal_),
        seals_(database_),
        claims_(database_) {}

  Result<SeriesId> series(const SeriesKey& key) override {
    return attempt("add a series to the ledger", [&] { return series_id(key); });
  }

  Result<std::vector<SeriesId>> series(const std::vector<SeriesKey>& keys) override {
    return attempt("add series to the ledger", [&] {
      std::vector<SeriesId> ids;
      ids.reserve(keys.size());
      Transaction transaction(database_, Transaction::Kind::write);
      for (const SeriesKey& key : keys) ids.push_back(series_id(key));
      transaction.commit();
      return ids;
    });
  }

  Result<void> write(const Batch& batch) override {
    return attempt("write a batch to the ledger", [&] {
      Transaction transaction(database_, Transaction::Kind::write);
      put(batch);
      transaction.commit();
    });
  }

  Result<std::vector<OutcomeCount>> counts(SeriesId series, Minute at) override {
    return attempt("read a tally of the ledger", [&] {
      std::vector<OutcomeCount> counts;
      Rows rows = prepared_.counts.query(series, number(at));
      while (rows.next()) counts.push_back({outcomes_.outcome(rows.integer(0)), rows.count(1)});
      return counts;
    });
  }

  Result<std::optional<Accounted>> accounted(SeriesId series) override {
    return attempt("read a series of the ledger", [&]() -> std::optional<Accounted> {
      Rows rows = prepared_.accounted.query(series);
      if (!rows.next()) return std::nullopt;
      return Accounted{series, instant(rows.integer(0)), Millis(rows.integer(1))};
    });
  }

  Result<core::Tallies> tallies(const std::string& agreement, const Interval& span) override {
    return attempt("read tallies of the ledger", [&] {
      core::Tallies tallies;
      Transaction transaction(database_, Transaction::Kind::read);
      read_rows(agreement, span, tallies);
      read_gaps(agreement, span, tallies);
      return tallies;
    });
  }

  Result<void> evidence(const std::string& agreement, const Interval& span,
                        const std::function<void(const core::Evidence&)>& each) override {
    return attempt("read evidence of the ledger", [&] { evidence_.read(agreement, span, each); });
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
      const SeriesId id = series_id({agreement, SeriesKind::log, log, file.digest});
      files_.add(id, agreement, log, file);
      for (const SeriesMinute& row : content.minutes) put(id, row);
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
    return attempt("read the clock steps of the ledger", [&] {
      std::vector<ClockStep> steps;
      Rows rows = prepared_.clock_steps.query(number(span.begin), number(span.end));
      while (rows.next()) steps.push_back({instant(rows.integer(0)), Millis(rows.integer(1))});
      return steps;
    });
  }

  Result<std::optional<Interval>> seen(const std::string& agreement) override {
    return attempt("read the ledger", [&]() -> std::optional<Interval> {
      Rows rows = prepared_.seen.query(agreement);
      if (!rows.next() || rows.integer(0) == 0) return std::nullopt;
      return Interval{instant(rows.integer(1)), instant(rows.integer(2))};
    });
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

  SeriesId series_id(const SeriesKey& key) {
    if (Rows found =
            prepared_.find_series.query(key.agreement, to_text(key.kind), key.name, key.part);
        found.next()) {
      return found.integer(0);
    }
    Rows added = prepared_.add_series.query(key.agreement, to_text(key.kind), key.name, key.part);
    added.next();
    const SeriesId id = added.integer(0);
    added.next();
    return id;
  }

  void put(SeriesId series, const SeriesMinute& row) {
    for (const OutcomeCount& count : row.counts) {
      prepared_.put_count.run(series, number(row.minute), outcomes_.id(count.outcome), count.count);
    }
  }

  void put(const Batch& batch) {
    for (const SeriesMinute& row : batch.minutes) put(row.series, row);
    evidence_.begin();
    for (const SeriesEvidence& row : batch.evidence) evidence_.put(row.series, row.evidence);
    evidence_.end();
    for (const Accounted& row : batch.accounted) {
      prepared_.put_accounted.run(row.series, number(row.until), number(row.every));
    }
    for (const auto& [series, gap] : batch.gaps) {
      prepared_.put_gap.run(series, number(gap.span.begin), number(gap.span.end),
                            number(gap.every));
    }
    journal_.add_gaps(batch.gaps);
    for (const ClockStep& step : batch.clock_steps) {
      prepared_.put_clock_step.run(number(step.at), number(step.by));
    }
  }

  void read_rows(const std::string& agreement, const Interval& span, core::Tallies& tallies) {
    std::unordered_map<std::int64_t, std::uint32_t> indexes;
    Rows rows = prepared_.tallies.query(agreement, number(first_minute(span.begin)),
                                        number(first_minute(span.end)));
    while (rows.next()) {
      const auto [index, is_new] = indexes.try_emplace(rows.integer(1), 0);
      if (is_new) index->second = tallies.intern(outcomes_.outcome(index->first));
      tallies.add_row({minute(rows.integer(0)), index->second, rows.count(2)});
      const bool missed = std::holds_alternative<core::Missed>(tallies.outcomes()[index->second]);
      if (rows.integer(3) != 0 && !missed) tallies.add_sent(rows.count(2));
    }
  }

  void read_gaps(const std::string& agreement, const Interval& span, core::Tallies& tallies) {
    Rows rows = prepared_.gaps.query(agreement, number(span.begin), number(span.end));
    while (rows.next()) {
      const core::Gap gap{{instant(rows.integer(0)), instant(rows.integer(1))},
                          Millis(rows.integer(2))};
      tallies.add_gap(gap.cut_to(span));
    }
  }

  std::string path_;
  Database database_;
  Statements prepared_;
  OutcomeIds outcomes_;
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
