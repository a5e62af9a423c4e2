#pragma once

#include "core/judgement.h"
#include "ledger/ledger.h"

namespace recoup::judge {

// On what the tier of a judgement rests, from all that the ledger has of its cycle and the
// provider's incidents of the judgement; and what vantage points say of it, by the rule. With what
// is excluded there, as of `now`.
core::Result<core::Robustness> robustness(ledger::TallyStore& ledger,
                                          const core::Judgement& judgement,
                                          const core::VoteRule& rule, core::Instant now);

}  // namespace recoup::judge
