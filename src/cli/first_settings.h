#pragma once

#include <string>

#include "billing/books/price_shelf.h"
#include "cli/provider_settings.h"
#include "rules/rule_file.h"

namespace recoup::cli {

// The text of a recoup.toml that begins with one agreement of that contract, commented for someone
// who has not seen one: with the contract's probe where it has one, and what AWS alone has only
// where it is theirs. `recoup check` accepts it as it is. With a start, whose contract it is then,
// it has the probe of that; its credentials are to be there before it is checked.
std::string first_settings(const rules::RuleFile& contract, const billing::PriceShelf& books,
                           const std::string& ledger, const ProviderStart* start = nullptr);

// Where the ledger of settings in that folder is: beside them, and of the machine's own settings in
// /etc/recoup where the package and its service have it.
std::string ledger_for(const std::string& folder);

// What to do with settings that were written there, a line each: of the machine's own, what has its
// service go by them.
std::string next_steps(const rules::RuleFile& contract, const std::string& folder,
                       const ProviderStart* start = nullptr);

}  // namespace recoup::cli
