#include "ledger/tables/journal_table.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "ledger/sql/connection.h"
#include "ledger/tables/columns.h"
#include "record/late.h"

namespace recoup::ledger {
namespace {

constexpr std::array<std::string_view, 11> kKinds{
    "file",    "file removed", "exclusion",        "exclusion removed", "gap",  "compared",
    "counted", "incident",     "incident removed", "resource",          "query"};

record::JournalEntry::Kind kind_of(std::string_view text) {
  const auto at = std::find(kKinds.begin(), kKinds.end(), text);
  if (at == kKinds.end()) throw Failure({fmt::format("expected a journal's kind, got '{}'", text)});
  return static_cast<record::JournalEntry::Kind>(at - kKinds.begin());
}

}  // namespace

JournalTable::JournalTable(Connection& connection)
    // Numbered in the order in which they become visible, which a database's own numbers are not
    // where several write at once: who has read up to one has read all before it.
    : add_(connection,
           "INSERT INTO journal (id, agreement, kind, begin_ms, end_ms, text, replaces) "
           "SELECT coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6 FROM journal"),
      find_agreement_(connection, "SELECT agreement FROM series WHERE id = $1"),
      after_(connection,
             "SELECT id, kind, begin_ms, end_ms, text, replaces FROM journal "
             "WHERE agreement = $1 AND id > $2 ORDER BY id"),
      news_(connection, "SELECT agreement, max(id) FROM journal WHERE id > $1 GROUP BY agreement") {
}

void JournalTable::add(const std::string& agreement, const record::JournalEntry& entry) {
  add_.run(agreement, kKinds[static_cast<std::size_t>(entry.kind)], number(entry.span.begin),
           number(entry.span.end), entry.text, entry.replaces);
}

void JournalTable::add_gaps(const std::vector<record::SeriesGap>& gaps) {
  std::vector<std::pair<record::SeriesId, core::Interval>> spans;
  for (const auto& [series, gap] : gaps) spans.emplace_back(series, gap.span);
  add_spans(spans);
}

void JournalTable::add_unseen(const std::vector<record::SeriesUnseen>& unseen) {
  std::vector<std::pair<record::SeriesId, core::Interval>> spans;
  for (const auto& [series, one] : unseen) spans.emplace_back(series, one.span);
  add_spans(spans);
}

void JournalTable::add_late(const record::Batch& batch) {
  std::vector<std::pair<record::SeriesId, core::Interval>> spans;
  for (const record::SeriesMinute& row : batch.minutes) {
    const core::Instant begin = row.minute;
    spans.emplace_back(row.series, core::Interval{begin, begin + std::chrono::minutes(1)});
  }
  for (const auto& [series, one] : batch.evidence) {
    spans.emplace_back(series, core::Interval{one.at, one.at + core::Millis(1)});
  }
  add_spans(spans, record::kCameLate);
}

// One entry for each agreement.
void JournalTable::add_spans(const std::vector<std::pair<record::SeriesId, core::Interval>>& spans,
                             std::string_view mark) {
  std::map<std::string, core::Interval> joined;
  for (const auto& [series, span] : spans) {
    Rows found = find_agreement_.query(series);
    if (!found.next()) continue;
    const auto [at, is_new] = joined.try_emplace(found.string(0), span);
    at->second.begin = std::min(at->second.begin, span.begin);
    at->second.end = std::max(at->second.end, span.end);
  }
  for (const auto& [agreement, span] : joined) {
    add(agreement, {0, record::JournalEntry::Kind::gap, span, "", std::string(mark)});
  }
}

std::vector<record::JournalEntry> JournalTable::after(const std::string& agreement,
                                                      std::uint64_t id) {
  std::vector<record::JournalEntry> entries;
  Rows rows = after_.query(agreement, id);
  while (rows.next()) {
    entries.push_back({rows.count(0),
                       kind_of(rows.text(1)),
                       {instant(rows.integer(2)), instant(rows.integer(3))},
                       rows.string(4),
                       rows.string(5)});
  }
  return entries;
}

std::map<std::string, std::uint64_t> JournalTable::news(std::uint64_t after) {
  std::map<std::string, std::uint64_t> newest;
  Rows rows = news_.query(after);
  while (rows.next()) newest.emplace(rows.string(0), rows.count(1));
  return newest;
}

ExclusionTable::ExclusionTable(Connection& connection, JournalTable& journal)
    : journal_(journal),
      put_(connection,
           "INSERT INTO exclusion (agreement, begin_ms, end_ms, reason) VALUES ($1, $2, $3, $4) "
           "ON CONFLICT (agreement, begin_ms, end_ms) DO UPDATE SET reason = excluded.reason"),
      remove_(connection,
              "DELETE FROM exclusion WHERE agreement = $1 AND begin_ms = $2 AND end_ms = $3"),
      all_(connection,
           "SELECT begin_ms, end_ms, reason FROM exclusion WHERE agreement = $1 "
           "ORDER BY begin_ms, end_ms") {}

void ExclusionTable::put(const std::string& agreement, const core::ExclusionWindow& window) {
  put_.run(agreement, number(window.span.begin), number(window.span.end), window.reason);
  journal_.add(agreement, {0, record::JournalEntry::Kind::exclusion, window.span, window.reason});
}

bool ExclusionTable::remove(const std::string& agreement, const core::Interval& span) {
  if (remove_.change(agreement, number(span.begin), number(span.end)) == 0) return false;
  journal_.add(agreement, {0, record::JournalEntry::Kind::exclusion_removed, span});
  return true;
}

std::vector<core::ExclusionWindow> ExclusionTable::all(const std::string& agreement) {
  std::vector<core::ExclusionWindow> windows;
  Rows rows = all_.query(agreement);
  while (rows.next()) {
    windows.push_back({{instant(rows.integer(0)), instant(rows.integer(1))}, rows.string(2)});
  }
  return windows;
}

}  // namespace recoup::ledger
