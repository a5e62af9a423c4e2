#pragma once

#include "metrics/exposition.h"

namespace recoup::metrics {

// Adds where the time of probes' requests goes, why requests failed, and what checks beside the
// contract say.
void add_why(Exposition& out, const report::Snapshot& snapshot);

}  // namespace recoup::metrics
