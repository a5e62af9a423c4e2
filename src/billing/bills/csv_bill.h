#pragma once

#include <optional>

#include "billing/bills/groups.h"
#include "documents/csv.h"

namespace recoup::billing {

// Reads a FOCUS, CUR or BSS bill from its header to its end and adds its rows up.
core::Result<FileRows> read_csv_bill(documents::CsvReader& reader,
                                     std::optional<BillFormat> format);

}  // namespace recoup::billing
