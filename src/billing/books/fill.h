#pragma once

#include <optional>

#include "billing/books/filled_order.h"
#include "core/result.h"

namespace recoup::billing {

// Checks each value by itself, and fills in what is left out. The error says what is accepted.
core::Result<FilledOrder> fill(const PriceBook& book, const Order& order,
                               std::optional<core::Month> month);

}  // namespace recoup::billing
