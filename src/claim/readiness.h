#pragma once

#include <string>
#include <vector>

#include "claim/claim.h"
#include "claim/logs.h"

namespace recoup::claim {

// What the claim lacks, the gravest first; empty where it is ready. The command line, the notes and
// the page all show this list. By the contract's "your request logs that document the errors and
// corroborate your claimed outage", and "failure to provide the request and other information as
// required above will disqualify you" (AWS KMS SLA). Claim::lacks is this list.
std::vector<Lack> readiness(const Claim& claim, const Logged& logged);

// One of kAccepts; anything else is an error.
core::Result<std::string> parse_accept(const std::string& text);

// The first of those that stop the claim and that the user does not accept, with how to; nothing
// where none does.
std::optional<core::Error> refusal(const std::vector<Lack>& lacks,
                                   const std::vector<std::string>& accepted);

}  // namespace recoup::claim
