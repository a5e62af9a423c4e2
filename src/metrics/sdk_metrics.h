#pragma once

#include "metrics/exposition.h"
#include "report/snapshot.h"

namespace recoup::metrics {

// Adds what became of what AWS SDKs reported.
void add_sdk(Exposition& out, const record::SdkCounts& sdk);

}  // namespace recoup::metrics
