#pragma once

#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "monitor/judge.h"

namespace recoup::cli {

// Writes the claim for a standing, with the ledger's evidence; the names of the files.
core::Result<std::vector<std::string>> write_claim(ledger::Ledger& ledger,
                                                   const core::Standing& standing,
                                                   const std::string& folder);

}  // namespace recoup::cli
