#include "ledger/tables/fold_table.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "core/time.h"

namespace recoup::ledger {

std::int64_t day_of(std::int64_t minute) {
  return std::chrono::floor<std::chrono::days>(std::chrono::minutes(minute)).count();
}

std::vector<DayCount> day_of(record::SeriesId series, std::int64_t day, std::string_view bytes) {
  auto counts = unfold_day(bytes);
  if (counts) return *std::move(counts);
  const core::Date date{std::chrono::sys_days(std::chrono::days(day))};
  throw Failure(
      {fmt::format("expected the counts of series {} on {}, got {} bytes that are none: {}", series,
                   core::to_text(date), bytes.size(), counts.error().message),
       "",
       "the ledger was changed by other means: put a copy of it in its place that was "
       "made before"});
}

FoldTable::FoldTable(Connection& connection)
    : find_(connection, "SELECT counts FROM tally_day WHERE series = $1 AND day = $2"),
      put_(connection,
           "INSERT INTO tally_day (series, day, first_minute, last_minute, counts) "
           "VALUES ($1, $2, $3, $4, $5)"),
      remove_day_(connection, "DELETE FROM tally_day WHERE series = $1 AND day = $2"),
      put_minute_(connection,
                  "INSERT INTO tally (series, minute, outcome, count) VALUES ($1, $2, $3, $4) "
                  "ON CONFLICT (series, minute, outcome) DO NOTHING"),
      minutes_(connection,
               "SELECT outcome, minute, count FROM tally "
               "WHERE series = $1 AND minute >= $2 AND minute < $3 ORDER BY outcome, minute"),
      remove_minutes_(connection,
                      "DELETE FROM tally WHERE series = $1 AND minute >= $2 AND minute < $3"),
      series_(connection,
              "SELECT id, coalesce((SELECT min(minute) FROM tally WHERE series = id "
              "AND minute < $1), $1) FROM series WHERE id > $2 ORDER BY id LIMIT $3"),
      oldest_(connection,
              "SELECT minute FROM tally WHERE series = $1 AND minute >= $2 AND minute < $3 "
              "ORDER BY minute LIMIT 1"),
      of_series_(connection,
                 "SELECT series, day, counts FROM tally_day "
                 "WHERE series = $1 AND day >= $2 AND day <= $3 ORDER BY day"),
      remove_series_(connection, "DELETE FROM tally_day WHERE series = $1"),
      until_of_(connection, "SELECT day FROM folded_until WHERE one = 1"),
      put_until_(connection,
                 "INSERT INTO folded_until (one, day) VALUES (1, $1) "
                 "ON CONFLICT (one) DO UPDATE SET day = excluded.day"),
      sums_(connection, "SELECT days, minutes, bytes FROM folded WHERE one = 1"),
      add_(connection,
           "INSERT INTO folded (one, days, minutes, bytes) VALUES (1, $1, $2, $3) "
           "ON CONFLICT (one) DO UPDATE SET days = folded.days + excluded.days, "
           "minutes = folded.minutes + excluded.minutes, bytes = folded.bytes + excluded.bytes") {}

void FoldTable::begin() {
  until_.reset();
  opened_.clear();
  known_.reset();
}

// Mostly what is written is of today: that no day so young is folded is one question for all of it.
std::int64_t FoldTable::until() {
  if (until_) return *until_;
  Rows rows = until_of_.query();
  until_ = rows.next() ? rows.integer(0) : std::numeric_limits<std::int64_t>::min();
  return *until_;
}

void FoldTable::open(record::SeriesId series, std::int64_t minute) {
  const Key key{series, day_of(minute)};
  if (key.second >= until() || !opened_.insert(key).second) return;
  std::string bytes;
  {
    Rows rows = find_.query(key.first, key.second);
    if (!rows.next()) return;
    bytes = rows.blob(0);
  }
  unfold(key, day_of(key.first, key.second, bytes), bytes.size());
}

void FoldTable::unfold(const Key& key, const std::vector<DayCount>& counts, std::size_t bytes) {
  for (const DayCount& one : counts) {
    put_minute_.run(key.first, key.second * kMinutesOfDay + one.minute, one.outcome, one.count);
  }
  remove_day_.run(key.first, key.second);
  add_.run(std::int64_t{-1}, -static_cast<std::int64_t>(counts.size()),
           -static_cast<std::int64_t>(bytes));
  known_.reset();
}

record::FoldTurn FoldTable::fold(const record::FoldOrder& order) {
  const std::int64_t end_day =
      std::chrono::floor<std::chrono::days>(order.before).time_since_epoch().count();
  const std::int64_t end = end_day * kMinutesOfDay;
  std::vector<std::pair<record::SeriesId, bool>> looked;  // whether there is anything to fold
  {
    Rows rows = series_.query(end, order.after, std::uint64_t{order.series});
    while (rows.next()) looked.emplace_back(rows.integer(0), rows.integer(1) < end);
  }
  record::FoldTurn turn;
  turn.next = order.after;
  turn.done = looked.size() < order.series;
  for (const auto& [series, has_some] : looked) {
    if (has_some && !fold_series(series, end, order.days, turn)) {
      turn.done = false;
      break;
    }
    turn.next = series;
  }
  if (turn.days == 0) return turn;
  if (until() < end_day) {
    put_until_.run(end_day);
    until_ = end_day;
  }
  add_.run(turn.days, turn.minutes, turn.bytes);
  return turn;
}

// Whether all of the series is folded: false where the turn has done as much as it may.
bool FoldTable::fold_series(record::SeriesId series, std::int64_t end, std::size_t most,
                            record::FoldTurn& turn) {
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  while (const auto minute = oldest(series, from, end)) {
    if (turn.days >= most) return false;
    const std::int64_t day = day_of(*minute);
    fold_one({series, day}, turn);
    from = (day + 1) * kMinutesOfDay;
  }
  return true;
}

std::optional<std::int64_t> FoldTable::oldest(record::SeriesId series, std::int64_t from,
                                              std::int64_t end) {
  Rows rows = oldest_.query(series, from, end);
  if (!rows.next()) return std::nullopt;
  return rows.integer(0);
}

// The counts of a day that stands minute by minute.
std::vector<DayCount> FoldTable::minutes_of(const Key& key) {
  const std::int64_t begin = key.second * kMinutesOfDay;
  std::vector<DayCount> counts;
  Rows rows = minutes_.query(key.first, begin, begin + kMinutesOfDay);
  while (rows.next()) {
    counts.push_back({rows.integer(0), static_cast<int>(rows.integer(1) - begin), rows.count(2)});
  }
  return counts;
}

// A count of 0 is one that older programs left: such a day stays as it is.
void FoldTable::fold_one(const Key& key, record::FoldTurn& turn) {
  // In both forms it can only be by other means than ours; then the minutes are what counts.
  opened_.erase(key);
  open(key.first, key.second * kMinutesOfDay);
  const std::vector<DayCount> counts = minutes_of(key);
  const auto is_none = [](const DayCount& one) { return one.count == 0; };
  if (std::any_of(counts.begin(), counts.end(), is_none)) return;
  const auto by_minute = [](const DayCount& a, const DayCount& b) { return a.minute < b.minute; };
  const auto [first, last] = std::minmax_element(counts.begin(), counts.end(), by_minute);
  const std::int64_t begin = key.second * kMinutesOfDay;
  const std::string bytes = fold_day(counts);
  put_.run(key.first, key.second, begin + first->minute, begin + last->minute, Blob{bytes});
  remove_minutes_.run(key.first, begin, begin + kMinutesOfDay);
  opened_.erase(key);
  turn.days += 1;
  turn.minutes += counts.size();
  turn.bytes += bytes.size();
}

record::Folded FoldTable::folded() {
  Rows rows = sums_.query();
  if (!rows.next()) return {};
  return {rows.count(0), rows.count(1), rows.count(2)};
}

void FoldTable::read(Rows& days, std::int64_t begin, std::int64_t end, const Each& each) {
  while (days.next()) {
    const std::int64_t from = days.integer(1) * kMinutesOfDay;
    for (const DayCount& one : day_of(days.integer(0), days.integer(1), days.blob(2))) {
      const std::int64_t minute = from + one.minute;
      if (minute >= begin && minute < end) each(days, {minute, one.outcome, one.count});
    }
  }
}

std::vector<FoldTable::Count> FoldTable::of_series(record::SeriesId series, std::int64_t begin,
                                                   std::int64_t end) {
  std::vector<Count> counts;
  Rows days = of_series_.query(series, day_of(begin), day_of(end));
  read(days, begin, end, [&](const Rows&, const Count& one) { counts.push_back(one); });
  return counts;
}

std::uint64_t FoldTable::count(record::SeriesId series, std::int64_t minute, std::int64_t outcome) {
  const Key key{series, day_of(minute)};
  if (known_ != key) {
    known_.reset();
    known_counts_.clear();
    Rows rows = find_.query(key.first, key.second);
    if (rows.next()) known_counts_ = day_of(key.first, key.second, rows.blob(0));
    known_ = key;
  }
  const int at = static_cast<int>(minute - key.second * kMinutesOfDay);
  const auto place = [](const DayCount& one) { return std::pair(one.outcome, one.minute); };
  const std::pair wanted(outcome, at);
  const auto found =
      std::lower_bound(known_counts_.begin(), known_counts_.end(), wanted,
                       [&](const DayCount& one, const auto& to) { return place(one) < to; });
  return found != known_counts_.end() && place(*found) == wanted ? found->count : 0;
}

void FoldTable::remove(record::SeriesId series) {
  record::FoldTurn gone;
  {
    constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
    Rows days = of_series_.query(series, -kAll, kAll);
    while (days.next()) {
      gone.days += 1;
      gone.minutes += day_of(series, days.integer(1), days.blob(2)).size();
      gone.bytes += days.blob(2).size();
    }
  }
  if (gone.days == 0) return;
  remove_series_.run(series);
  known_.reset();
  add_.run(-static_cast<std::int64_t>(gone.days), -static_cast<std::int64_t>(gone.minutes),
           -static_cast<std::int64_t>(gone.bytes));
}

}  // namespace recoup::ledger
