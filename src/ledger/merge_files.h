#pragma once

#include <string>

#include "ledger/merge_series.h"

namespace recoup::ledger {

// Brings the agreement's files of logs over, with their counts and what their lines are known by.
// Throws Failure where files of both have lines in common, of which nobody can tell here which were
// counted.
void merge_files(Merging& at, const std::string& agreement);

// The same of files of trails, whose records are counted once whichever files have them.
void merge_trails(Merging& at, const std::string& agreement);

}  // namespace recoup::ledger
