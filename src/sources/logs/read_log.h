#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/tally.h"
#include "sources/logs/content.h"
#include "sources/logs/content_digest.h"
#include "sources/logs/failures.h"

namespace recoup::sources {

// A line that is no record of the format, as it may be shown: redacted, at most 200 characters.
struct MalformedLine {
  std::uint64_t number = 0;  // from 1
  std::string text;
};

// LogContent is what one log file says. lines = empty + own + malformed + records (+ the header of
// `counts`); a record is one request, or in `counts` as many as its count.
struct LogContent {
  std::string digest;       // SHA-256 of the content, decompressed
  std::uint64_t bytes = 0;  // of the content
  std::uint64_t lines = 0;
  std::uint64_t empty = 0;  // lines with nothing but white space
  std::uint64_t requests = 0;
  std::uint64_t malformed = 0;          // lines
  std::uint64_t own = 0;                // lines of our own probes: not counted as requests
  std::vector<MalformedLine> examples;  // the first malformed lines, at most 20
  core::Tallies tallies;                // by minute, one row for each minute and outcome
  Failures failures;                    // requests answered with 500 or more; none in `counts`
  bool known = false;                   // a known file has this very content
  std::string replaces;  // the digest of the longest known file that is a prefix of this one
};

// Reads a log file, plain or gzipped: "combined" (access logs of web servers) or "counts" (CSV
// minute,outcome,count). `known` are the files read before for the same agreement. A malformed
// line is counted and never a request; that the file cannot be read to its end is an error.
core::Result<LogContent> read_log(const std::string& path, const std::string& format,
                                  const std::vector<KnownFile>& known,
                                  const OnProgress& progress = nullptr);

}  // namespace recoup::sources
