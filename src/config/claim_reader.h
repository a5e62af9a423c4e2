#pragma once

#include "config/document.h"
#include "core/rule.h"

namespace recoup::config {

// Reads a version's `claim` over what is known of it already.
void read_claim(const Value& value, core::ClaimTerms& out);

// Reads a list of { clause, text } after those that are known already; no two have one name.
void read_clauses(const Value& list, std::vector<core::Clause>& out);

}  // namespace recoup::config
