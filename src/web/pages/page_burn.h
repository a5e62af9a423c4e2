#pragma once

#include <string>

#include "core/burn.h"
#include "core/zone.h"
#include "report/html.h"

namespace recoup::web {

// The loss over the month against the straight line from nothing to all that may be lost.
report::Html burn_svg(const core::Burn& burn, const core::Zone& zone);

// The same for those who cannot see it.
report::Html burn_table(const core::Burn& burn);

}  // namespace recoup::web
