#pragma once

#include <string>
#include <vector>

#include "core/judgement.h"

namespace recoup::report {

// What a cycle comes to by other readings of its contract, a sentence or two each, those first by
// which less is owed: such a reading is never left out. Empty where there is none.
std::vector<std::string> otherwise_words(const core::Judgement& judgement);

// Where requests without an answer alone would change the credit, that the contract gives it at the
// provider's discretion, with its words; empty where it does not say so, or they would not.
std::string discretion_words(const core::Judgement& judgement);

}  // namespace recoup::report
