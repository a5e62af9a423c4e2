#pragma once

#include "config/document.h"
#include "core/rule.h"

namespace recoup::config {

// Reads a version's formula: a family and the parameters of that family alone. Nothing where the
// key is absent or wrong; the reason is a complaint.
std::optional<core::Formula> read_formula(const Value& value);

}  // namespace recoup::config
