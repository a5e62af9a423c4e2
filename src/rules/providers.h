#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "documents/document.h"

namespace recoup::rules {

// RecordedService is which statuses go with the names of errors in the provider's own record of the
// Requests to a service.
struct RecordedService {
  std::string event_source;  // what the record calls the service: "kms.amazonaws.com"
  // The status that goes with the name of an error, without what records may put around it. Those
  // of the provider's other services as well, where they are the same for all.
  std::map<std::string, int, std::less<>> statuses;

  // The status of an error's name as a record spells it, with or without "Exception" at its end and
  // "Server." before it; 0 where nobody knows.
  int status_of(std::string_view name) const;
};

// Provider is what a provider's documents say of its accounts and Regions: a file of
// rules/providers. What differs from it is warned of and used all the same: a list is as old as its
// date.
struct Provider {
  std::string id;
  std::string account;                    // POSIX extended regular expression of all of one
  std::string account_words;              // the same for people: "an account id of 12 digits"
  std::optional<core::Date> as_of;        // of the list of Regions; nothing where there is none
  std::vector<std::string> regions;       // sorted
  std::vector<RecordedService> services;  // the first one is of any service
};

// Reads the text of a file of rules/providers.
core::Result<Provider> parse_provider(const std::string& text, const std::string& path);

// How the provider's record of a service is read; of one that is not listed, what is the same for
// all services of the provider. Null where no provider of that id keeps such a record. It lives as
// long as the program.
const RecordedService* recorded_service(const std::string& provider, std::string_view event_source);

// Reads a Region, which becomes part of URLs: letters, digits and hyphens, and for names that
// people write ("West Europe") single blanks. Warns of one that the provider of that id did not
// have when its list was made; there is not a list of every provider.
std::optional<std::string> read_region(const documents::Value& value,
                                       const std::string& provider = {});

// Reads an account; warns of one that is not like those of the provider of that id, as far as is
// known what they are like.
std::optional<std::string> read_account(const documents::Value& value, const std::string& provider);

}  // namespace recoup::rules
