#pragma once

#include <optional>

#include "core/snapshot.h"

namespace recoup::cli {

// What this process takes of its machine, from /proc; nothing where there is none. May be called
// from any thread.
std::optional<core::ProcessUsage> process_usage();

}  // namespace recoup::cli
