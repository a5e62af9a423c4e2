#pragma once

#include <map>
#include <string>
#include <vector>

#include "claim/verify/findings.h"
#include "core/result.h"
#include "ledger/inspect.h"

namespace recoup::cli {

// What was found of a whole ledger: of its tables, and of each agreement in it.
struct LedgerFindings {
  ledger::Inspection tables;
  std::map<std::string, claim::Verification> agreements;
};

// Looks through all of it; agreements that no settings name any more, too.
core::Result<LedgerFindings> look_through(const ledger::Address& ledger, ledger::Looked looked);

// All that does not hold, sentences.
std::vector<std::string> faults_of(const LedgerFindings& found);

}  // namespace recoup::cli
