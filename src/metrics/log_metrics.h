#pragma once

#include <vector>

#include "metrics/exposition.h"
#include "record/follow_counts.h"

namespace recoup::metrics {

// Adds what became of the logs that are followed.
void add_logs(Exposition& out, const std::vector<record::FollowedLog>& logs);

}  // namespace recoup::metrics
