#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/tally.h"
#include "sources/logs/content.h"
#include "sources/logs/content_digest.h"
#include "sources/logs/failures.h"
#include "sources/logs/likely_format.h"
#include "sources/logs/line_prints.h"

namespace recoup::sources {

// A line that is no record of the format, and why.
struct MalformedLine {
  std::uint64_t number = 0;   // from 1
  std::string_view expected;  // "expected a time like …"; lives as long as the program
  std::string text;           // as it may be shown: redacted, at most 200 characters
};

// LogContent is what one log file says. lines = empty + own + malformed + read before + requests'
// (+ the header of `counts`); a record is one request, or in `counts` as many as its count.
struct LogContent {
  std::string digest;       // SHA-256 of the content, decompressed
  std::uint64_t bytes = 0;  // of the content
  std::uint64_t lines = 0;
  std::uint64_t empty = 0;  // lines with nothing but white space
  std::uint64_t requests = 0;
  std::uint64_t malformed = 0;          // lines
  std::uint64_t own = 0;                // lines of our own probes: not counted as requests
  std::uint64_t read_before = 0;        // records that were left out: they were counted before
  std::vector<MalformedLine> examples;  // the first malformed lines, at most 20
  core::Tallies tallies;                // by minute, one row for each minute and outcome
  Failures failures;                    // requests answered with 500 or more; none in `counts`
  LinePrints records;                   // of all lines that are records, the left out ones too
  bool cut = false;         // the last record's line has no newline: it may be half of a line
  LikelyFormat looks_like;  // where there are malformed lines and no records
  bool known = false;       // a known file has this very content
  std::string replaces;     // the digest of the longest known file that this one replaces
};

// Reads a log file, plain or gzipped: "combined" (access logs of web servers) or "counts" (CSV
// minute,outcome,count). `known` are the files read before for the same agreement. The records in
// `left_out`, in order, are counted as read before and as nothing else. A malformed line is counted
// and never a request. Errors: the file cannot be read to its end; its counts add up to 2^63 or
// more.
core::Result<LogContent> read_log(const std::string& path, const std::string& format,
                                  const std::vector<KnownFile>& known,
                                  const OnProgress& progress = nullptr,
                                  const std::vector<RecordSpan>& left_out = {});

}  // namespace recoup::sources
