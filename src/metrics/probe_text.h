#pragma once

#include <string>

#include "record/probe_result.h"

namespace recoup::metrics {

// One result by the names and with the meanings of blackbox_exporter's HTTP prober, so that what
// reads that one reads this. `has_body_checks`: some check of the probe looks at bodies. Other than
// there, a phase that a kept connection has none of takes no time, and success is what the probe
// expects and its checks say.
std::string probe_text(const record::ProbeResult& result, bool has_body_checks);

}  // namespace recoup::metrics
