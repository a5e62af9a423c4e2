#pragma once

#include <string>

#include "core/ratio.h"

namespace recoup::billing {

// A number for a reader: "12,000,000", "9.5"; of many decimals "about 8.24".
std::string figure(const core::Ratio& number);

// The same as an order has it: "12000000".
std::string plain(const core::Ratio& number);

// "hours" for "hour"; "GB" as it is.
std::string plural(const std::string& unit);

// The next whole number from here up.
core::Ratio rounded_up(const core::Ratio& number);

}  // namespace recoup::billing
