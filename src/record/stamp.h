#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/tally.h"
#include "core/time.h"
#include "record/chain.h"
#include "record/records.h"

// What a third party signs the time of: a document of digests, and the token that comes back.
namespace recoup::record {

// StampedSource is one source of an agreement in the time of a stamp.
struct StampedSource {
  std::string kind;  // to_text(SeriesKind)
  std::string name;
  std::string part;  // the vantage point; empty of a log
  std::uint64_t requests = 0;
  std::string tallies_sha256;  // of canonical_source()

  bool operator==(const StampedSource&) const = default;
};

// StampedSeal is the seal that a stamp is of.
struct StampedSeal {
  core::Month month{};
  int revision = 1;
  std::string digest;

  bool operator==(const StampedSeal&) const = default;
};

// StampDocument is what is signed: of whole UTC days, what each source counted in them and how far
// the chains of evidence reached when it was made; or, of a billing cycle, its seal.
struct StampDocument {
  std::string agreement;
  core::Interval span;   // the days, or the cycle
  int revision = 1;      // of the same days: the next one where they changed
  std::string reason;    // why there is a further revision; empty for the first
  std::string previous;  // the SHA-256 of the token before it, of the same agreement; or empty
  std::vector<StampedSource> sources;  // by kind, name and part
  std::vector<ChainHead> chain;        // of the series with evidence in the time
  std::optional<StampedSeal> seal;     // then there are neither sources nor chain

  // What its files are called: "2026-10-03", "2026-10-03-r2", "seal-2026-10-r1".
  std::string name() const;

  bool operator==(const StampDocument&) const = default;
};

// The document as JSON with its keys in order: equal documents give equal bytes. The SHA-256 of the
// text is the imprint of the token.
std::string canonical_stamp(const StampDocument& document);

// The document again; only from the text that canonical_stamp() gives of it.
core::Result<StampDocument> parse_stamp(std::string_view text);

// What one source counted, as text with a digest: "source", its kind, and its name and part as
// canonical_words() writes them; then by minute the sums by outcome, minutes that are alike after
// each other in one line, with how many there are:
//   2026-10-03T10:03:00Z 57 200 60 503/SlowDown 2
std::string canonical_source(const SourceTallies& source);

// Such texts one after the other, read again; the error's `where` is the line.
core::Result<std::vector<SourceTallies>> parse_sources(std::string_view text);

// What a document says of them.
StampedSource stamped_source(const SourceTallies& source);

// Stamp is a document and what was signed of it, as a ledger keeps it.
struct Stamp {
  std::string agreement;
  core::Interval span;
  core::Instant at;      // the time in the token
  std::string document;  // canonical_stamp()
  std::string token;     // the answer of the authority as it came: a TimeStampResp of RFC 3161
  std::string chain;     // the certificates that the signer's rests on, PEM

  bool operator==(const Stamp&) const = default;
};

// ReadStamp is a stamp with its document read.
struct ReadStamp {
  Stamp stamp;
  StampDocument document;
};

// StampedTime is what is signed of a time of an agreement.
struct StampedTime {
  // All stamps from the first that overlaps the time up to the last, without a break.
  std::vector<ReadStamp> stamps;
  std::vector<core::Interval> missing;  // days of it that are over and were never stamped
  std::vector<core::Interval> changed;  // days whose counts are others than were last stamped
  // What the sources counted, by the begin of the days of each stamp that overlaps the time.
  std::map<core::Instant, std::string> texts;

  bool none() const { return stamps.empty(); }
};

// The parts of the time that no stamp of days covers, in their order.
std::vector<core::Interval> uncovered(const core::Interval& time,
                                      const std::vector<ReadStamp>& stamps);

// The newest stamp of exactly these days among those that are given; null where there is none.
const ReadStamp* newest_of(const std::vector<ReadStamp>& stamps, const core::Interval& days);

}  // namespace recoup::record
