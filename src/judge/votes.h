#pragma once

#include <optional>
#include <vector>

#include "core/judgement.h"
#include "core/votes.h"
#include "ledger/ledger.h"

namespace recoup::judge {

// From how many vantage points what was lost in the judgement's cycle was seen, and the cycle from
// each; nothing where its probes were sent from fewer than two. `sources` are all of the cycle.
core::Result<std::optional<core::Votes>> votes(ledger::TallyStore& ledger,
                                               const std::vector<record::SourceTallies>& sources,
                                               const core::Judgement& judgement,
                                               const core::VoteRule& rule, core::Instant now);

// The same, of the sources that the ledger has.
core::Result<std::optional<core::Votes>> votes(ledger::TallyStore& ledger,
                                               const core::Judgement& judgement,
                                               const core::VoteRule& rule, core::Instant now);

// Whether probes were sent from two vantage points or more.
core::Result<bool> is_seen_from_several(ledger::TallyStore& ledger,
                                        const core::Judgement& judgement);

}  // namespace recoup::judge
