#pragma once

#include <optional>

#include "cli/commands.h"
#include "config/settings.h"
#include "core/clock.h"

namespace recoup::cli {

// Runs the service until a signal (SIGINT, SIGTERM) or, where given, for a time: probes, ledger,
// assessment, page and metrics. Says where it listens once it does. `note` is printed after that.
Exit serve(const config::Settings& settings, const core::Clock& clock,
           std::optional<core::Millis> duration, const std::string& note);

}  // namespace recoup::cli
