#include "judge/stamps.h"

#include <algorithm>
#include <utility>

namespace recoup::judge {
namespace {

using core::Instant;
using core::Interval;
using core::Result;

// Drops what stands behind the last stamp of the time.
void cut_behind(std::vector<ReadStamp>& stamps, const Interval& time) {
  while (!stamps.empty() && !stamps.back().stamp.span.overlaps(time)) stamps.pop_back();
}

}  // namespace

Instant day_begin(Instant at) { return std::chrono::floor<std::chrono::days>(at); }

Instant days_over(Instant now) { return day_begin(now - kStampGrace); }

Result<SourcesNow> sources_now(ledger::TallyStore& ledger, const std::string& agreement,
                               const Interval& days) {
  const auto tallies = ledger.tallies_by_source(agreement, days);
  if (!tallies) return tallies.error();
  SourcesNow now;
  for (const record::SourceTallies& source : *tallies) {
    now.sources.push_back(record::stamped_source(source));
    now.text += record::canonical_source(source);
  }
  return now;
}

Result<std::vector<ReadStamp>> read_stamps(ledger::StampStore& ledger, const std::string& agreement,
                                           Instant from) {
  auto kept = ledger.stamps(agreement, from);
  if (!kept) return kept.error();
  std::vector<ReadStamp> stamps;
  for (record::Stamp& stamp : *kept) {
    auto document = record::parse_stamp(stamp.document);
    if (!document) return document.error();
    stamps.push_back({std::move(stamp), *std::move(document)});
  }
  return stamps;
}

Result<StampedTime> stamped_time(ledger::Ledger& ledger, const std::string& agreement,
                                 const Interval& time, Instant now) {
  StampedTime stamped;
  auto stamps = read_stamps(ledger, agreement, time.begin);
  if (!stamps) return stamps.error();
  cut_behind(*stamps, time);
  if (stamps->empty()) return stamped;
  stamped.stamps = *std::move(stamps);
  for (const ReadStamp& one : stamped.stamps) {
    const Interval& days = one.document.span;
    if (one.document.seal || !days.overlaps(time)) continue;
    if (record::newest_of(stamped.stamps, days) != &one) continue;
    auto counted = sources_now(ledger, agreement, days);
    if (!counted) return counted.error();
    if (counted->sources != one.document.sources) stamped.changed.push_back(days);
    stamped.texts[days.begin] = std::move(counted->text);
  }
  const Instant end = std::min(time.end, days_over(now));
  if (time.begin < end) stamped.missing = record::uncovered({time.begin, end}, stamped.stamps);
  return stamped;
}

}  // namespace recoup::judge
