#include "ledger/tables/tables.h"

#include <algorithm>
#include <cassert>

namespace recoup::ledger {
namespace {

using core::Instant;
using core::Interval;

// The shortest time that holds both; an empty one holds nothing.
Interval joined(const Interval& a, const Interval& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

// The time from the first to the last minute of the content, and of its evidence.
Interval span_of(const record::Batch& content) {
  Interval span;
  for (const record::SeriesMinute& row : content.minutes) {
    const Instant at = row.minute;
    span = joined(span, {at, at + std::chrono::minutes(1)});
  }
  for (const record::SeriesEvidence& row : content.evidence) {
    span = joined(span, {row.evidence.at, row.evidence.at + core::Millis(1)});
  }
  return span;
}

// Whether the content alone is an eight millionth of what counts may add up to: only then can it be
// that they add up to more, and are added.
bool is_large(const record::Batch& content) {
  constexpr std::uint64_t kLarge = core::kMostCounted >> 23;
  std::uint64_t sum = 0;
  for (const record::SeriesMinute& row : content.minutes) {
    for (const record::OutcomeCount& one : row.counts) {
      sum = one.count > kLarge ? kLarge : std::min(kLarge, sum + one.count);
    }
  }
  return sum == kLarge;
}

}  // namespace

Tables::Tables(Connection& to)
    : connection(to),
      outcomes(to),
      series(to),
      tallies(to, outcomes),
      evidence(to, outcomes),
      files(to, evidence),
      journal(to),
      exclusions(to, journal),
      seals(to),
      claims(to) {}

void Tables::put(const record::Batch& batch) {
  for (const record::SeriesMinute& row : batch.minutes) tallies.put(row.series, row);
  evidence.begin();
  for (const record::SeriesEvidence& row : batch.evidence) evidence.put(row.series, row.evidence);
  evidence.end();
  for (const record::Accounted& row : batch.accounted) tallies.put(row);
  for (const record::SeriesGap& row : batch.gaps) tallies.put(row);
  journal.add_gaps(batch.gaps);
  for (const record::ClockStep& step : batch.clock_steps) tallies.put(step);
}

bool Tables::import(const std::string& agreement, const std::string& log,
                    const record::ImportedFile& file, const record::Batch& content,
                    const std::string& replaces, std::optional<std::uint64_t> compared_with) {
  assert(!file.digest.empty());
  if (file.digest != replaces && files.has(agreement, file.digest)) return false;
  if (compared_with && files.last_import(agreement) != *compared_with) return false;
  Interval touched = span_of(content);
  if (!replaces.empty()) touched = joined(touched, files.remove(agreement, replaces));
  const record::SeriesId id = series.id({agreement, record::SeriesKind::log, log, file.digest});
  files.add(id, agreement, log, file);
  for (const record::SeriesMinute& row : content.minutes) tallies.put(id, row);
  if (is_large(content)) tallies.check_total(agreement);
  evidence.begin();
  for (const record::SeriesEvidence& row : content.evidence) evidence.put(id, row.evidence);
  evidence.end();
  journal.add(agreement, {0, record::JournalEntry::Kind::file, touched, file.name, replaces});
  return true;
}

}  // namespace recoup::ledger
