#pragma once

#include <string>

#include "claim/claim.h"

namespace recoup::claim {

// What the claimant alone needs, Markdown: what the claim lacks, both readings of the deadline, and
// what to do with the files of `folder`. It lies beside the folder ("claim.notes.md" beside
// "claim"), and never goes to the provider.
std::string notes_text(const Claim& claim, const std::string& folder);

// The path of the notes of a claim in that folder.
std::string notes_path(const std::string& folder);

}  // namespace recoup::claim
