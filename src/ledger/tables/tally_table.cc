#include "ledger/tables/tally_table.h"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "ledger/sql/connection.h"
#include "ledger/tables/columns.h"
#include "ledger/tables/compared_table.h"

namespace recoup::ledger {
namespace {

using core::Interval;

// Kinds of series that a row of counts is told apart by.
constexpr std::int64_t kProbe = 1, kSdk = 2;

// The first minute that begins at the instant or later.
core::Minute first_minute(core::Instant at) { return std::chrono::ceil<std::chrono::minutes>(at); }

// Empty where the series is of none.
std::string resource_of(const std::unordered_map<record::SeriesId, std::string>& resources,
                        record::SeriesId series) {
  const auto found = resources.find(series);
  return found == resources.end() ? std::string() : found->second;
}

}  // namespace

TallyTable::TallyTable(Connection& connection, OutcomeIds& outcomes, ResourceTable& resources,
                       FoldTable& folds)
    : outcomes_(outcomes),
      resources_(resources),
      folds_(folds),
      put_count_(connection,
                 "INSERT INTO tally (series, minute, outcome, count) VALUES ($1, $2, $3, $4) "
                 "ON CONFLICT (series, minute, outcome) DO UPDATE SET count = excluded.count"),
      raise_(connection,
             "INSERT INTO tally (series, minute, outcome, count) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (series, minute, outcome) "
             "DO UPDATE SET count = tally.count + excluded.count"),
      lower_(connection,
             "UPDATE tally SET count = count - $1 "
             "WHERE series = $2 AND minute = $3 AND outcome = $4"),
      remove_none_(connection,
                   "DELETE FROM tally WHERE series = $1 AND minute = $2 AND outcome = $3 "
                   "AND count = 0"),
      put_checkpoint_(connection,
                      "INSERT INTO checkpoint (series, watermark_ms, every_ms, place, targets) "
                      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (series) DO UPDATE "
                      "SET watermark_ms = excluded.watermark_ms, every_ms = excluded.every_ms, "
                      "place = excluded.place, targets = excluded.targets"),
      put_gap_(connection,
               "INSERT INTO gap (series, begin_ms, end_ms, every_ms, reason, targets) "
               "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (series, begin_ms) DO UPDATE "
               "SET end_ms = excluded.end_ms, every_ms = excluded.every_ms, "
               "reason = excluded.reason, targets = excluded.targets WHERE excluded.end_ms >= "
               "gap.end_ms"),
      put_unseen_(connection,
                  "INSERT INTO unseen (series, begin_ms, end_ms, why) VALUES ($1, $2, $3, $4) "
                  "ON CONFLICT (series, begin_ms) DO UPDATE SET end_ms = excluded.end_ms, "
                  "why = excluded.why WHERE excluded.end_ms >= unseen.end_ms"),
      unseen_of_(connection,
                 "SELECT begin_ms, end_ms, why FROM unseen WHERE series = $1 ORDER BY begin_ms"),
      remove_unseen_(connection, "DELETE FROM unseen WHERE series = $1"),
      put_clock_step_(connection,
                      "INSERT INTO clock_step (at_ms, by_ms, vantage) VALUES ($1, $2, $3) "
                      "ON CONFLICT (at_ms, by_ms, vantage) DO NOTHING"),
      counts_(
          connection,
          "SELECT outcome, count FROM tally WHERE series = $1 AND minute = $2 ORDER BY outcome"),
      checkpoint_(
          connection,
          "SELECT watermark_ms, every_ms, place, targets FROM checkpoint WHERE series = $1"),
      newest_(connection,
              "SELECT count(minute), max(minute) FROM ("
              "SELECT max(minute) AS minute FROM tally WHERE series = $1 UNION ALL "
              "SELECT max(last_minute) FROM tally_day WHERE series = $1) AS newest"),
      tallies_(connection,
               ("SELECT tally.minute, tally.outcome, tally.count, "
                "CASE series.kind WHEN 'probe' THEN 1 WHEN 'sdk' THEN 2 ELSE 0 END, tally.series "
                "FROM series JOIN tally ON tally.series = series.id "
                "WHERE series.agreement = $1 AND tally.minute >= $2 AND tally.minute < $3 "
                "AND NOT " +
                kIsCompared)
                   .c_str()),
      folded_(connection,
              ("SELECT tally_day.series, tally_day.day, tally_day.counts, "
               "CASE series.kind WHEN 'probe' THEN 1 WHEN 'sdk' THEN 2 ELSE 0 END "
               "FROM series JOIN tally_day ON tally_day.series = series.id "
               "WHERE series.agreement = $1 AND tally_day.day >= $2 AND tally_day.day <= $3 "
               "AND NOT " +
               kIsCompared)
                  .c_str()),
      folded_series_(connection,
                     "SELECT DISTINCT series.id FROM series JOIN tally_day "
                     "ON tally_day.series = series.id WHERE series.agreement = $1 "
                     "AND tally_day.day >= $2 AND tally_day.day <= $3"),
      sources_(connection,
               ("SELECT kind, name, CASE WHEN kind IN ('probe', 'sdk') THEN part ELSE '' END AS "
                "vantage, id FROM series WHERE agreement = $1 AND NOT " +
                kIsCompared + " ORDER BY kind, name, vantage, id")
                   .c_str()),
      of_series_(connection,
                 "SELECT minute, outcome, count FROM tally "
                 "WHERE series = $1 AND minute >= $2 AND minute < $3 ORDER BY minute, outcome"),
      gaps_(connection,
            "SELECT gap.begin_ms, gap.end_ms, gap.every_ms, gap.reason, gap.series, gap.targets "
            "FROM series JOIN gap ON gap.series = series.id "
            "WHERE series.agreement = $1 AND gap.end_ms > $2 AND gap.begin_ms < $3 "
            "ORDER BY gap.begin_ms, gap.series"),
      unseen_(connection,
              ("SELECT unseen.begin_ms, unseen.end_ms, unseen.why, unseen.series "
               "FROM series JOIN unseen ON unseen.series = series.id "
               "WHERE series.agreement = $1 AND unseen.end_ms > $2 AND unseen.begin_ms < $3 "
               "AND NOT " +
               kIsCompared + " ORDER BY unseen.begin_ms, unseen.series")
                  .c_str()),
      probe_gaps_(connection,
                  "SELECT part, begin_ms, end_ms, every_ms, reason, targets FROM series "
                  "JOIN gap ON gap.series = series.id WHERE agreement = $1 AND kind = 'probe' "
                  "AND begin_ms < $2 AND end_ms > $3 ORDER BY part, begin_ms"),
      elsewhere_(connection,
                 "SELECT part, minute, outcome, CAST(sum(count) AS bigint) FROM series "
                 "JOIN tally ON tally.series = series.id WHERE agreement <> $1 AND kind = 'probe' "
                 "AND minute >= $2 AND minute < $3 GROUP BY part, minute, outcome "
                 "ORDER BY part, minute, outcome"),
      elsewhere_folded_(connection,
                        "SELECT tally_day.series, day, counts, part FROM series "
                        "JOIN tally_day ON tally_day.series = series.id WHERE agreement <> $1 "
                        "AND kind = 'probe' AND day >= $2 AND day <= $3"),
      clock_steps_(connection,
                   "SELECT at_ms, by_ms, vantage FROM clock_step WHERE at_ms >= $1 AND at_ms < $2 "
                   "ORDER BY at_ms, by_ms"),
      seen_(connection,
            ("SELECT count(first), min(first), max(last) FROM ("
             "SELECT (SELECT min(minute) * 60000 FROM tally WHERE series = id) AS first, "
             "(SELECT (max(minute) + 1) * 60000 FROM tally WHERE series = id) AS last "
             "FROM series WHERE agreement = $1 AND NOT " +
             kIsCompared +
             " UNION ALL "
             "SELECT (SELECT first_minute * 60000 FROM tally_day WHERE series = id "
             "ORDER BY day LIMIT 1), (SELECT (last_minute + 1) * 60000 FROM tally_day "
             "WHERE series = id ORDER BY day DESC LIMIT 1) "
             "FROM series WHERE agreement = $1 AND NOT " +
             kIsCompared +
             " UNION ALL "
             "SELECT begin_ms, end_ms FROM gap JOIN series ON gap.series = series.id "
             "WHERE agreement = $1 UNION ALL "
             "SELECT begin_ms, end_ms FROM unseen JOIN series ON unseen.series = series.id "
             "WHERE agreement = $1 AND NOT " +
             kIsCompared + ") AS spans")
                .c_str()),
      all_counts_(connection,
                  "SELECT count FROM series JOIN tally ON tally.series = series.id "
                  "WHERE agreement = $1"),
      all_folded_(connection,
                  "SELECT tally_day.series, day, counts FROM series "
                  "JOIN tally_day ON tally_day.series = series.id WHERE agreement = $1"),
      seen_from_(connection, ("SELECT count(at), min(at) FROM ("
                              "SELECT (SELECT min(minute) * 60000 FROM tally WHERE series = id AND "
                              "minute >= $1) AS at FROM series WHERE agreement = $2 AND NOT " +
                              kIsCompared +
                              " UNION ALL "
                              "SELECT CASE WHEN begin_ms > $3 THEN begin_ms ELSE $3 END "
                              "FROM gap JOIN series ON gap.series = series.id "
                              "WHERE agreement = $2 AND end_ms > $3 UNION ALL "
                              "SELECT CASE WHEN begin_ms > $3 THEN begin_ms ELSE $3 END "
                              "FROM unseen JOIN series ON unseen.series = series.id "
                              "WHERE agreement = $2 AND end_ms > $3 AND NOT " +
                              kIsCompared +
                              " UNION ALL "
                              "SELECT (SELECT first_minute * 60000 FROM tally_day "
                              "WHERE series = id AND day >= $4 AND first_minute >= $1 "
                              "ORDER BY day LIMIT 1) FROM series WHERE agreement = $2 AND NOT " +
                              kIsCompared + ") AS instants")
                                 .c_str()),
      seen_on_(connection, ("SELECT tally_day.series, day, counts FROM series "
                            "JOIN tally_day ON tally_day.series = series.id WHERE agreement = $1 "
                            "AND day = $2 AND first_minute < $3 AND last_minute >= $3 AND NOT " +
                            kIsCompared)
                               .c_str()) {}

void TallyTable::put(record::SeriesId series, const record::SeriesMinute& row) {
  folds_.open(series, number(row.minute));
  for (const core::OutcomeCount& count : row.counts) {
    const std::int64_t outcome = outcomes_.id(count.outcome);
    put_count_.run(series, number(row.minute), outcome, count.count);
    if (count.count == 0) remove_none_.run(series, number(row.minute), outcome);
  }
}

void TallyTable::change(record::SeriesId series, std::int64_t minute, std::int64_t outcome,
                        std::int64_t by) {
  folds_.open(series, minute);
  if (by > 0) {
    raise_.run(series, minute, outcome, by);
    return;
  }
  lower_.run(-by, series, minute, outcome);
  remove_none_.run(series, minute, outcome);
}

void TallyTable::put(const record::Checkpoint& row) {
  put_checkpoint_.run(row.series, number(row.watermark), number(row.every), row.place,
                      std::uint64_t{row.targets});
}

void TallyTable::put(const record::SeriesGap& row) {
  put_gap_.run(row.series, number(row.gap.span.begin), number(row.gap.span.end),
               number(row.gap.every), core::to_text(row.gap.reason),
               std::uint64_t{row.gap.targets});
}

void TallyTable::put(const record::SeriesUnseen& row) {
  put_unseen_.run(row.series, number(row.unseen.span.begin), number(row.unseen.span.end),
                  row.unseen.why);
}

std::vector<core::Unseen> TallyTable::unseen(record::SeriesId series) {
  std::vector<core::Unseen> all;
  Rows rows = unseen_of_.query(series);
  while (rows.next()) {
    all.push_back({{instant(rows.integer(0)), instant(rows.integer(1))}, rows.string(2)});
  }
  return all;
}

void TallyTable::replace_unseen(record::SeriesId series, const std::vector<core::Unseen>& unseen) {
  remove_unseen_.run(series);
  for (const core::Unseen& one : unseen) put(record::SeriesUnseen{series, one});
}

void TallyTable::put(const record::ClockStep& step) {
  put_clock_step_.run(number(step.at), number(step.by), step.vantage);
}

std::vector<core::OutcomeCount> TallyTable::counts(record::SeriesId series, core::Minute minute) {
  std::vector<core::OutcomeCount> counts;
  {
    Rows rows = counts_.query(series, number(minute));
    while (rows.next()) counts.push_back({outcomes_.outcome(rows.integer(0)), rows.count(1)});
  }
  if (!counts.empty()) return counts;
  for (const auto& one : folds_.of_series(series, number(minute), number(minute) + 1)) {
    counts.push_back({outcomes_.outcome(one.outcome), one.count});
  }
  return counts;
}

std::optional<record::Checkpoint> TallyTable::checkpoint(record::SeriesId series) {
  Rows rows = checkpoint_.query(series);
  if (!rows.next()) return std::nullopt;
  return record::Checkpoint{series, instant(rows.integer(0)), millis(rows.integer(1)),
                            rows.string(2), targets(rows.integer(3))};
}

std::optional<core::Minute> TallyTable::newest_minute(record::SeriesId series) {
  Rows rows = newest_.query(series);
  if (!rows.next() || rows.integer(0) == 0) return std::nullopt;
  return minute(rows.integer(1));
}

core::Tallies TallyTable::tallies(const std::string& agreement, const Interval& span) {
  core::Tallies tallies;
  const Resources resources = resources_.by_series(agreement);
  read_rows(agreement, span, resources, tallies);
  read_gaps(agreement, span, resources, tallies);
  read_unseen(agreement, span, resources, tallies);
  if (auto few = tallies.check_total(); !few) throw Failure(few.error());
  return tallies;
}

// Reading adds counts to tallies, and looks each outcome up once.
struct TallyTable::Reading {
  Reading(core::Tallies& to, OutcomeIds& outcomes) : tallies(to), ids(outcomes) {}

