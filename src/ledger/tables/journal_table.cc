#include "ledger/tables/journal_table.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "ledger/sql/sqlite.h"
#include "ledger/tables/columns.h"

namespace recoup::ledger {
namespace {

constexpr std::array<std::string_view, 4> kKinds{"file", "exclusion", "exclusion removed", "gap"};

record::JournalEntry::Kind kind_of(std::string_view text) {
  const auto at = std::find(kKinds.begin(), kKinds.end(), text);
  if (at == kKinds.end()) throw Failure({fmt::format("expected a journal's kind, got '{}'", text)});
  return static_cast<record::JournalEntry::Kind>(at - kKinds.begin());
}

}  // namespace

JournalTable::JournalTable(Database& database)
    : add_(database,
           "INSERT INTO journal (agreement, kind, begin_ms, end_ms, text, replaces) "
           "VALUES (?, ?, ?, ?, ?, ?)"),
      find_agreement_(database, "SELECT agreement FROM series WHERE id = ?"),
      after_(database,
             "SELECT id, kind, begin_ms, end_ms, text, replaces FROM journal "
             "WHERE agreement = ? AND id > ? ORDER BY id") {}

void JournalTable::add(const std::string& agreement, const record::JournalEntry& entry) {
  add_.run(agreement, kKinds[static_cast<std::size_t>(entry.kind)], number(entry.span.begin),
           number(entry.span.end), entry.text, entry.replaces);
}

void JournalTable::add_gaps(const std::vector<record::SeriesGap>& gaps) {
  std::map<std::string, core::Interval> spans;
  for (const auto& [series, gap] : gaps) {
    Rows found = find_agreement_.query(series);
    if (!found.next()) continue;
    const auto [at, is_new] = spans.try_emplace(std::string(found.text(0)), gap.span);
    at->second.begin = std::min(at->second.begin, gap.span.begin);
    at->second.end = std::max(at->second.end, gap.span.end);
  }
  for (const auto& [agreement, span] : spans) {
    add(agreement, {0, record::JournalEntry::Kind::gap, span});
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
                       std::string(rows.text(4)),
                       std::string(rows.text(5))});
  }
  return entries;
}

}  // namespace recoup::ledger
