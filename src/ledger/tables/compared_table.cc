#include "ledger/tables/compared_table.h"

#include <algorithm>
#include <unordered_map>

#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

using core::Interval;
using record::LogName;

core::Minute minute_from(core::Instant at) { return std::chrono::ceil<std::chrono::minutes>(at); }

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
            "WHERE agreement = $1 AND kind = $2 AND name = $3) AS spans"),
      sources_(connection,
               ("SELECT DISTINCT kind, name, "
                "CASE kind WHEN 'log' THEN coalesce((SELECT format FROM file "
                "WHERE file.agreement = series.agreement AND file.digest = series.part), '') "
                "WHEN 'query' THEN part ELSE '' END AS written, "
                "CASE WHEN " +
                kIsCompared +
                " THEN 1 ELSE 0 END, "
                "CASE WHEN kind IN ('probe', 'sdk') THEN part ELSE '' END AS vantage "
                "FROM series WHERE agreement = $1 AND EXISTS (SELECT 1 FROM tally "
                "WHERE tally.series = series.id AND minute >= $2 AND minute < $3) "
                "ORDER BY kind, name, written, vantage")
                   .c_str()),
      tallies_(connection,
               ("SELECT CASE WHEN " + kIsCompared +
                " THEN series.name ELSE '' END AS log, "
                "tally.minute, tally.outcome, tally.count, tally.series "
                "FROM series JOIN tally ON tally.series = series.id "
                "WHERE series.agreement = $1 AND series.kind <> 'probe' "
                "AND tally.minute >= $2 AND tally.minute < $3 ORDER BY log, tally.minute")
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
  std::vector<record::SeenSource> sources;
  Rows rows =
      sources_.query(agreement, number(minute_from(span.begin)), number(minute_from(span.end)));
  while (rows.next()) {
    sources.push_back({{series_kind(rows.text(0)), rows.string(1)},
                       rows.string(2),
                       rows.integer(3) != 0,
                       rows.string(4)});
  }
  return sources;
}

std::vector<record::LogTallies> ComparedTable::tallies(const std::string& agreement,
                                                       const Interval& span) {
  if (of(agreement).empty()) return {};
  std::vector<record::LogTallies> logs(1);
  const auto resources = resources_.by_series(agreement);
  Rows rows =
      tallies_.query(agreement, number(minute_from(span.begin)), number(minute_from(span.end)));
  while (rows.next()) {
    if (rows.text(0) != logs.back().log) logs.push_back({rows.string(0), {}});
    core::Tallies& to = logs.back().tallies;
    const auto named = resources.find(rows.integer(4));
    to.add(minute(rows.integer(1)), outcomes_.outcome(rows.integer(2)), rows.count(3),
           named == resources.end() ? std::string() : named->second);
  }
  for (const record::LogTallies& one : logs) {
    if (auto few = one.tallies.check_total(); !few) throw Failure(few.error());
  }
  return logs;
}

}  // namespace recoup::ledger
