#pragma once

#include <string>

#include "core/zone.h"

namespace recoup::rules {

// "UTC", an offset like "+05:30", or a name of the system's time zone database ("Europe/Zurich")
// with all its clock changes from 1970 to 2100. May be called from any thread.
core::Result<core::Zone> find_zone(const std::string& name);

}  // namespace recoup::rules
