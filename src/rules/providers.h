#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "documents/document.h"

namespace recoup::rules {

// Provider is what a provider's documents say of its accounts and Regions: a file of
// rules/providers. What differs from it is warned of and used all the same: a list is as old as its
// date.
struct Provider {
  std::string id;
  std::string account;               // POSIX extended regular expression of all of one
  std::string account_words;         // the same for people: "an account id of 12 digits"
  std::optional<core::Date> as_of;   // of the list of Regions; nothing where there is none
  std::vector<std::string> regions;  // sorted
};

// Reads the text of a file of rules/providers.
core::Result<Provider> parse_provider(const std::string& text, const std::string& path);

// Reads a Region, which becomes part of URLs: letters, digits and hyphens, and for names that
// people write ("West Europe") single blanks. Warns of one that the provider of that id did not
// have when its list was made; there is not a list of every provider.
std::optional<std::string> read_region(const documents::Value& value,
                                       const std::string& provider = {});

// Reads an account; warns of one that is not like those of the provider of that id, as far as is
// known what they are like.
std::optional<std::string> read_account(const documents::Value& value, const std::string& provider);

}  // namespace recoup::rules
