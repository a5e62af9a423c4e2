#include "ledger/tables/compared_table.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

using core::Interval;
using record::LogName;

core::Minute minute_from(core::Instant at) { return std::chrono::ceil<std::chrono::minutes>(at); }

// Of a `series`: its source, how it is written, whether it is compared, and where from.
const std::string kSource =
    "kind, name, CASE kind WHEN 'log' THEN coalesce((SELECT format FROM file "
    "WHERE file.agreement = series.agreement AND file.digest = series.part), '') "
    "WHEN 'query' THEN part ELSE '' END AS written, CASE WHEN " +
    kIsCompared +
    " THEN 1 ELSE 0 END, CASE WHEN kind IN ('probe', 'sdk') THEN part ELSE '' END AS vantage";

record::SeenSource source_of(const Rows& row, int first) {
  return {{series_kind(row.text(first)), row.string(first + 1)},
          row.string(first + 2),
          row.integer(first + 3) != 0,
          row.string(first + 4)};
}

std::vector<LogName> in_order(std::vector<LogName> logs) {
  std::sort(logs.begin(), logs.end());
  logs.erase(std::unique(logs.begin(), logs.end()), logs.end());
  return logs;
}

}  // namespace

ComparedTable::ComparedTable(Connection& connection, OutcomeIds& outcomes, JournalTable& journal,
                             ResourceTable& resources)
    : outcomes_(outcomes),
      journal_(journal),
      resources_(resources),
      of_(connection, "SELECT kind, name FROM compared WHERE agreement = $1"),
      add_(connection, "INSERT INTO compared (agreement, kind, name) VALUES ($1, $2, $3)"),
      remove_(connection, "DELETE FROM compared WHERE agreement = $1 AND kind = $2 AND name = $3"),
      span_(connection,
            "SELECT count(first), min(first), max(last) FROM ("
            "SELECT (SELECT min(minute) FROM tally WHERE series = id) AS first, "
            "(SELECT max(minute) FROM tally WHERE series = id) AS last FROM series "
            "WHERE agreement = $1 AND kind = $2 AND name = $3 UNION ALL "
            "SELECT (SELECT min(first_minute) FROM tally_day WHERE series = id), "
            "(SELECT max(last_minute) FROM tally_day WHERE series = id) FROM series "
            "WHERE agreement = $1 AND kind = $2 AND name = $3) AS spans"),
      sources_(connection,
               ("SELECT DISTINCT " + kSource +
                " FROM series WHERE agreement = $1 AND (EXISTS (SELECT 1 FROM tally "
                "WHERE tally.series = series.id AND minute >= $2 AND minute < $3) "
                "OR EXISTS (SELECT 1 FROM tally_day WHERE tally_day.series = series.id "
                "AND day >= $4 AND day <= $5 AND (first_minute >= $2 AND first_minute < $3 "
                "OR last_minute >= $2 AND last_minute < $3))) "
                "ORDER BY kind, name, written, vantage")
                   .c_str()),
      unsure_(connection, ("SELECT tally_day.series, day, counts, " + kSource +
                           " FROM series JOIN tally_day ON tally_day.series = series.id "
                           "WHERE agreement = $1 AND day = $2 AND last_minute >= $3 "
                           "AND first_minute < $4")
                              .c_str()),
      tallies_(connection,
               ("SELECT CASE WHEN " + kIsCompared +
                " THEN series.name ELSE '' END AS log, "
                "tally.minute, tally.outcome, tally.count, tally.series "
                "FROM series JOIN tally ON tally.series = series.id "
                "WHERE series.agreement = $1 AND series.kind <> 'probe' "
                "AND tally.minute >= $2 AND tally.minute < $3 ORDER BY log, tally.minute")
                   .c_str()),
      folded_(connection, ("SELECT tally_day.series, day, counts, CASE WHEN " + kIsCompared +
                           " THEN series.name ELSE '' END AS log "
                           "FROM series JOIN tally_day ON tally_day.series = series.id "
                           "WHERE series.agreement = $1 AND series.kind <> 'probe' AND day >= $2 "
                           "AND day <= $3 ORDER BY log, day")
                              .c_str()) {}

std::vector<LogName> ComparedTable::of(const std::string& agreement) {
  std::vector<LogName> logs;
  Rows rows = of_.query(agreement);
  while (rows.next()) logs.push_back({series_kind(rows.text(0)), rows.string(1)});
  return in_order(std::move(logs));
}

