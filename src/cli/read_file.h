#pragma once

#include <string>

#include "monitor/import.h"

namespace recoup::cli {

// Reads one log file into the ledger, with progress on a terminal. What it found, in words: one
// line, and the first malformed lines below it.
core::Result<std::string> read_file(ledger::Ledger& ledger, const monitor::LogSource& source,
                                    const std::string& file);

}  // namespace recoup::cli
