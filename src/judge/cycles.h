#pragma once

#include <optional>
#include <string>

#include "billing/charges.h"
#include "config/settings.h"
#include "core/zone.h"
#include "judge/sealing.h"
#include "ledger/ledger.h"
#include "record/claim_life.h"
#include "record/seal.h"
#include "record/signature.h"

namespace recoup::judge {

// The zone of the agreement's cycles, as of that instant.
core::Result<core::Zone> zone_at(const config::AgreementSettings& settings, core::Instant at);

// Judges one of months_to_seal() with its charge, and seals it where that is due; the seal, where
// one was made.
core::Result<std::optional<record::Seal>> judge_and_seal(
    ledger::Ledger& ledger, const config::AgreementSettings& settings, billing::Charges& charges,
    const MonthToSeal& month, const record::SealKey* key, core::Instant now);

// Where the agreement's claims stand, by what the ledger has of its seals and of the claims.
core::Result<record::PastCycles> past_cycles(ledger::Ledger& ledger,
                                             const config::AgreementSettings& settings,
                                             core::Instant now);

// What a claim rests on by that seal, with what its contract says of when the credit comes.
core::Result<record::ClaimGround> sealed_ground(const record::Seal& seal,
                                                const config::AgreementSettings& settings);

}  // namespace recoup::judge
