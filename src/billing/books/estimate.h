#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/books/filled_order.h"
#include "billing/books/price_book.h"
#include "core/charge.h"
#include "core/result.h"
#include "core/time.h"

namespace recoup::billing {

// Estimate is what an order costs by published prices. Exact.
struct Estimate {
  core::Money total;
  std::vector<core::ChargeLine> lines;  // their sum is the total
  std::vector<std::string> notes;       // what it assumes and rests on, one sentence each
};

// Prices an order for one month; the month matters where the book asks for a date. The error says
// what the book does not sell or does not know, and its help what it would accept.
core::Result<Estimate> estimate(const PriceBook& book, const Order& order,
                                std::optional<core::Month> month);

}  // namespace recoup::billing
