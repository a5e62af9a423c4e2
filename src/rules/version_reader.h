#pragma once

#include <map>
#include <string>

#include "core/rule.h"
#include "documents/document.h"

namespace recoup::rules {

// Reads one [[version]] of a rule and complains about what a contract cannot say. Where a partial
// version lacks cycle, formula or error, months in UTC, the mean of 5-minute intervals and every
// 5xx are assumed, so that it can measure. The digest stays empty.
// Of one that makes several commitments, this is what its plans have in common: it need not say all
// terms.
core::Version read_version(const documents::Table& table);

// Reads the plans of a [[version]], by name: its terms with each plan's own over them. Clauses and
// exclusions are added to those in common. Empty where it makes one commitment.
std::map<std::string, core::Version> read_plans(const documents::Table& table,
                                                const core::Version& common);

// Reads an agreement's [agreement.terms] over the newest partial version of the rule: what that
// version lacks, and nothing that the contract states. With nothing missing it becomes complete.
void supply_terms(const documents::Value& terms, core::Rule& rule);

}  // namespace recoup::rules
