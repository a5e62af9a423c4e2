#pragma once

#include "billing/books/price_inputs.h"
#include "documents/document.h"

namespace recoup::billing {

// Reads the [[input]]s of a price book. Each may rest on those above it.
std::vector<Input> read_inputs(const documents::Value& list);

}  // namespace recoup::billing
