#pragma once

#include <string>

#include "billing/books/filled_order.h"
#include "core/result.h"

namespace recoup::billing {

// What the user wrote for an input, checked; the error says what is accepted.
core::Result<FilledInput> read_value(const PriceBook& book, const Input& input,
                                     const std::string& text);

// Whether a quantity keeps the input's bounds; `name` is what it is called.
core::Result<void> check_bounds(const Input& input, const core::Ratio& number,
                                const std::string& name);

// What an order may have for a choice or a number, as an example of it.
std::string how_to_write(const Input& input);

// The regions of a book, each with its name.
std::string list_regions(const PriceBook& book);

}  // namespace recoup::billing
