#pragma once

#include "core/assessment.h"
#include "report/json.h"

namespace recoup::report {

// Adds what must stand beside an uptime (asides.h) to a judgement's JSON: keys for what there is.
void add_asides(Json& json, const core::Assessment& a);

}  // namespace recoup::report
