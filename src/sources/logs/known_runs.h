#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sources/logs/line_prints.h"

// Which lines of a log were read before, with other files or with other copies of this one.
//
// Copies and parts of one log are alike in a run of identical lines that goes on for as long as
// both have lines: it begins where one of the two begins and ends where one of the two ends. A run
// that breaks off in the middle of both is of two logs that have some lines in common, like those
// of two hosts, and is counted. So is a run of fewer than kShortestRun lines, and one in which
// fewer than 4 different lines follow each other (a burst of one and the same request), unless the
// two also begin or end together. That two lines are of the same time is never a reason.
//
// What cannot be told apart: a log that as a whole is a run of another host's, such as the health
// checks of an idle host, made by the same client in the same seconds with nothing between them.
//
// At an edge, where a copy may have been cut within a line, one line may differ: the first of
// either, which is counted, and the last of either if it has no newline, which is taken for known.
//
// Lines are compared by 16 bits of their hashes. To be taken for known by chance, a run of other
// lines must agree in 16 prints, 1 in 2^256; within a run that is known, a line that differs is
// taken for the same with a chance of 1 in 65,536, and only if nothing around it differs.
namespace recoup::sources {

inline constexpr std::size_t kShortestRun = 16;

// No run is kept longer than this, so that comparing with it takes 2 MiB of memory; a longer one is
// kept in pieces that overlap.
inline constexpr std::size_t kLongestRun = std::size_t{1} << 20;

// KnownRun is a run of lines that are counted already, without its prints.
struct KnownRun {
  std::int64_t id = 0;
  std::string file;              // that it was read with
  std::vector<Print> head = {};  // the first kShortestRun prints
  bool has_begin = true;         // whether it has lines of the minute in which the new file begins
  bool cut = false;              // its last line had no newline
};

// All prints of a known run.
using FetchPrints = std::function<core::Result<std::vector<Print>>(const KnownRun& run)>;

// What of a log was read before: spans in order that do not touch.
struct ReadBefore {
  std::vector<RecordSpan> spans;
  // The lines of the longest run that breaks off in the middle of both: it is not among the spans.
  std::uint64_t alike = 0;
  std::string alike_in;  // the file
};

// Finds the lines of a log in the runs that are known. `cut`: its last line has no newline. In
// memory for one known run at a time, and in time that grows with the lines, not their product.
core::Result<ReadBefore> find_read_before(const std::vector<Print>& lines, bool cut,
                                          const std::vector<KnownRun>& known,
                                          const FetchPrints& fetch);

// Makes the first n records part of the spans.
void join_begin(std::vector<RecordSpan>& spans, std::uint64_t n);

// How far before a place in a log, or before its end, so many different lines lie that a part which
// begins there is found by them.
std::size_t context_begin(const std::vector<Print>& lines, std::size_t place);

// Which runs are to be kept so that all lines of the log are known from then on: what was not read
// before, with some lines around it by which a part of it is found. None of a log that is shorter
// than kShortestRun.
std::vector<RecordSpan> runs_to_keep(const std::vector<Print>& lines,
                                     const std::vector<RecordSpan>& read_before);

}  // namespace recoup::sources
