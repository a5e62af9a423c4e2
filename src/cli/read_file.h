#pragma once

#include <optional>
#include <string>

#include "cli/commands.h"
#include "service/import.h"

namespace recoup::cli {

// FileRead is what became of a file, to be said where `exit` is kDone, or why nothing did: the file
// could not be read, or holds nothing of the format (kWrongWords).
struct FileRead {
  Exit exit = kDone;
  std::string words;  // one line, and the first malformed lines below it
  std::optional<service::Imported> imported;
  core::Error error;
};

// Reads one log file into the ledger.
FileRead read_file(ledger::Ledger& ledger, const service::LogSource& source,
                   const documents::InputFile& file,
                   const service::OnImportProgress& progress = nullptr);

}  // namespace recoup::cli
