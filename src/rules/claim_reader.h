#pragma once

#include "core/rule.h"
#include "documents/document.h"

namespace recoup::rules {

// Reads a version's `claim` over what is known of it already.
void read_claim(const documents::Value& value, core::ClaimTerms& out);

// Reads a list of { clause, text } after those that are known already; no two have one name.
void read_clauses(const documents::Value& list, std::vector<core::Clause>& out);

}  // namespace recoup::rules
