#pragma once

#include <optional>

#include "report/snapshot.h"

namespace recoup::service {

// What this process takes of its machine, from /proc; nothing where there is none. May be called
// from any thread.
std::optional<report::ProcessUsage> process_usage();

}  // namespace recoup::service
