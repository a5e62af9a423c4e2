#pragma once

#include <string>
#include <vector>

#include "claim/claim.h"

namespace recoup::claim {

// Why this claim cannot be written; empty if it can. The first line is the reason that decides.
std::vector<std::string> refusals(const Claim& claim);

// Writes subject.txt, body.md, body.txt, intervals.log, requests.log (and requests-2.log, … where a
// support case takes no file so large), dispute.csv, claim.html, what case_files() gives,
// claim.json, SHA256SUMS and, with a key, SHA256SUMS.sig into the folder, which is
// made and must be new or empty. The names of the files written, in that order. Refused claims, and
// those whose seal says otherwise than they do, write nothing.
core::Result<std::vector<std::string>> write_claim(const Claim& claim, const ReadEvidence& evidence,
                                                   const std::string& folder);

}  // namespace recoup::claim
