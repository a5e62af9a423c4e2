#pragma once

#include "metrics/exposition.h"
#include "record/stamp_counts.h"

namespace recoup::metrics {

// Adds how the third party gets on that signs the time.
void add_stamps(Exposition& out, const record::StampCounts& stamps);

}  // namespace recoup::metrics
