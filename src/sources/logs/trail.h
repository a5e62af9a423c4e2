#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "documents/content.h"
#include "record/evidence.h"
#include "record/trail.h"
#include "sources/logs/intake.h"

// Reads AWS CloudTrail log files: {"Records":[…]}, or one record a line. A record says itself whose
// Request it is, so that one file is read once for all agreements; it has an id, so that it counts
// once whichever files have it.
//
// A record is a Request of an agreement when it is an AwsApiCall of category Management or Data
// (older records name none), of the contract's event source, in the agreement's Region, delivered
// to the agreement's account and made by it: a call of another account on our key is that account's
// Request. A call by another service of AWS on behalf of the account is marked so
// (core::Answered::indirect); which contract counts those is not decided here.
namespace recoup::sources {

// TrailWish is what one agreement wants of a trail. Empty account or Region: of any.
struct TrailWish {
  std::vector<std::string> event_sources;  // "kms.amazonaws.com"
  std::string account;
  std::string region;
  std::vector<std::string> key_stores;  // ids or ARNs of keys in custom key stores
  // The status that goes with an error's name (rules::RecordedService); 0: nobody knows.
  std::function<int(std::string_view)> status_of;
  record::WorthARecord worth;  // which outcomes are worth a record, beside failures
};

// TrailShare is what a file tells of one agreement.
struct TrailShare {
  record::Events events;
  std::uint64_t requests = 0;          // as the file has them: duplicates count
  std::uint64_t indirect = 0;          // of these
  std::uint64_t key_store = 0;         // of these
  std::uint64_t evidence_dropped = 0;  // records that found no room
  core::Interval span;                 // of these
};

// TrailContent is what one file says. records = malformed + of_others + all that is in `apart` +
// each share's requests, but for records that more than one agreement wants.
struct TrailContent {
  std::string digest;  // SHA-256 of the file as it lies
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
  std::uint64_t malformed = 0;
  std::uint64_t own = 0;        // of our own probes: counted by these
  std::uint64_t of_others = 0;  // of services, Regions and accounts that nobody wants
  // What is no Request, by what it is: "Insight", "AwsServiceEvent", "another account's call".
  std::map<std::string, std::uint64_t> apart;
  std::vector<MalformedLine> examples;  // the number is the record's, from 1; at most 20
  std::vector<TrailShare> shares;       // by wish
};

// The name of the format.
inline constexpr char kTrailFormat[] = "cloudtrail";

// Whether the file begins as one of CloudTrail's; false where it cannot be read.
bool looks_like_trail(const std::string& path);

// Reads one file, plain or packed. Records may come in any order. Errors: it cannot be read to its
// end, or is no JSON: then nothing of it is kept.
core::Result<TrailContent> read_trail(const std::string& path, const std::vector<TrailWish>& wishes,
                                      const documents::OnProgress& progress);

}  // namespace recoup::sources
