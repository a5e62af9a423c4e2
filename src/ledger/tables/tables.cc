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

// FileContent puts the pieces of one file into its series, and adds up what they touch.
class FileContent {
 public:
  FileContent(Tables& at, record::SeriesId series) : at_(at), series_(series) {
    at_.evidence.begin();
  }

  void put(const record::Batch& piece) {
    for (const record::SeriesMinute& row : piece.minutes) {
      const Instant minute = row.minute;
      touched_ = joined(touched_, {minute, minute + std::chrono::minutes(1)});
      for (const core::OutcomeCount& one : row.counts) add_up(one.count);
      at_.tallies.put(series_, row);
    }
    for (const record::SeriesEvidence& row : piece.evidence) {
      touched_ = joined(touched_, {row.evidence.at, row.evidence.at + core::Millis(1)});
      at_.evidence.put(series_, row.evidence);
    }
  }

  // When all pieces were put. Only a file that alone counts an eight millionth of what counts may
  // add up to can make them too many: only then are they added up.
  void finish(const std::string& agreement) {
    at_.evidence.end();
    if (counted_ == kLarge) at_.tallies.check_total(agreement);
  }

  // The time from the first to the last minute or record.
  const Interval& touched() const { return touched_; }

 private:
  static constexpr std::uint64_t kLarge = core::kMostCounted >> 23;

  void add_up(std::uint64_t count) {
    counted_ = count > kLarge ? kLarge : std::min(kLarge, counted_ + count);
  }

  Tables& at_;
  record::SeriesId series_;
  Interval touched_;
  std::uint64_t counted_ = 0;  // kLarge at most
};

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
  for (const record::Checkpoint& row : batch.checkpoints) tallies.put(row);
  for (const record::SeriesGap& row : batch.gaps) tallies.put(row);
  journal.add_gaps(batch.gaps);
  for (const record::ClockStep& step : batch.clock_steps) tallies.put(step);
}

bool Tables::import(const std::string& agreement, const std::string& log,
                    const record::ImportedFile& file, const record::Pieces& pieces,
                    const std::string& replaces, std::optional<std::uint64_t> compared_with) {
  assert(!file.digest.empty());
  if (file.digest != replaces && files.has(agreement, file.digest)) return false;
  if (compared_with && files.last_import(agreement) != *compared_with) return false;
  Interval replaced;
  if (!replaces.empty()) replaced = files.remove(agreement, replaces);
  const record::SeriesId id = series.id({agreement, record::SeriesKind::file, log, file.digest});
  files.add(id, agreement, log, file);
  FileContent content(*this, id);
  const auto put = pieces([&](const record::Batch& piece) { content.put(piece); });
  if (!put) throw Failure(put.error());
  content.finish(agreement);
  journal.add(agreement, {0, record::JournalEntry::Kind::file, joined(content.touched(), replaced),
                          file.name, replaces});
  return true;
}

}  // namespace recoup::ledger
