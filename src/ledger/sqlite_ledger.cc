#include "ledger/sqlite_ledger.h"

#include <cassert>
#include <unordered_map>

#include <fmt/format.h>

#include "ledger/outcome_ids.h"
#include "ledger/schema.h"
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

std::int64_t number(Instant at) { return at.time_since_epoch().count(); }
std::int64_t number(Minute minute) { return minute.time_since_epoch().count(); }
std::int64_t number(Millis duration) { return duration.count(); }

Instant instant(std::int64_t ms) { return Instant(Millis(ms)); }
Minute minute(std::int64_t minutes) { return Minute(std::chrono::minutes(minutes)); }

// The first minute that begins at the instant or later.
Minute first_minute(Instant at) { return std::chrono::ceil<std::chrono::minutes>(at); }

std::string_view to_text(SeriesKind kind) { return kind == SeriesKind::probe ? "probe" : "log"; }

// All statements of the ledger, each written once and prepared once.
struct Statements {
  Database& db;

  Statement find_series{
      db, "SELECT id FROM series WHERE agreement = ? AND kind = ? AND name = ? AND part = ?"};
  Statement add_series{
      db, "INSERT INTO series (agreement, kind, name, part) VALUES (?, ?, ?, ?) RETURNING id"};

  Statement put_count{db,
                      "INSERT INTO tally (series, minute, outcome, count) VALUES (?, ?, ?, ?) "
                      "ON CONFLICT (series, minute, outcome) DO UPDATE SET count = excluded.count"};
  Statement put_evidence{
      db,
      "INSERT INTO evidence (series, at_ms, tie, outcome, request_id, duration_ms, peer, detail) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (series, at_ms, tie) DO NOTHING"};
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
  Statement evidence{db,
                     "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail "
                     "FROM series JOIN evidence ON evidence.series = series.id "
                     "WHERE series.agreement = ? AND at_ms >= ? AND at_ms < ? "
                     "ORDER BY at_ms, evidence.series, tie"};
  Statement clock_steps{
      db,
      "SELECT at_ms, by_ms FROM clock_step WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms, by_ms"};

  Statement files{db,
                  "SELECT digest, bytes, name, lines, requests, malformed, own FROM file "
                  "WHERE agreement = ? ORDER BY id"};
  Statement find_file{db, "SELECT series FROM file WHERE agreement = ? AND digest = ?"};
  Statement add_file{
      db,
      "INSERT INTO file "
      "(series, agreement, log, digest, bytes, name, lines, requests, malformed, own) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  Statement remove_file{db, "DELETE FROM file WHERE series = ?"};
  Statement remove_evidence{db, "DELETE FROM evidence WHERE series = ?"};
  Statement remove_tally{db, "DELETE FROM tally WHERE series = ?"};
  Statement remove_series{db, "DELETE FROM series WHERE id = ?"};

  Statement put_exclusion{
      db,
      "INSERT INTO exclusion (agreement, begin_ms, end_ms, reason) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (agreement, begin_ms, end_ms) DO UPDATE SET reason = excluded.reason"};
  Statement remove_exclusion{db,
                             "DELETE FROM exclusion WHERE agreement = ? AND begin_ms = ? "
                             "AND end_ms = ? RETURNING 1"};
  Statement exclusions{db,
                       "SELECT begin_ms, end_ms, reason FROM exclusion WHERE agreement = ? "
                       "ORDER BY begin_ms, end_ms"};
};

class SqliteLedger final : public Ledger {
 public:
  // Throws Failure.
  SqliteLedger(const std::string& path, Millis busy_timeout)
      : path_(path),
        database_(path, busy_timeout),
        prepared_{ready(database_)},
        outcomes_(database_) {}

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
    return attempt("read evidence of the ledger", [&] {
      Rows rows = prepared_.evidence.query(agreement, number(span.begin), number(span.end));
      while (rows.next()) {
        each({instant(rows.integer(0)), rows.count(1), outcomes_.outcome(rows.integer(2)),
              std::string(rows.text(3)), Millis(rows.integer(4)), std::string(rows.text(5)),
              std::string(rows.text(6))});
      }
    });
  }

