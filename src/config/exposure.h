#pragma once

#include <optional>
#include <string>

#include "config/settings.h"

namespace recoup::config {

// What is open to whom, and on a line of its own what to do about it, where others than this
// machine may reach the server, and it is without TLS or asks nobody who they are.
std::optional<std::string> exposure_warning(const Settings& settings);

}  // namespace recoup::config
