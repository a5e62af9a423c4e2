#pragma once

#include <span>
#include <string>

#include "core/judgement.h"

namespace recoup::metrics {

// Billing cycles that are over, as OpenMetrics 1.0 with timestamps, for `promtool tsdb
// create-blocks-from openmetrics`: what a dashboard shows of years. Each cycle has a sample at its
// begin and every 24 hours from there on: of that day what is named recoup_day_…, and of the whole
// cycle, each time the same, what is named recoup_month_…. The months of an agreement stand
// together and in order.
std::string to_openmetrics(std::span<const core::Judgement> months);

}  // namespace recoup::metrics
