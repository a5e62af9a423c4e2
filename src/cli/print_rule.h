#pragma once

#include "rules/catalog.h"

namespace recoup::cli {

// Prints a contract in words: each term on a line of its own, with the clauses that say it and the
// number of the source that it was read in; then the exclusions, the clauses and the sources.
void print_rule(const rules::Contract& contract);

// The same as JSON: the terms by the keys of claim.json, `status`, `missing`, and `sources`.
std::string rule_as_json(const rules::Contract& contract);

}  // namespace recoup::cli
