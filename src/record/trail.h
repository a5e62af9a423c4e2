#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/outcome.h"
#include "core/time.h"
#include "record/evidence.h"
#include "record/records.h"

// A trail is a log of the provider's own whose records name whom they belong to, and have an id
// each: AWS CloudTrail. Its files come late, in any order, overlap and repeat records; a record is
// known again by its id, in whichever file it comes.
namespace recoup::record {

// Event is one request that a trail tells of.
struct Event {
  core::Instant at;
  std::uint64_t id = 0;       // 63 bits of a hash of the record's id, or of that which it corrects
  std::uint32_t outcome = 0;  // its place in Events::outcomes
  bool corrected = false;     // it takes the place of the record that was first told of the request
};

// TrailMark is what a trail says of itself: that it was switched off, or on, or had an outage. What
// happened from an `off` to the next event, or `on`, was not seen; in the minute of an outage, not
// all.
struct TrailMark {
  enum class Kind { off, on, outage };

  core::Instant at;
  Kind kind = Kind::off;
  std::string what;  // in words: "StopLogging"

  auto operator<=>(const TrailMark&) const = default;
};

// Events is what one file of a trail tells of one agreement, in whatever order.
struct Events {
  std::vector<core::Outcome> outcomes;
  std::vector<Event> events;
  std::vector<Evidence> evidence;  // of some of these: `tie` is the event's id
  std::vector<TrailMark> marks;
  core::Instant heard;  // the last thing that the file tells of the account, of whatever service
};

// TrailFile is a file of a trail on its way into a ledger: the part of it that is one agreement's.
struct TrailFile {
  std::string agreement;
  std::string log;    // the log's id in the settings
  ImportedFile file;  // its counts are of this agreement alone
  Events events;
};

// TrailAdded is what became of one.
struct TrailAdded {
  bool is_new = false;  // false: nothing of it was, and nothing changed
  // Of a file that was read before: ImportedFile::only as it was then.
  core::Interval read_only{{}, core::kOpenEnd};
  std::uint64_t counted = 0;     // events that count from now on
  std::uint64_t duplicates = 0;  // that were known, from this file or another one
  std::uint64_t corrected = 0;   // that took the place of another one
};

}  // namespace recoup::record
