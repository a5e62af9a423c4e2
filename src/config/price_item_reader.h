#pragma once

#include "config/document.h"
#include "config/price_book.h"

namespace recoup::config {

// Reads the [[item]]s of a price book, whose inputs, tables and regions are read already.
std::vector<Item> read_items(const Value& list, const PriceBook& book);

}  // namespace recoup::config