  core::Tallies::Row row(std::int64_t at, std::int64_t outcome, std::uint64_t count) {
    const auto [index, is_new] = indexes.try_emplace(outcome, 0);
    if (is_new) index->second = tallies.intern(ids.outcome(outcome));
    return {minute(at), index->second, count};
  }

  // A count of the series, of a source of that kind.
  void add(core::Tallies::Row row, std::int64_t kind, record::SeriesId series) {
    // Few contracts sum the time of several.
    if (!of.empty()) {
      const auto found = of.find(series);
      if (found != of.end()) row.resource = found->second;
    }
    tallies.add_row(row);
    if (kind == kSdk) tallies.add_reported(row);
    const bool missed = std::holds_alternative<core::Missed>(tallies.outcomes()[row.outcome]);
    if (kind == kProbe && !missed) tallies.add_sent(row.count);
  }

  core::Tallies& tallies;
  OutcomeIds& ids;
  std::unordered_map<record::SeriesId, std::uint32_t> of;  // resources
  std::unordered_map<std::int64_t, std::uint32_t> indexes;
};

void TallyTable::read_rows(const std::string& agreement, const Interval& span,
                           const Resources& resources, core::Tallies& tallies) {
  Reading to(tallies, outcomes_);
  for (const auto& [series, name] : resources) to.of[series] = tallies.intern_resource(name);
  const std::int64_t begin = number(first_minute(span.begin));
  const std::int64_t end = number(first_minute(span.end));
  Rows rows = tallies_.query(agreement, begin, end);
  while (rows.next()) {
    to.add(to.row(rows.integer(0), rows.integer(1), rows.count(2)), rows.integer(3),
           rows.integer(4));
  }
  Rows days = folded_.query(agreement, day_of(begin), day_of(end));
  FoldTable::read(days, begin, end, [&](const Rows& day, const FoldTable::Count& one) {
    to.add(to.row(one.minute, one.outcome, one.count), day.integer(3), day.integer(0));
  });
}

void TallyTable::read_gaps(const std::string& agreement, const Interval& span,
                           const Resources& resources, core::Tallies& tallies) {
  // Where the clock went back, the service may have stopped in a time that is a gap already: what
  // an earlier gap of the series covers is not due again.
  std::map<record::SeriesId, core::Instant> covered;
  Rows rows = gaps_.query(agreement, number(span.begin), number(span.end));
  while (rows.next()) {
    const core::Gap gap{{instant(rows.integer(0)), instant(rows.integer(1))},
                        period(rows.integer(2)),
                        gap_reason(rows.text(3)),
                        resource_of(resources, rows.integer(4)),
                        targets(rows.integer(5))};
    core::Instant& until = covered.try_emplace(rows.integer(4), span.begin).first->second;
    if (until < std::min(gap.span.end, span.end)) tallies.add_gap(gap.cut_to({until, span.end}));
    until = std::max(until, gap.span.end);
  }
}

void TallyTable::read_unseen(const std::string& agreement, const Interval& span,
                             const Resources& resources, core::Tallies& tallies) {
  Rows rows = unseen_.query(agreement, number(span.begin), number(span.end));
  while (rows.next()) {
    const core::Instant begin = std::max(instant(rows.integer(0)), span.begin);
    const core::Instant end = std::min(instant(rows.integer(1)), span.end);
    tallies.add_unseen({{begin, end}, rows.string(2), resource_of(resources, rows.integer(3))});
  }
}

void TallyTable::check_total(const std::string& agreement) {
  core::CountedTotal total;
  Rows rows = all_counts_.query(agreement);
  while (rows.next()) total.add(rows.count(0));
  constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
  Rows days = all_folded_.query(agreement);
  FoldTable::read(days, -kAll, kAll,
                  [&](const Rows&, const FoldTable::Count& one) { total.add(one.count); });
  if (auto few = total.check(); !few) throw Failure(few.error());
}

void TallyTable::read_series(record::SeriesId series, const Interval& span, bool is_folded,
                             const std::string& resource, core::Tallies& tallies) {
  Reading to(tallies, outcomes_);
  const std::uint32_t of = tallies.intern_resource(resource);
  const std::int64_t begin = number(first_minute(span.begin));
  const std::int64_t end = number(first_minute(span.end));
  std::vector<FoldTable::Count> counts;
  if (is_folded) counts = folds_.of_series(series, begin, end);
  {
    Rows rows = of_series_.query(series, begin, end);
    while (rows.next()) counts.push_back({rows.integer(0), rows.integer(1), rows.count(2)});
  }
  if (is_folded) {
    std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
      return std::pair(a.minute, a.outcome) < std::pair(b.minute, b.outcome);
    });
  }
  for (const FoldTable::Count& one : counts) {
    core::Tallies::Row row = to.row(one.minute, one.outcome, one.count);
    row.resource = of;
    tallies.add_row(row);
  }
}

