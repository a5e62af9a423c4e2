#pragma once

#include <string>
#include <string_view>

#include "billing/bills/groups.h"

namespace recoup::billing {

// Reads one page of Cost Explorer's answer to GetCostAndUsage, of UnblendedCost. Where it is not
// grouped by RECORD_TYPE, all is taken for usage, and a remark says so.
core::Result<FileRows> read_cost_explorer(const std::string& name, std::string_view json);

}  // namespace recoup::billing
