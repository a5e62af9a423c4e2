#pragma once

#include <string>

#include "core/charge.h"
#include "core/time.h"

namespace recoup::claim {

// What an agreement cost in a month, as `recoup charges --json` has it: a JSON object, indented by
// two.
std::string to_json(const std::string& agreement, core::Month month, const core::Charge& charge);

}  // namespace recoup::claim
