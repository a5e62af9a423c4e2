#pragma once

#include "config/document.h"
#include "core/rule.h"

namespace recoup::config {

// Reads one [[version]] of a rule and complains about what a contract cannot say. The digest stays
// empty.
core::Version read_version(const Table& table);

// An ISO 4217 code, by its shape.
std::optional<std::string> read_currency(const Value& value);

}  // namespace recoup::config
