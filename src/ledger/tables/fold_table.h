#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/sql/connection.h"
#include "ledger/tables/folded_day.h"
#include "record/records.h"
#include "record/upkeep.h"

namespace recoup::ledger {

// FoldTable is the table of days of which one row has all counts of a series, in the place of a row
// for each minute and outcome. A day of a series is in one of the two forms and never in both:
// before a count of a folded day is written, the day is unfolded. All methods throw Failure, and
// stand inside a transaction of the caller. For one thread at a time.
class FoldTable {
 public:
  // It outlives the table.
  explicit FoldTable(Connection& connection);

  // At the begin of a transaction that writes: another process may have folded in the meantime.
  void begin();

  // Before a count of that minute is written: whatever day it is of is there minute by minute then.
  void open(record::SeriesId series, std::int64_t minute);

  // As Upkeep::fold and Upkeep::folded.
  record::FoldTurn fold(const record::FoldOrder& order);
  record::Folded folded();

  // One count of a folded day; minutes since 1970.
  struct Count {
    std::int64_t minute = 0;
    std::int64_t outcome = 0;
    std::uint64_t count = 0;
  };

  // The counts of the series' folded days in minutes of [begin, end), by outcome, then minute.
  std::vector<Count> of_series(record::SeriesId series, std::int64_t begin, std::int64_t end);

  // Calls `each` for every count of a folded day in minutes of [begin, end), day by day. What is
  // bound to `days` finds their rows: series, day, counts are its first columns.
  using Each = std::function<void(const Rows& row, const Count& count)>;
  static void read(Rows& days, std::int64_t begin, std::int64_t end, const Each& each);

  // The count of that minute and outcome, 0 where it is of no folded day. The day is kept:
  // questions in order of series and minute read each once.
  std::uint64_t count(record::SeriesId series, std::int64_t minute, std::int64_t outcome);

  // Takes out all folded days of a series.
  void remove(record::SeriesId series);

 private:
  // Of one series and day.
  using Key = std::pair<record::SeriesId, std::int64_t>;

  std::int64_t until();
  void unfold(const Key& key, const std::vector<DayCount>& counts, std::size_t bytes);
  void fold_one(const Key& key, record::FoldTurn& turn);
  std::vector<DayCount> minutes_of(const Key& key);
  std::optional<std::int64_t> oldest(record::SeriesId series, std::int64_t from, std::int64_t end);
  bool fold_series(record::SeriesId series, std::int64_t end, std::size_t most,
                   record::FoldTurn& turn);

  std::optional<std::int64_t>
      until_;                 // no day from this one on is folded; as read in this transaction
  std::set<Key> opened_;      // in this transaction
  std::optional<Key> known_;  // whose counts are known_counts_
  std::vector<DayCount> known_counts_;
  Statement find_;
  Statement put_;
  Statement remove_day_;
  Statement put_minute_;
  Statement minutes_;
  Statement remove_minutes_;
  Statement series_;
  Statement oldest_;
  Statement of_series_;
  Statement remove_series_;
  Statement until_of_;
  Statement put_until_;
  Statement sums_;
  Statement add_;
};

// The counts in a row's bytes. Throws Failure, which names the series and the day, for bytes that
// are no day.
std::vector<DayCount> day_of(record::SeriesId series, std::int64_t day, std::string_view bytes);

// The day of a minute, both since 1970.
std::int64_t day_of(std::int64_t minute);

}  // namespace recoup::ledger
