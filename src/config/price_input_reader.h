#pragma once

#include "config/document.h"
#include "config/price_inputs.h"

namespace recoup::config {

// Reads the [[input]]s of a price book. Each may rest on those above it.
std::vector<Input> read_inputs(const Value& list);

}  // namespace recoup::config
