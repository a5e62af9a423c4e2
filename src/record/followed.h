#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/tally.h"
#include "record/records.h"
#include "record/series.h"

// What a ledger keeps of log files that are followed: read again and again while they grow.
namespace recoup::record {

// FollowedFile is where the reading of one file goes on.
struct FollowedFile {
  std::int64_t id = 0;  // the ledger's number; 0: it is not there yet
  std::string reader;   // on whose behalf it is read: what is read for one is not for another
  std::string path;     // where it was found last
  // By which it is known again under another name; 0: what lies there now is another file.
  std::uint64_t device = 0, inode = 0;
  std::uint64_t size = 0;       // how long it was when it was read last, as it lies
  std::int64_t changed_ns = 0;  // and when it had changed, in nanoseconds since 1970

  // Of a file that is read as it grows; empty where it is read as a whole.
  std::string name = {};        // of its series: ImportedFile::digest
  std::string format = {};      // that its first lines told
  std::uint64_t position = 0;   // what lies before is read: the begin of a line
  std::uint64_t lines = 0;      // before that
  std::uint64_t malformed = 0;  // of these
  std::uint64_t records = 0;    // likewise, and their hash: ImportedFile::identity
  std::uint64_t identity = 0;
  std::string head = {};     // digest of the first bytes that were read
  std::string edges = {};    // of these and of the last
  std::uint64_t run = 0;     // so many records stand in its newest run; 0: it has none
  std::string context = {};  // prints of the last records, which a copy is found by
};

// Silence is the times in which a log that is followed said nothing and nobody knows why.
struct Silence {
  SeriesKey series;
  std::vector<core::Unseen> times;  // all of them, by begin
};

// FileGrowth is what a file that is followed has gained.
struct FileGrowth {
  std::string agreement;
  std::string log;  // the log's id in the settings
  // `digest` names the file's series; lines, requests and the like are of what it gained, `records`
  // and `identity` of all of it. The first of its runs goes on where the newest one of the file
  // ends, where `joins`.
  ImportedFile file;
  std::uint64_t new_records = 0;
  bool joins = false;
  bool is_late = false;  // some of it is of a time that may be sealed: the journal has to say so
  FollowedFile state;    // as it is then
  std::optional<Silence> silence = {};  // as it is then, where that changed
};

}  // namespace recoup::record
