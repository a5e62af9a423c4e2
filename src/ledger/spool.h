#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/sql/database.h"
#include "ledger/tables/tables.h"
#include "record/batch.h"

namespace recoup::ledger {

// What a spool holds at most, in rows of about a hundred bytes.
inline constexpr std::uint64_t kMostSpooled = 5'000'000;

// Has `number` give each series of the batch another number.
template <typename Number>
void renumber(record::Batch& batch, Number number) {
  for (auto& row : batch.minutes) row.series = number(row.series);
  for (auto& row : batch.evidence) row.series = number(row.series);
  for (auto& row : batch.checkpoints) row.series = number(row.series);
  for (auto& row : batch.gaps) row.series = number(row.series);
  for (auto& row : batch.unseen) row.series = number(row.series);
}

// Spool keeps batches for a ledger that cannot be reached: a SQLite ledger of its own, durable at
// each write, locked for one process. Its series have numbers of its own. All methods throw
// Failure. For one thread at a time.
class Spool {
 public:
  // Piece is what the ledger gets at once. Its numbers of series are the spool's, by `keys`.
  struct Piece {
    record::Batch batch;
    std::map<record::SeriesId, record::SeriesKey> keys;
  };

  // Opens the file for the writer, or makes it. `most` rows: for tests.
  Spool(const std::string& path, const record::Writer& writer, std::uint64_t most = kMostSpooled);

  const std::string& path() const { return path_; }
  bool empty() const { return rows_ == 0; }

  // What people are told of what waits: "12 rows in PATH".
  std::string in_words() const;

  // Keeps all of the batch, whose series `keys` names, or nothing.
  void write(const record::Batch& batch, const std::map<record::SeriesId, record::SeriesKey>& keys);

  // What it holds of the series and minute; empty where it holds nothing.
  std::vector<core::OutcomeCount> counts(const record::SeriesKey& series, core::Minute minute);

  // The oldest of what it holds, counts and evidence before what rests on them; empty at its end.
  Piece first();

  // The ledger has it.
  void forget(const Piece& piece);

  // Under which lease of the ledger it was filled last; 0: under none.
  std::int64_t lease();
  void note_lease(std::int64_t number);

 private:
  std::uint64_t count();
  void take_minutes(Piece& piece);
  void take_evidence(Piece& piece);
  void take_rest(Piece& piece);
  void take_keys(Piece& piece);

  std::string path_;
  std::uint64_t most_;
  std::unique_ptr<Database> database_;
  Tables tables_;
  std::uint64_t rows_ = 0;  // not fewer than there are, and none where there are none
};

}  // namespace recoup::ledger
