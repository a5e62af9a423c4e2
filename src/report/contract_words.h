#pragma once

#include <string>
#include <vector>

#include "core/judgement.h"

namespace recoup::report {

// Which text of a contract it is: "version of 2022-11-29", or, where nobody knows when it came into
// force, "text read on 2026-11-26".
std::string version_words(const core::Version& version);

// "By the text read on 2026-11-26; when it came into force is not known." Empty where it is known.
std::string undated_words(const core::Version& version);

// What must be known of the text that a cycle was judged by, a sentence each: that its date is not
// known, and what the other readings of the cycle come to. None in nearly all cycles of a contract
// with dates.
std::vector<std::string> text_asides(const core::Judgement& judgement);

// What a billing cycle is: "a calendar month", "a calendar quarter, named by its first month".
std::string cycle_words(const core::Version& version);

// The step before the claim, with its dates: "a support ticket, before 2026-10-04T… for the first
// incident and before 2026-10-12T… for the last one". Empty where there is none.
std::string notice_words(const core::Judgement& judgement);

// Where the terms were read that stand elsewhere than the version's own text, a line each:
// "credits: https://…, read on 2026-11-26".
std::vector<std::string> source_words(const core::Version& version);

}  // namespace recoup::report
