#pragma once

#include "core/rule.h"
#include "documents/document.h"

namespace recoup::rules {

// Reads a version's `error`. Nothing where the key is absent; complains about one by which no
// Request could be an Error.
std::optional<core::ErrorRule> read_error(const documents::Value& value);

// Reads a version's `not_a_request`: what classify() can find in an outcome that was sent.
std::vector<std::string> read_not_a_request(const documents::Value& value);

// The times after which an answer is an Error by some version of the contract, in order.
std::vector<core::Millis> late_after(const core::Rule& rule);

}  // namespace recoup::rules
