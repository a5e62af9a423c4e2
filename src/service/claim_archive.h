#pragma once

#include <vector>

#include "claim/readiness.h"
#include "ledger/ledger.h"
#include "record/signature.h"
#include "web/records.h"

namespace recoup::service {

// What a claim for that verdict would lack, as things are in the ledger. The verdict must give one.
core::Result<std::vector<claim::Lack>> claim_lacks(ledger::Ledger& ledger,
                                                   const core::Standing& standing,
                                                   core::Instant now);

// The claim for that verdict as a .zip file that has no name any more: it is gone when it is
// closed. By the month's newest seal, where there is one; nothing is sealed, and nothing noted in
// the ledger. `key` signs, and may be null.
core::Result<web::ClaimFiles> pack_claim(ledger::Ledger& ledger, const core::Standing& standing,
                                         const record::SealKey* key, core::Instant now);

}  // namespace recoup::service
