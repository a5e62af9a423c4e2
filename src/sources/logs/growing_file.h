#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "documents/opened_file.h"
#include "record/evidence.h"
#include "sources/logs/format_options.h"
#include "sources/logs/intake.h"

// How a log file is read while it grows: stretch by stretch, each from the begin of a line to
// behind the end of one.
namespace recoup::sources {

// FileEdges is what is kept of a file to see that what was read of it is what lies there: digests
// of its first bytes, and of these and the last ones before a position. Lines of logs say when they
// were written, so that a file which has other lines in the middle has others there too: to digest
// all of it again would read gigabytes for each line that is added.
struct FileEdges {
  static constexpr std::uint64_t kBytes = 4096;  // at either end, or what there is

  std::string head, all;

  static std::uint64_t head_size(std::uint64_t position) { return std::min(kBytes, position); }
  bool operator==(const FileEdges&) const = default;
};

// Of what lies before the position, where the file is that long.
core::Result<FileEdges> edges_of(const documents::OpenedFile& file, std::uint64_t position);

// Stretch is a part of a file that can be read: it has a line, or is the end of a file that grows
// no more.
struct Stretch {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// LineSearch finds the next stretch of one file. A line that has not ended is not searched again
// from its begin each time that it is longer.
class LineSearch {
 public:
  // A stretch that is about so long where more is there: what is read of it is in memory.
  static constexpr std::uint64_t kLongest = 16 << 20;

  // From the position, where a line begins, up to the last line's end before `size`; nothing where
  // no line ends. `finished`: the file ends with `size`, and what follows the last newline is a
  // line too.
  core::Result<std::optional<Stretch>> next(const documents::OpenedFile& file,
                                            std::uint64_t position, std::uint64_t size,
                                            bool finished);

 private:
  std::uint64_t position_ = 0;
  std::uint64_t searched_ = 0;  // from position_ up to here no line ends
};

// How a stretch is read.
struct StretchReading {
  std::string format;  // one of formats(), or kAutoFormat where it begins the file
  FormatOptions options = {};
  record::WorthARecord worth = nullptr;
  std::vector<RecordSpan> left_out = {};  // of the stretch's records, that were counted before
  KnownKeys known_keys = {};              // of those
  // What lies before the stretch.
  std::uint64_t lines = 0;
  std::uint64_t records = 0;
  std::uint64_t identity = 0;
  Nearby nearby = {};
};

// Reads it as read_log() does a whole file; `lines` and `records` are of the stretch alone, and
// lines are numbered as in the file. Its digest is empty. Errors: the file cannot be read, or
// became shorter; its first lines are of no format; its counts are too many.
core::Result<LogContent> read_stretch(const documents::OpenedFile& file, const Stretch& stretch,
                                      const StretchReading& reading);

}  // namespace recoup::sources
