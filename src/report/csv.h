#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/json.h"

namespace recoup::report {

// Rows of JSON as a table by RFC 4180: a line of names, then a line a row. A column's name is the
// place of its value in a row: "amount.currency". What a row does not have is empty; a list, and an
// object that no column goes into, are JSON. A text that a spreadsheet would take for a formula has
// an apostrophe before it, as whoever wrote it may be anybody; numbers stay.
std::string csv_text(const std::vector<std::string>& columns, const Json& rows);

// A text as a cell: in quotes where it needs them, and no formula.
std::string csv_cell(const std::string& text);

}  // namespace recoup::report
