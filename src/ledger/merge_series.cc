#include "ledger/merge_series.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

using core::Instant;
using core::Interval;
using core::Minute;
using core::OutcomeCount;

Interval of(Minute minute) { return {minute, Instant(minute) + std::chrono::minutes(1)}; }

std::uint64_t count_in(const std::vector<OutcomeCount>& counts, const core::Outcome& outcome) {
  for (const OutcomeCount& one : counts) {
    if (one.outcome == outcome) return one.count;
  }
  return 0;
}

// Whether each count of `some` is in `all`, and perhaps more.
bool has_all(const std::vector<OutcomeCount>& all, const std::vector<OutcomeCount>& some) {
  return std::all_of(some.begin(), some.end(), [&](const OutcomeCount& one) {
    return count_in(all, one.outcome) >= one.count;
  });
}

std::string counts_words(const std::vector<OutcomeCount>& counts) {
  std::uint64_t all = 0;
  for (const OutcomeCount& one : counts) all += one.count;
  return fmt::format("{} requests", all);
}

// Minutes of one series on their way into the other ledger.
class Minutes {
 public:
  Minutes(Merging& at, record::SeriesId from, record::SeriesId to, const record::SeriesKey& key)
      : at_(at), from_(from), to_(to), key_(key), open_(open_from()) {}

  void run() {
    for (auto& [of, counts] : minutes_of(at_.from, from_)) put({to_, of, std::move(counts)});
  }

 private:
  // From when on one of the two may not have been all that there was: a copy of a ledger that is in
  // use ends within a minute.
  Minute open_from() const {
    const auto last = [](Tables& tables, record::SeriesId series) {
      const auto point = tables.tallies.checkpoint(series);
      Minute end = tables.tallies.newest_minute(series).value_or(Minute::max());
      if (point) end = std::min(end, core::minute_of(point->watermark));
      return end;
    };
    return std::min(last(at_.from, from_), last(at_.to, to_));
  }

  void put(const record::SeriesMinute& row) {
    const auto known = at_.to.tallies.counts(to_, row.minute);
    if (!has_all(known, row.counts)) {
      const bool grew = known.empty() || (row.minute >= open_ && has_all(row.counts, known));
      if (!grew) refuse(row, known);
      at_.to.tallies.put(to_, row);
      ++at_.merged.minutes;
      at_.touch(key_.agreement, of(row.minute));
    } else if (!has_all(row.counts, known) && row.minute < open_) {
      refuse(row, known);
    }
  }

  [[noreturn]] void refuse(const record::SeriesMinute& row,
                           const std::vector<OutcomeCount>& known) const {
    throw Failure(
        {fmt::format("expected {} to be of one ledger, or the same in both, got {} at {} in one "
                     "and {} in the other",
                     words_of(key_), counts_words(row.counts), core::to_text(Instant(row.minute)),
                     counts_words(known)),
         "",
         key_.part.empty()
             ? "they counted the same time each by itself: keep them apart, or merge one of them"
             : "two processes recorded for one vantage at the same time: they cannot be told "
               "apart; give each machine a `vantage` of its own from now on, and merge one of "
               "them"});
  }

  Merging& at_;
  record::SeriesId from_;
  record::SeriesId to_;
  const record::SeriesKey& key_;
  const Minute open_;
};

// Those that are there, or longer ones, stay.
void merge_gaps(Merging& at, record::SeriesId from, record::SeriesId to,
                const record::SeriesKey& key) {
  Statement read(at.from.connection,
                 "SELECT begin_ms, end_ms, every_ms, reason, targets FROM gap WHERE series = $1");
  Statement known(at.to.connection, "SELECT end_ms FROM gap WHERE series = $1 AND begin_ms = $2");
  for (Rows rows = read.query(from); rows.next();) {
    {
      Rows there = known.query(to, rows.integer(0));
      if (there.next() && there.integer(0) >= rows.integer(1)) continue;
    }
    const record::SeriesGap gap{to,
                                {{instant(rows.integer(0)), instant(rows.integer(1))},
                                 core::Millis(rows.integer(2)),
                                 gap_reason(rows.text(3)),
                                 {},
                                 static_cast<std::uint32_t>(rows.count(4))}};
    at.to.tallies.put(gap);
    ++at.merged.gaps;
    at.touch(key.agreement, gap.gap.span);
  }
}