std::vector<record::SourceTallies> TallyTable::by_source(const std::string& agreement,
                                                         const Interval& span) {
  std::unordered_set<record::SeriesId> folded;
  {
    Rows rows = folded_series_.query(agreement, day_of(number(first_minute(span.begin))),
                                     day_of(number(first_minute(span.end))));
    while (rows.next()) folded.insert(rows.integer(0));
  }
  // Series by series, in the order of what belongs together: to put all their rows in order takes
  // longer than to read them.
  std::vector<record::SourceTallies> all;
  const Resources resources = resources_.by_series(agreement);
  Rows series = sources_.query(agreement);
  while (series.next()) {
    const record::LogName source{series_kind(series.text(0)), series.string(1)};
    const std::string_view vantage = series.text(2);
    if (all.empty() || all.back().source != source || all.back().vantage != vantage) {
      all.push_back({source, std::string(vantage), {}});
    }
    const record::SeriesId id = series.integer(3);
    read_series(id, span, folded.contains(id), resource_of(resources, id), all.back().tallies);
  }
  std::erase_if(all, [](const record::SourceTallies& one) { return one.tallies.rows().empty(); });
  return all;
}

std::vector<std::pair<std::string, core::Gap>> TallyTable::probe_gaps(const std::string& agreement,
                                                                      const core::Interval& span) {
  std::vector<std::pair<std::string, core::Gap>> gaps;
  for (Rows rows = probe_gaps_.query(agreement, number(span.end), number(span.begin));
       rows.next();) {
    const core::Gap gap{{instant(rows.integer(1)), instant(rows.integer(2))},
                        core::Millis(rows.integer(3)),
                        gap_reason(rows.text(4)),
                        {},
                        static_cast<std::uint32_t>(rows.count(5))};
    gaps.emplace_back(rows.string(0), gap.cut_to(span));
  }
  return gaps;
}

