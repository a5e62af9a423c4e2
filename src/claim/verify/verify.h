#pragma once

#include <string>

#include "claim/verify/findings.h"
#include "core/result.h"

namespace recoup::claim {

// Recomputes a claim from its own files: the list of files, checksums, signatures, the Monthly
// Uptime Percentage by the formula of claim.json over intervals.log, the failed requests of each
// interval in requests.log, the seal, and the contract against the published one. Then the whole
// claim is written again, in memory, from the counts and terms of claim.json, and every file but
// the lines of the request log must be the same byte for byte. What that leaves to be believed is
// in `unchecked`. With a public key (hexadecimal digits) SHA256SUMS must be signed by its owner.
core::Result<Verification> verify_claim(const std::string& folder, const Known& known,
                                        const std::string& key = "");

}  // namespace recoup::claim
