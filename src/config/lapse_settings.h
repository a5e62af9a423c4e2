#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/books/price_shelf.h"
#include "core/agreement.h"
#include "core/expiry.h"
#include "core/time.h"
#include "documents/document.h"

namespace recoup::config {

// Expiry is a prepaid instance that reached its expiration date, and what follows from that.
struct Expiry {
  core::Date expires;  // as the provider shows it
  core::ExpiryTimeline timeline;
  std::optional<core::Instant> renewed;  // nothing: it was not
  std::string zone;                      // the provider's
  std::vector<std::string> remarks;      // of the provider's terms
};

// Overdue is a time in which the account owed the provider money.
struct Overdue {
  core::Instant since;
  std::optional<core::Instant> paid;  // nothing: it still does
  core::Instant last_restoration;
  std::string zone;  // the provider's
};

// Lapses are the times in which the service was not paid for.
struct Lapses {
  std::vector<Expiry> expiries;
  std::vector<Overdue> overdues;
};

// Reads [[agreement.expiry]] and [[agreement.overdue]] and takes their times out of the
// measurement, as exclusions of the agreement, whose contract is known: what an expired instance or
// an overdue account causes is the customer's own. What follows when comes from the price book of
// the contract.
Lapses read_lapses(const documents::Table& table, const billing::PriceShelf& books,
                   core::Agreement& agreement);

}  // namespace recoup::config
