#pragma once

#include <vector>

#include "core/judgement.h"
#include "ledger/ledger.h"

namespace recoup::judge {

// What the cycle of a judgement comes to by other readings of its contract, from all that the
// ledger has of it, as of `now`; those alone that give another uptime or another credit. Other
// versions of the contract are Judgement::other_readings.
core::Result<std::vector<core::Otherwise>> read_otherwise(ledger::TallyStore& ledger,
                                                          const core::Judgement& judgement,
                                                          core::Instant now);

}  // namespace recoup::judge