bool ComparedTable::is_as_said(const Logs& logs) {
  return std::all_of(logs.begin(), logs.end(),
                     [&](const auto& one) { return of(one.first) == in_order(one.second); });
}

void ComparedTable::say(const Logs& logs) {
  using Kind = record::JournalEntry::Kind;
  for (const auto& [agreement, names] : logs) {
    const std::vector<LogName> before = of(agreement);
    const std::vector<LogName> after = in_order(names);
    for (const LogName& log : before) {
      if (std::binary_search(after.begin(), after.end(), log)) continue;
      remove_.run(agreement, to_text(log.kind), log.name);
      note(agreement, log, Kind::counted);
    }
    for (const LogName& log : after) {
      if (std::binary_search(before.begin(), before.end(), log)) continue;
      add_.run(agreement, to_text(log.kind), log.name);
      note(agreement, log, Kind::compared);
    }
  }
}

// Where the log has no counts nothing changes.
void ComparedTable::note(const std::string& agreement, const LogName& log,
                         record::JournalEntry::Kind kind) {
  Interval span;
  {
    Rows rows = span_.query(agreement, to_text(log.kind), log.name);
    if (!rows.next() || rows.integer(0) == 0) return;
    span = {minute(rows.integer(1)), minute(rows.integer(2)) + std::chrono::minutes(1)};
  }
  journal_.add(agreement, {0, kind, span, log.name});
}

std::vector<record::SeenSource> ComparedTable::sources(const std::string& agreement,
                                                       const Interval& span) {
  const std::int64_t begin = number(minute_from(span.begin));
  const std::int64_t end = number(minute_from(span.end));
  std::vector<record::SeenSource> sources;
  {
    Rows rows = sources_.query(agreement, begin, end, day_of(begin), day_of(end));
    while (rows.next()) sources.push_back(source_of(rows, 0));
  }
  if (day_of(begin) != day_of(end)) return sources;
  // Inside one day: one that is folded may have counts before and behind, and none in it.
  const std::size_t sure = sources.size();
  {
    Rows days = unsure_.query(agreement, day_of(begin), begin, end);
    FoldTable::read(days, begin, end, [&](const Rows& day, const FoldTable::Count&) {
      record::SeenSource one = source_of(day, 3);
      if (std::find(sources.begin(), sources.end(), one) == sources.end())
        sources.push_back(std::move(one));
    });
  }
  if (sources.size() > sure) {
    std::sort(sources.begin(), sources.end(), [](const auto& a, const auto& b) {
      const auto place = [](const record::SeenSource& one) {
        return std::tuple(to_text(one.log.kind), std::string_view(one.log.name),
                          std::string_view(one.format), std::string_view(one.vantage));
      };
      return place(a) < place(b);
    });
  }
  return sources;
}

std::vector<record::LogTallies> ComparedTable::tallies(const std::string& agreement,
                                                       const Interval& span) {
  if (of(agreement).empty()) return {};
  std::vector<record::LogTallies> logs(1);
  const auto resources = resources_.by_series(agreement);
  // Those of one log stand together.
  std::size_t at = 0;
  const auto add = [&](std::string_view log, record::SeriesId series, std::int64_t when,
                       std::int64_t outcome, std::uint64_t count) {
    if (log != logs[at].log) {
      at = static_cast<std::size_t>(
          std::find_if(logs.begin(), logs.end(),
                       [&](const record::LogTallies& one) { return one.log == log; }) -
          logs.begin());
      if (at == logs.size()) logs.push_back({std::string(log), {}});
    }
    const auto named = resources.find(series);
    logs[at].tallies.add(minute(when), outcomes_.outcome(outcome), count,
                         named == resources.end() ? std::string() : named->second);
  };
  const std::int64_t begin = number(minute_from(span.begin));
  const std::int64_t end = number(minute_from(span.end));
  {
    Rows rows = tallies_.query(agreement, begin, end);
    while (rows.next()) {
      add(rows.text(0), rows.integer(4), rows.integer(1), rows.integer(2), rows.count(3));
    }
  }
  Rows days = folded_.query(agreement, day_of(begin), day_of(end));
  FoldTable::read(days, begin, end, [&](const Rows& day, const FoldTable::Count& one) {
    add(day.text(3), day.integer(0), one.minute, one.outcome, one.count);
  });
  std::sort(logs.begin() + 1, logs.end(),
            [](const auto& a, const auto& b) { return a.log < b.log; });
  for (const record::LogTallies& one : logs) {
    if (auto few = one.tallies.check_total(); !few) throw Failure(few.error());
  }
  return logs;
}

}  // namespace recoup::ledger
