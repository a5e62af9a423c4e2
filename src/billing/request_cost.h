#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "billing/books/price_shelf.h"
#include "core/money.h"

namespace recoup::billing {

// What so many requests a month cost by the price book of the contract, beyond what a month without
// them costs; free ones are free. Nothing where no book of the contract prices requests.
std::optional<core::Money> cost_of_requests(const PriceShelf& books, const std::string& sla,
                                            const std::string& region, std::uint64_t requests);

}  // namespace recoup::billing
