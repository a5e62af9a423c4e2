#pragma once

#include "claim/verify/findings.h"
#include "cli/commands.h"
#include "core/result.h"
#include "ledger/ledger.h"

namespace recoup::cli {

// What holds of the options' agreement in the ledger, and what does not: the chains of evidence,
// evidence against counts, tokens of the time, and seals.
core::Result<claim::Verification> check_ledger(ledger::Ledger& ledger,
                                               const VerifyOptions& options);

}  // namespace recoup::cli
