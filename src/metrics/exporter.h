#pragma once

#include <string>

#include "report/snapshot.h"

namespace recoup::metrics {

// The snapshot in the Prometheus text format 0.0.4, by prometheus-cpp; `version` is the program's.
// A picture: every figure was computed in core, and no decision is taken from a metric. May be
// called from any thread.
std::string to_text(const report::Snapshot& snapshot, const std::string& version);

// The Content-Type that goes with it.
extern const char kContentType[];

}  // namespace recoup::metrics
