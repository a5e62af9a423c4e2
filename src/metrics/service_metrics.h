#pragma once

#include <string>

#include "core/snapshot.h"
#include "metrics/page.h"

namespace recoup::metrics {

// Adds what the service says of itself.
void add_service(Page& page, const core::Snapshot& snapshot, const std::string& version);

// Adds what its server answered.
void add_web(Page& page, const core::WebUsage& web);

// Adds what it takes of its machine, by the names that all of Prometheus' client libraries use.
void add_process(Page& page, const core::ProcessUsage& process);

}  // namespace recoup::metrics
