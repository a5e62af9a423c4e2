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
};

// Imported is what became of one file.
struct Imported {
  sources::LogContent content;
  bool new_to_ledger = false;  // false: nothing of it was new, and nothing changed
  // So many lines in a row are those of another file, and were counted all the same: that file
  // goes on differently, as another host's log does. 0 where there are none worth a word.
  std::uint64_t alike = 0;
  std::string alike_in;  // the file's name, as it was given
};

// Reads one file and puts in the ledger, in one transaction, what of it was not read before, with
// whichever file and under whichever name of the source for the same agreement:
// - A file with the content of one that was read, or with the same records in the same order,
//   whatever ends its lines, changes nothing.
// - Lines in a run that the ledger knows are left out
// (sources/logs/known_runs.h). Sums
//   (sources::Format::sums) are looked for in files of the same source alone:
//   the minutes of two hosts may well have the same.
// - A longer copy takes the place of a file that is too short for that, or that a version read
//   which did not keep lines.
// A file without a single record leaves no trace, so that it can be read again in another format.
// Where another import comes between, the file is compared anew.
core::Result<Imported> import_log(ledger::Ledger& ledger, const LogSource& source,
                                  const std::string& file, const documents::OnProgress& progress);

}  // namespace recoup::service
