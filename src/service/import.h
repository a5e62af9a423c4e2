#pragma once

#include <functional>
#include <string>

#include "ledger/ledger.h"
#include "sources/logs/read_log.h"

namespace recoup::service {

// LogSource says whose requests a log file holds and how it is written.
struct LogSource {
  std::string agreement;
  std::string log;     // the source's name
  std::string format;  // one of sources::formats(), or sources::kAutoFormat
  // Which outcomes are worth a record of their own, beside failures (record::WorthARecord).
  record::WorthARecord worth = nullptr;
  sources::FormatOptions options = {};
  // What the list of imports says of a file: when it was read, and which outcomes are Errors.
  core::Instant now = {};
  std::function<bool(const core::Outcome&)> is_error = nullptr;
  // Which runs of other files the file may hold; null: any.
  std::function<bool(const record::LineRun&)> may_hold = nullptr;
  documents::UnpackLimit limit = {};
  core::Interval only{{}, core::kOpenEnd};  // requests of another time are left out
};

// Imported is what became of one file.
struct Imported {
  sources::LogContent content;
  bool new_to_ledger = false;  // false: nothing of it was new, and nothing changed
  std::uint64_t known = 0;     // its records, where that is so
  std::uint64_t errors = 0;    // of the requests, by LogSource::is_error
  core::Interval span;         // of the requests, in whole minutes
  // So many lines in a row are those of another file, and were counted all the same: that file
  // goes on differently, as another host's log does. 0 where there are none worth a word.
  std::uint64_t alike = 0;
  std::string alike_in;  // the file's name, as it was given
};

// ImportProgress is how far the reading of a file is.
struct ImportProgress {
  documents::Progress bytes;
  std::uint64_t records = 0;
  std::uint64_t errors = 0;  // as Imported::errors
};
using OnImportProgress = std::function<void(const ImportProgress&)>;

// What is said of a file of which only the requests of a part of the time were looked at: it would
// be counted twice in part.
core::Error read_in_part(const std::string& file, const std::string& digest,
                         const core::Interval& part);

// The lines of a log that are known by themselves (sources/logs/line_keys.h): those that the ledger
// has of any file but the one with the digest `except`, and those that stand in the log more than
// once. Puts the content's keys in order.
core::Result<sources::KnownKeys> known_keys(ledger::FileStore& ledger, const std::string& agreement,
                                            sources::LogContent& content,
                                            const std::string& except);

// Reads one file and puts in the ledger, in one transaction, what of it was not read before, with
// whichever file and under whichever name of the source for the same agreement:
// - A file that is the same as one that was read, byte for byte, is not even unpacked.
// - A file with the content of one that was read, or with the same records in the same order,
//   whatever ends its lines, changes nothing.
// - Lines in a run that the ledger knows are left out (sources/logs/known_runs.h). Sums
//   (sources::Format::sums) are looked for in files of the same source alone: the minutes of two
//   hosts may well have the same.
// - A line with an id of its request is left out where the ledger has the same line, in whatever
//   order, and where it stands in the file a second time (sources/logs/line_keys.h).
// - A longer copy takes the place of a file that is too short for that, or that a version read
//   which did not keep lines.
// A file without a single record leaves no trace, so that it can be read again in another format.
// That a file was looked at for another time (LogSource::only), which is not all of this one, is an
// error. Where another import comes between, the file is compared anew.
core::Result<Imported> import_log(ledger::Ledger& ledger, const LogSource& source,
                                  const documents::InputFile& file,
                                  const OnImportProgress& progress);

}  // namespace recoup::service
