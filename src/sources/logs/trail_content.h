#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "record/evidence.h"
#include "record/trail.h"
#include "sources/logs/intake.h"

// What is wanted of files of a trail (trail.h), and what they say.
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

}  // namespace recoup::sources
