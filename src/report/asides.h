#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/assessment.h"

namespace recoup::report {

// What must stand beside an uptime for it to be read rightly, a sentence each; none where nothing
// of it is there: counts that are estimates, calls that other services of the provider made, Errors
// that local processes reported, calls on keys in custom key stores, errors whose status nobody
// knows, times that a source did not see, logs that count the same Requests twice, what logs saw
// that are compared and not counted, and what each kind of source cannot see. What in them comes
// from outside is masked where it is confidential.
std::vector<std::string> asides(const core::Assessment& assessment);

// Those of them that are facts of what was counted: what a claim states. Without figures by another
// reading, and without what is for the user to mend.
std::vector<std::string> claimed_asides(const core::Assessment& assessment);

// Of two sources that are both counted and see the same Requests, and what to do about it: one of
// the sentences above.
std::string overlap_words(const core::Overlap& overlap);

// What bounds are about: "request that was not sent", where a source did not see everything,
// "request that was not sent, or not seen,", and "line of a log that could not be read".
std::string not_sent_words(const core::Totals& totals);

}  // namespace recoup::report
