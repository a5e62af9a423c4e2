#pragma once

#include "billing/filled_order.h"

namespace recoup::billing {

// What an input that is left out follows to from others. Nothing where one of them is not known, or
// where all of them are mere defaults. The month matters to what follows from a date.
core::Result<std::optional<Answer>> derive(const config::Input& input, const FilledOrder& order,
                                           std::optional<core::Month> month);

}  // namespace recoup::billing
