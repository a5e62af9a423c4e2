#pragma once

#include "core/judgement.h"
#include "report/json.h"

namespace recoup::report {

// One agreement in one billing cycle, as the design's §5.3 has it. Where nothing was measured, the
// uptime, its bounds and whether the commitment was met are null. `under`: what-if, judged by
// another contract than the agreement's.
Json judgement_json(const core::Judgement& judgement, bool under = false);

}  // namespace recoup::report
