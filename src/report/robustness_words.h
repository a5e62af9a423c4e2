#pragma once

#include <string>
#include <vector>

#include "core/judgement.h"

namespace recoup::report {

// On what the tier of a month rests, a sentence each: on how few Errors in how few intervals, and
// what is owed without each source that can be struck. What changes the tier comes first. Empty
// where no tier was reached. Names are masked where they are confidential.
std::vector<std::string> robustness_words(const core::Judgement& judgement);

// "Without any one of its 3 sources, and without all probes, as much is owed." Empty where that is
// not so.
std::string robust_words(const core::Judgement& judgement);

}  // namespace recoup::report
