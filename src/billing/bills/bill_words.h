#pragma once

#include <string_view>

#include "billing/bills/bill.h"

namespace recoup::billing {

// The day of a date as bills write it: "2024-09-01", "2024-09-01T00:00:00Z",
// "2024-09-01 00:00:00.000". All are UTC; a time of day other than midnight is an error.
core::Result<core::Date> parse_day(std::string_view text);

// Whether the field says that there is nothing: it is empty, or the word NULL.
bool is_null(std::string_view field);

// What kind of charge the format's own word stands for: a ChargeCategory, a LineItemType or
// RECORD_TYPE, an Item. A word that is not known is other.
Class class_of(BillFormat format, std::string_view category);

// What to do about a charge that is no plain decimal.
std::string_view amount_help(std::string_view amount);

}  // namespace recoup::billing
