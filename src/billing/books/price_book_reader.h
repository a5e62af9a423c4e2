#pragma once

#include <string>

#include "billing/books/price_book.h"
#include "core/result.h"

namespace recoup::billing {

// Reads a price book's text; `path` is only named in complaints. The error's message holds all
// complaints, laid out.
core::Result<PriceBook> parse_price_book(const std::string& text, const std::string& path);

// Whether the text is that of a price book, and not of a contract: it has the key `book`.
bool is_price_book(const std::string& text);

}  // namespace recoup::billing