// The later one stays: what its source does next follows from that.
void merge_checkpoint(Merging& at, record::SeriesId from, record::SeriesId to) {
  auto point = at.from.tallies.checkpoint(from);
  if (!point) return;
  const auto known = at.to.tallies.checkpoint(to);
  if (known && known->watermark >= point->watermark) return;
  point->series = to;
  at.to.tallies.put(*point);
}

bool is_same(const record::Evidence& a, const record::Evidence& b) {
  return a.outcome == b.outcome && a.request_id == b.request_id && a.duration == b.duration &&
         a.peer == b.peer && a.detail == b.detail;
}

}  // namespace

std::string words_of(const record::SeriesKey& key) {
  return fmt::format(
      "the {} {}{} of {}", key.kind == record::SeriesKind::file ? "log" : record::to_text(key.kind),
      key.name, key.kind == record::SeriesKind::probe ? " from " + key.part : std::string(),
      key.agreement);
}

std::map<Minute, std::vector<OutcomeCount>> minutes_of(Tables& from, record::SeriesId series) {
  std::map<Minute, std::vector<OutcomeCount>> all;
  Statement read(from.connection,
                 "SELECT minute, outcome, count FROM tally WHERE series = $1 "
                 "ORDER BY minute, outcome");
  for (Rows rows = read.query(series); rows.next();) {
    all[minute(rows.integer(0))].push_back({from.outcomes.outcome(rows.integer(1)), rows.count(2)});
  }
  const auto every = std::numeric_limits<std::int64_t>::max();
  for (const FoldTable::Count& one : from.folds.of_series(series, -every, every)) {
    all[minute(one.minute)].push_back({from.outcomes.outcome(one.outcome), one.count});
  }
  return all;
}

// In the order of the chain, so that a series that is new here has the same chain as there.
void merge_evidence(Merging& at, record::SeriesId from, record::SeriesId to,
                    const record::SeriesKey& key) {
  Statement read(at.from.connection,
                 "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail "
                 "FROM evidence WHERE series = $1 ORDER BY position");
  Statement known(at.to.connection,
                  "SELECT at_ms, tie, outcome, request_id, duration_ms, peer, detail "
                  "FROM evidence WHERE series = $1 AND at_ms = $2 AND tie = $3");
  at.to.evidence.begin();
  for (Rows rows = read.query(from); rows.next();) {
    const record::Evidence seen = evidence_of(rows, 0, at.from.outcomes);
    {
      Rows there = known.query(to, number(seen.at), seen.tie);
      if (there.next()) {
        if (is_same(seen, evidence_of(there, 0, at.to.outcomes))) continue;
        throw Failure({fmt::format("expected one record of {} at {}, got another one in each",
                                   words_of(key), core::to_text(seen.at)),
                       "", "they were recorded apart, each by itself: merge one of them"});
      }
    }
    at.to.evidence.put(to, seen);
    ++at.merged.records;
    at.touch(key.agreement, {seen.at, seen.at + core::Millis(1)});
  }
  at.to.evidence.end();
}

void merge_unseen(Merging& at, record::SeriesId from, record::SeriesId to,
                  const record::SeriesKey& key) {
  const auto known = at.to.tallies.unseen(to);
  for (const core::Unseen& one : at.from.tallies.unseen(from)) {
    const bool is_there = std::any_of(known.begin(), known.end(), [&](const core::Unseen& each) {
      return each.span.begin == one.span.begin && each.span.end >= one.span.end;
    });
    if (is_there) continue;
    at.to.tallies.put(record::SeriesUnseen{to, one});
    ++at.merged.gaps;
    at.touch(key.agreement, one.span);
  }
}

void merge_series(Merging& at, record::SeriesId from, const record::SeriesKey& key) {
  Statement count(at.to.connection,
                  "SELECT count(*) FROM series WHERE agreement = $1 AND kind = $2 AND name = $3 "
                  "AND part = $4");
  {
    Rows rows = count.query(key.agreement, record::to_text(key.kind), key.name, key.part);
    if (rows.next() && rows.integer(0) == 0) ++at.merged.series;
  }
  const record::SeriesId to = at.to.series.id(key);
  Minutes(at, from, to, key).run();
  merge_evidence(at, from, to, key);
  merge_gaps(at, from, to, key);
  merge_unseen(at, from, to, key);
  merge_checkpoint(at, from, to);
}

}  // namespace recoup::ledger
