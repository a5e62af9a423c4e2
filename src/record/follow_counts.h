#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace recoup::record {

// FollowedLog is what became of one log that is followed, since the service started where nothing
// else is said.
struct FollowedLog {
  // A file that cannot be read, or of which more than a tenth is malformed.
  struct Problem {
    std::string file;  // its name, without its folders
    std::string why;
  };

  std::string agreement, log;
  std::string format;                   // as it is read; "auto" until a file told it
  std::uint64_t files = 0;              // that its path names now
  std::uint64_t requests = 0;           // that were counted
  std::uint64_t malformed = 0;          // lines, or records
  std::uint64_t own = 0;                // of our own probes
  std::uint64_t read_before = 0;        // that another file had brought
  std::uint64_t late = 0;               // of the requests, of a time that was judged already
  std::uint64_t bytes = 0;              // that were read
  std::optional<core::Instant> newest;  // end of the newest minute, or event, of all that was read
  std::optional<core::Instant> silent_since;  // it says nothing, and should
  std::vector<Problem> problems;              // now; the first ones
  std::uint64_t problem_files = 0;            // how many there are

  // Of one that is asked of another engine: its `format` is the engine, and it has no files.
  bool is_query = false;
  std::optional<core::Instant> away_since;  // up to when it was answered: it is not any more
  std::string away_why;                     // in words, without secrets
  std::uint64_t failures = 0;               // times that it was not answered
};

}  // namespace recoup::record
