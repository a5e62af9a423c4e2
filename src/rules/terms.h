#pragma once

#include "core/rule.h"
#include "documents/document.h"

namespace recoup::rules {

// Terms are what a contract says beside its commitment. A partial version names those it lacks, and
// [agreement.terms] of recoup.toml may supply them with the same keys.

// Their names, in the order of a rule: "cycle", …, "claim.deadline", ….
const std::vector<std::string>& all_terms();

// The keys that state terms, "claim.lists" for `lists` in `claim`, each with the term that it
// belongs to: "not_a_request" is a part of "error".
struct TermKey {
  std::string key;
  std::string term;
};
const std::vector<TermKey>& all_term_keys();

// What stands at such a key.
documents::Value find_term(const documents::Table& table, const std::string& key);

// Reads all terms that the table states over what the version knows already.
void read_terms(const documents::Table& table, core::Version& out);

// An ISO 4217 code, by its shape.
std::optional<std::string> read_currency(const documents::Value& value);

}  // namespace recoup::rules
