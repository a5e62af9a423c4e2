#pragma once

#include "claim/claim.h"
#include "core/result.h"
#include "record/seal.h"

namespace recoup::claim {

// Whether what the log saw, taken alone, gives a claim of that tier or a higher one.
bool supports(const core::Comparison& comparison, const core::Assessment& a);

// Whether the claim's seal holds and says of the month what the claim says; also without a seal.
core::Result<void> check_own_seal(const Claim& claim);

// The agreement's id without what is confidential; the account that the claim is filed for may
// stand in it.
std::string shown_id(const core::Agreement& agreement);

// The seal as the claim shows it: without what is confidential. It is `withheld` where that, or
// text that is no UTF-8, changed something of it: then nobody can recompute the digest from it.
struct ShownSeal {
  record::Seal seal;
  bool withheld = false;
};
ShownSeal shown_seal(const record::Seal& seal, const core::Agreement& agreement);

// Whether the digest of the charge, as the claim shows it, is another than the one that was sealed:
// then nobody can recompute it. False without a seal.
bool charge_withheld(const Claim& claim);

// Whether names in what a third party signed are confidential: then all of it is left out of the
// claim, since a document that is changed is not what was signed.
bool stamps_withheld(const Claim& claim);

// The claim as all its files show it: without what is confidential, in UTF-8, with amounts in as
// many digits as are written. What verify reads back is this.
Claim shown_claim(const Claim& claim);

}  // namespace recoup::claim
