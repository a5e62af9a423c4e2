#include "ledger/spool.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ledger/sql/sqlite_database.h"
#include "ledger/tables/columns.h"
#include "ledger/tables/sqlite_schema.h"

namespace recoup::ledger {
namespace {

constexpr std::int64_t kRowsAtOnce = 2000;

constexpr const char* kTables[] = {"tally", "evidence", "checkpoint",
                                   "gap",   "unseen",   "clock_step"};

std::uint64_t rows_of(const record::Batch& batch) {
  std::uint64_t rows = batch.evidence.size() + batch.checkpoints.size() + batch.gaps.size() +
                       batch.unseen.size() + batch.clock_steps.size();
  for (const record::SeriesMinute& row : batch.minutes) rows += row.counts.size();
  return rows;
}

}  // namespace

Spool::Spool(const std::string& path, const record::Writer& writer, std::uint64_t most)
    : path_(path),
      most_(most),
      database_(open_sqlite(path, Missing::make, kSqliteSchema)),
      tables_(database_->connection()) {
  database_->become_writer(writer);
  rows_ = count();
}

std::uint64_t Spool::count() {
  std::uint64_t rows = 0;
  for (const char* table : kTables) {
    Statement count(database_->connection(), fmt::format("SELECT count(*) FROM {}", table).c_str());
    Rows found = count.query();
    if (found.next()) rows += found.count(0);
  }
  return rows;
}

std::string Spool::in_words() const { return fmt::format("{} rows in {}", rows_, path_); }

void Spool::write(const record::Batch& batch,
                  const std::map<record::SeriesId, record::SeriesKey>& keys) {
  // Writing a minute again makes no more of it.
  if (rows_ + rows_of(batch) > most_) rows_ = count();
  if (rows_ + rows_of(batch) > most_) {
    throw Failure({fmt::format("the spool is full: {}", in_words()), "",
                   "see that the database can be reached; until then counts wait in memory"});
  }
  Transaction transaction(database_->connection(), Connection::Access::write);
  database_->check();
  record::Batch own = batch;
  renumber(own, [&](record::SeriesId id) {
    const auto key = keys.find(id);
    if (key == keys.end()) throw Failure({fmt::format("expected a known series, got {}", id)});
    return tables_.series.id(key->second);
  });
  tables_.put(own);
  transaction.commit();
  rows_ += rows_of(batch);
}

std::vector<core::OutcomeCount> Spool::counts(const record::SeriesKey& series,
                                              core::Minute minute) {
  return tables_.tallies.counts(tables_.series.id(series), minute);
}

void Spool::take_minutes(Piece& piece) {
  Statement read(database_->connection(),
                 "SELECT series, minute, outcome, count FROM tally "
                 "ORDER BY series, minute, outcome LIMIT $1");
  Rows rows = read.query(kRowsAtOnce);
  auto& minutes = piece.batch.minutes;
  while (rows.next()) {
    const record::SeriesId series = rows.integer(0);
    const core::Minute at = minute(rows.integer(1));
    if (minutes.empty() || minutes.back().series != series || minutes.back().minute != at) {
      minutes.push_back({series, at, {}});
    }
    minutes.back().counts.push_back({tables_.outcomes.outcome(rows.integer(2)), rows.count(3)});
  }
}

void Spool::take_evidence(Piece& piece) {
  Statement read(database_->connection(),
                 "SELECT series, at_ms, tie, outcome, request_id, duration_ms, peer, detail "
                 "FROM evidence ORDER BY series, at_ms, tie LIMIT $1");
  Rows rows = read.query(kRowsAtOnce);
  while (rows.next()) {
    piece.batch.evidence.push_back({rows.integer(0), evidence_of(rows, 1, tables_.outcomes)});
  }
}

// Few: one checkpoint of each series, and the stops.
void Spool::take_rest(Piece& piece) {
  Statement series(database_->connection(),
                   "SELECT series FROM checkpoint UNION SELECT series FROM gap "
                   "UNION SELECT series FROM unseen");
  std::vector<record::SeriesId> ids;
  for (Rows rows = series.query(); rows.next();) ids.push_back(rows.integer(0));
  Statement gaps(database_->connection(),
                 "SELECT begin_ms, end_ms, every_ms, reason, targets FROM gap WHERE series = $1");
  for (const record::SeriesId id : ids) {
    if (auto point = tables_.tallies.checkpoint(id)) piece.batch.checkpoints.push_back(*point);
    for (const core::Unseen& one : tables_.tallies.unseen(id))
      piece.batch.unseen.push_back({id, one});
    for (Rows rows = gaps.query(id); rows.next();) {
      piece.batch.gaps.push_back({id,
                                  {{instant(rows.integer(0)), instant(rows.integer(1))},
                                   period(rows.integer(2)),
                                   gap_reason(rows.text(3)),
                                   {},
                                   targets(rows.integer(4))}});
    }
  }
  Statement steps(database_->connection(),
                  "SELECT at_ms, by_ms, vantage FROM clock_step ORDER BY at_ms");
  for (Rows rows = steps.query(); rows.next();) {
    piece.batch.clock_steps.push_back(
        {instant(rows.integer(0)), millis(rows.integer(1)), core::Millis(0), rows.string(2)});
  }
}

void Spool::take_keys(Piece& piece) {
  Statement find(database_->connection(),
                 "SELECT agreement, kind, name, part FROM series WHERE id = $1");
  renumber(piece.batch, [&](record::SeriesId id) {
    const auto [at, is_new] = piece.keys.try_emplace(id);
    if (is_new) {
      Rows rows = find.query(id);
      if (!rows.next()) throw Failure({fmt::format("expected series {} in the spool", id)});
      at->second = {rows.string(0), series_kind(rows.text(1)), rows.string(2), rows.string(3)};
    }
    return id;
  });
}

Spool::Piece Spool::first() {
  Piece piece;
  take_minutes(piece);
  if (piece.batch.empty()) take_evidence(piece);
  if (piece.batch.empty()) take_rest(piece);
  take_keys(piece);
  if (piece.batch.empty()) rows_ = 0;
  return piece;
}

void Spool::forget(const Piece& piece) {
  Connection& connection = database_->connection();
  Transaction transaction(connection, Connection::Access::write);
  Statement count(connection,
                  "DELETE FROM tally WHERE series = $1 AND minute = $2 AND outcome = $3");
  for (const record::SeriesMinute& row : piece.batch.minutes) {
    for (const core::OutcomeCount& one : row.counts) {
      count.run(row.series, number(row.minute), tables_.outcomes.id(one.outcome));
    }
  }
  Statement record(connection,
                   "DELETE FROM evidence WHERE series = $1 AND at_ms = $2 AND tie = $3");
  for (const record::SeriesEvidence& row : piece.batch.evidence) {
    record.run(row.series, number(row.evidence.at), row.evidence.tie);
  }
  // The rest goes at once.
  if (piece.batch.minutes.empty() && piece.batch.evidence.empty()) {
    connection.run(
        "DELETE FROM checkpoint; DELETE FROM gap; DELETE FROM unseen; DELETE FROM clock_step; "
        "DELETE FROM chain; DELETE FROM journal");
  }
  transaction.commit();
  rows_ -= std::min(rows_ - 1, rows_of(piece.batch));
}

std::int64_t Spool::lease() {
  Statement find(database_->connection(), "SELECT at_ms FROM told WHERE name = 'lease'");
  Rows rows = find.query();
  return rows.next() ? rows.integer(0) : 0;
}

void Spool::note_lease(std::int64_t lease_number) {
  Statement note(database_->connection(),
                 "INSERT INTO told (name, at_ms) VALUES ('lease', $1) "
                 "ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms");
  note.run(lease_number);
}

}  // namespace recoup::ledger
