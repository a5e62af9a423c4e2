#pragma once

#include <optional>

#include "report/snapshot.h"

namespace recoup::service {

// What this process takes of its machine, from /proc; nothing where there is none. May be called
// from any thread.
std::optional<report::ProcessUsage> process_usage();

// Gives memory that was freed back to the system, where the C library would keep it (glibc). Takes
// milliseconds, in which others may wait for memory. May be called from any thread.
void give_back_memory();

}  // namespace recoup::service
