#pragma once

#include "billing/books/price_book.h"
#include "documents/document.h"

namespace recoup::billing {

// Reads the [[item]]s of a price book, whose inputs, tables and regions are read already.
std::vector<Item> read_items(const documents::Value& list, const PriceBook& book);

}  // namespace recoup::billing