std::vector<record::SourceTallies> TallyTable::probed_elsewhere(const std::string& agreement,
                                                                const core::Interval& span) {
  std::map<std::string, core::Tallies> by_vantage;
  const auto add = [&](const std::string& vantage, std::int64_t at, std::int64_t outcome,
                       std::uint64_t count) {
    by_vantage[vantage].add(minute(at), outcomes_.outcome(outcome), count);
  };
  const std::int64_t begin = number(std::chrono::floor<std::chrono::minutes>(span.begin));
  const std::int64_t end = number(std::chrono::ceil<std::chrono::minutes>(span.end));
  for (Rows rows = elsewhere_.query(agreement, begin, end); rows.next();) {
    add(rows.string(0), rows.integer(1), rows.integer(2), rows.count(3));
  }
  Rows days = elsewhere_folded_.query(agreement, day_of(begin), day_of(end));
  FoldTable::read(days, begin, end, [&](const Rows& day, const FoldTable::Count& one) {
    add(day.string(3), one.minute, one.outcome, one.count);
  });
  std::vector<record::SourceTallies> all;
  for (auto& [vantage, tallies] : by_vantage) {
    all.push_back({{record::SeriesKind::probe, ""}, vantage, std::move(tallies)});
  }
  return all;
}

std::vector<record::ClockStep> TallyTable::clock_steps(const Interval& span) {
  std::vector<record::ClockStep> steps;
  Rows rows = clock_steps_.query(number(span.begin), number(span.end));
  while (rows.next()) {
    steps.push_back(
        {instant(rows.integer(0)), millis(rows.integer(1)), core::Millis(0), rows.string(2)});
  }
  return steps;
}

std::optional<Interval> TallyTable::seen(const std::string& agreement) {
  Rows rows = seen_.query(agreement);
  if (!rows.next() || rows.integer(0) == 0) return std::nullopt;
  return Interval{instant(rows.integer(1)), instant(rows.integer(2))};
}

std::optional<core::Instant> TallyTable::seen_from(const std::string& agreement,
                                                   core::Instant from) {
  const std::int64_t begin = number(first_minute(from));
  std::optional<core::Instant> first;
  {
    Rows rows = seen_from_.query(begin, agreement, number(from), day_of(begin));
    if (rows.next() && rows.integer(0) > 0) first = instant(rows.integer(1));
  }
  // A folded day of which that instant is inside.
  Rows days = seen_on_.query(agreement, day_of(begin), begin);
  const std::int64_t end = (day_of(begin) + 1) * kMinutesOfDay;
  FoldTable::read(days, begin, end, [&](const Rows&, const FoldTable::Count& one) {
    const core::Instant at = minute(one.minute);
    first = std::min(first.value_or(at), at);
  });
  return first;
}

}  // namespace recoup::ledger
