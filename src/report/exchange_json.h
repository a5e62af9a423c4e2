#pragma once

#include "record/probe_result.h"
#include "report/json.h"

namespace recoup::report {

// {"resolve": 0.214, …} in milliseconds as decimals in text, which add up to duration_ms exactly.
Json phases_json(const record::Phases& phases);

// One request with its phases and checks, what was asked and what came back: redacted before.
Json exchange_json(const record::Exchange& exchange);

}  // namespace recoup::report