  Result<std::vector<ImportedFile>> files(const std::string& agreement) override {
    return attempt("read the files of the ledger", [&] {
      std::vector<ImportedFile> files;
      Rows rows = prepared_.files.query(agreement);
      while (rows.next()) {
        files.push_back({std::string(rows.text(0)), rows.count(1), std::string(rows.text(2)),
                         rows.count(3), rows.count(4), rows.count(5), rows.count(6)});
      }
      return files;
    });
  }

  Result<bool> import(const std::string& agreement, const std::string& log,
                      const ImportedFile& file, const Batch& content,
                      const std::string& replaces) override {
    assert(!file.digest.empty());
    return attempt("import a log file", [&] {
      Transaction transaction(database_, Transaction::Kind::write);
      if (find_file(agreement, file.digest)) return false;
      if (!replaces.empty()) remove_file(agreement, replaces);
      const SeriesId id = series_id({agreement, SeriesKind::log, log, file.digest});
      prepared_.add_file.run(id, agreement, log, file.digest, file.bytes, file.name, file.lines,
                             file.requests, file.malformed, file.own);
      for (const SeriesMinute& row : content.minutes) put(id, row);
      for (const SeriesEvidence& row : content.evidence) put(id, row.evidence);
      transaction.commit();
      return true;
    });
  }

  Result<void> exclude(const std::string& agreement, const core::ExclusionWindow& window) override {
    assert(!window.span.empty());
    return attempt("write an exclusion to the ledger", [&] {
      prepared_.put_exclusion.run(agreement, number(window.span.begin), number(window.span.end),
                                  window.reason);
    });
  }

  Result<bool> remove_exclusion(const std::string& agreement, const Interval& span) override {
    return attempt("remove an exclusion from the ledger", [&] {
      Rows rows = prepared_.remove_exclusion.query(agreement, number(span.begin), number(span.end));
      const bool removed = rows.next();
      if (removed) rows.next();
      return removed;
    });
  }

  Result<std::vector<core::ExclusionWindow>> exclusions(const std::string& agreement) override {
    return attempt("read the exclusions of the ledger", [&] {
      std::vector<core::ExclusionWindow> windows;
      Rows rows = prepared_.exclusions.query(agreement);
      while (rows.next()) {
        windows.push_back(
            {{instant(rows.integer(0)), instant(rows.integer(1))}, std::string(rows.text(2))});
      }
      return windows;
    });
  }

  Result<std::vector<ClockStep>> clock_steps(const Interval& span) override {
    return attempt("read the clock steps of the ledger", [&] {
      std::vector<ClockStep> steps;
      Rows rows = prepared_.clock_steps.query(number(span.begin), number(span.end));
      while (rows.next()) steps.push_back({instant(rows.integer(0)), Millis(rows.integer(1))});
      return steps;
    });
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

  void put(SeriesId series, const core::Evidence& seen) {
    prepared_.put_evidence.run(series, number(seen.at), seen.tie, outcomes_.id(seen.outcome),
                               seen.request_id, number(seen.duration), seen.peer, seen.detail);
  }

  void put(const Batch& batch) {
    for (const SeriesMinute& row : batch.minutes) put(row.series, row);
    for (const SeriesEvidence& row : batch.evidence) put(row.series, row.evidence);
    for (const Accounted& row : batch.accounted) {
      prepared_.put_accounted.run(row.series, number(row.until), number(row.every));
    }
    for (const auto& [series, gap] : batch.gaps) {
      prepared_.put_gap.run(series, number(gap.span.begin), number(gap.span.end),
                            number(gap.every));
    }
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

  std::optional<SeriesId> find_file(const std::string& agreement, const std::string& digest) {
    Rows rows = prepared_.find_file.query(agreement, digest);
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
  }

  void remove_file(const std::string& agreement, const std::string& digest) {
    const auto id = find_file(agreement, digest);
    if (!id) {
      throw Failure({fmt::format("expected the file {} to replace, got none", digest), "",
                     "another import may have replaced it in the meantime: import again"});
    }
    prepared_.remove_file.run(*id);
    prepared_.remove_evidence.run(*id);
    prepared_.remove_tally.run(*id);
    prepared_.remove_series.run(*id);
  }

  std::string path_;
  Database database_;
  Statements prepared_;
  OutcomeIds outcomes_;
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
