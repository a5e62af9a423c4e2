#pragma once

#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "record/stamp.h"

// What of a time is signed by a third party, and what of it has changed since.
namespace recoup::judge {

// How long after the end of a UTC day it is stamped: what was sent in it is answered and written.
inline constexpr core::Millis kStampGrace = std::chrono::minutes(10);

// The begin of the UTC day that the instant is in.
core::Instant day_begin(core::Instant at);

// Up to when days are over by `now`, with the grace.
core::Instant days_over(core::Instant now);

// SourcesNow is what each source counted in a time by the ledger as it is.
struct SourcesNow {
  std::vector<record::StampedSource> sources;
  std::string text;  // canonical_source() of each, one after the other
};
core::Result<SourcesNow> sources_now(ledger::TallyStore& ledger, const std::string& agreement,
                                     const core::Interval& days);

using record::ReadStamp;
using record::StampedTime;

// What is signed of the agreement's time by the ledger; of days that have begun before it and end
// in it, the whole. Where the ledger has no stamp of the time, nothing is missing.
core::Result<StampedTime> stamped_time(ledger::Ledger& ledger, const std::string& agreement,
                                       const core::Interval& time, core::Instant now);

// The stamps with their documents; an error where one is none.
core::Result<std::vector<ReadStamp>> read_stamps(ledger::StampStore& ledger,
                                                 const std::string& agreement, core::Instant from);

}  // namespace recoup::judge
