#pragma once

#include <string>
#include <vector>

#include "claim/claim.h"

// What the text of a claim and its page both say.
namespace recoup::claim {

// Whose Requests were averaged, and who saw them: "The Requests of this account seen by the probe
// generate-random from office-berlin, and by the log web (alb)."
std::string seen_by_text(const Claim& claim);

// What counts of what was measured and what does not, in sentences; nothing of what there is none
// of. Whether it speaks for the claim is not asked, but a figure by another reading is for the
// user's notes (report::asides()).
std::vector<std::string> counted_texts(const Claim& claim);

// Until when it must be received, in the contract's words: "before 2027-01-01T00:00:00Z: received
// by the end of the second billing cycle …". Empty where the contract names no date, or the claim
// is later than that.
std::string in_time_text(const Claim& claim);

// Who gets it where that is not the provider, a sentence; empty otherwise.
std::string partner_text(const Claim& claim);

// The date of issue, UTC: "2026-11-04".
std::string issued_text(const Claim& claim);

// How the contract counts a cycle in which the service was not used from begin to end: "the service
// was used from …; that time alone counts". Empty where it was.
std::string part_text(const Claim& claim);

}  // namespace recoup::claim
