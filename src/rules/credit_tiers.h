#pragma once

#include "core/rule.h"
#include "documents/document.h"

namespace recoup::rules {

// Reads a version's credits: from the commitment down, each tier begins where the one above ends,
// and the last has no lower bound. Complains about gaps, overlaps and wrong order.
std::vector<core::Tier> read_tiers(const documents::Value& credits, const core::Ratio& commitment,
                                   const std::string& commitment_text);

}  // namespace recoup::rules
