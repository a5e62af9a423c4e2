#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/assessment.h"
#include "core/charge.h"
#include "core/tally.h"
#include "record/digest.h"
#include "record/evidence.h"

namespace recoup::record {

// Canonical texts: equal values give equal bytes on every machine, in whatever order their rows
// came, so that a digest of the text stands for the value. Lines end with LF, fields are parted by
// one space. Numbers are whole or exact fractions in lowest terms ("8639/8640"), instants are as
// to_text() writes them. Free text is UTF-8 as it is, after its length in bytes: "5:GET /".

std::string canonical_fraction(const core::Ratio& ratio);
std::string canonical_words(std::string_view text);

// "yes" or "no".
inline const char* canonical_truth(bool value) { return value ? "yes" : "no"; }

// "recoup tallies 1", then by minute and outcome the sums over all series
//   2026-10-03T10:03:00Z 503/SlowDown 12
// without those that are 0, then the gaps by begin, end and period, each series' own
//   gap 2026-10-03T11:00:00Z 2026-10-03T11:05:00Z 5000
// the times that a source did not see, where there are some,
//   unseen 2026-10-03T12:00:00Z 2026-10-03T12:30:00Z 11:StopLogging
// and how many of the requests our own probes sent: "sent 11".
std::string canonical_tallies(const core::Tallies& tallies);

// "recoup assessment 1", the cycle, its interval in minutes, the uptime and its bounds, whether the
// commitment was met, the tier (from 1, the highest uptime first), the sums over intervals and
// Requests, the probes due, one line for every interval below 100 % and one for every exclusion
// that touches the cycle, by begin and end:
//   below 2026-10-03T10:00:00Z <Requests> <Errors> <not Requests> <unattributed> <missed>
//   exclusion <begin> <end> <uptime without it> <reason>
// and, where there are some, one line each for calls of other services, calls on custom key stores,
// answers that refused what we sent, intervals that were not seen and lines that could not be read:
//   indirect <Requests> <Errors> <counted> <uptime otherwise>
//   key-store <calls>
//   refused <answers> <of these served> <left out>
//   unseen <intervals>
//   unread <lines>
std::string canonical_assessment(const core::Assessment& assessment);

// "recoup charge 1", then "unknown", or amount, source, note, whether it is final, and, each in the
// order of its text, the lines, the remarks and what other sources say.
std::string canonical_charge(const std::optional<core::Charge>& charge);

// Appends the line of one record, without what only the ledger knows:
//   <at in ms since 1970> <tie> <outcome> <duration in ms> <request id> <peer> <detail>
void append_canonical(std::string& text, const Evidence& evidence);

// EvidenceDigest is the digest over "recoup evidence 1" and the lines of all records by time and,
// within a millisecond, by their text. Holds the records of one millisecond at a time.
class EvidenceDigest {
 public:
  EvidenceDigest();

  // Records come by time; those of one instant in any order.
  void add(const Evidence& evidence);

  // Of all records so far; nothing may be added after it.
  std::string hex();
  std::uint64_t count() const { return count_; }

 private:
  void flush();

  Sha256 digest_;
  core::Instant at_;
  std::vector<std::string> lines_;
  std::uint64_t count_ = 0;
};

}  // namespace recoup::record
