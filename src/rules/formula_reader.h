#pragma once

#include "core/rule.h"
#include "documents/document.h"

namespace recoup::rules {

// Reads a version's formula: a family and the parameters of that family alone. Nothing where the
// key is absent or wrong; the reason is a complaint.
std::optional<core::Formula> read_formula(const documents::Value& value);

}  // namespace recoup::rules
