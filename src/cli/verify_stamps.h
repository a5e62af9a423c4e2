#pragma once

#include "claim/verify/findings.h"
#include "cli/commands.h"
#include "core/result.h"
#include "ledger/ledger.h"

namespace recoup::cli {

// Checks what the ledger keeps of tokens for the agreement: each token and the one before it, the
// chains of evidence through the heads that were signed, and the counts against their digests.
core::Result<void> check_stamps(ledger::Ledger& ledger, const VerifyOptions& options,
                                claim::Verification& found);

}  // namespace recoup::cli
