#pragma once

#include <string>

#include "billing/books/price_shelf.h"
#include "rules/rule_file.h"

namespace recoup::cli {

// The text of a recoup.toml that begins with one agreement of that contract, commented for someone
// who has not seen one: with the contract's probe where it has one, and what AWS alone has only
// where it is theirs. `recoup check` accepts it as it is.
std::string first_settings(const rules::RuleFile& contract, const billing::PriceShelf& books);

}  // namespace recoup::cli
