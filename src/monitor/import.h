#pragma once

#include <string>

#include "ledger/ledger.h"
#include "sources/logs/read_log.h"

namespace recoup::monitor {

// LogSource says whose requests a log file holds and how it is written.
struct LogSource {
  std::string agreement;
  std::string log;     // the source's name
  std::string format;  // "combined" or "counts"
};

// Imported is what became of one file.
struct Imported {
  sources::LogContent content;
  bool new_to_ledger = false;  // false: it was there already, and nothing changed
};

// Reads one file and puts all of it in the ledger, in one transaction. A file that was read before
// changes nothing; a longer copy of one takes its place, also under another name of the source.
core::Result<Imported> import_log(ledger::Ledger& ledger, const LogSource& source,
                                  const std::string& file, const sources::OnProgress& progress);

}  // namespace recoup::monitor
