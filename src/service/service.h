#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "core/clock.h"

namespace recoup::service {

// Ended is how a service came to its end.
struct Ended {
  std::optional<core::Error> error = {};  // nothing: all is in order
  bool wrong_settings = false;            // the error is of what the settings say
};

// Says a line to whoever started the service.
using Say = std::function<void(std::string_view)>;

// Runs the service until a signal (SIGINT, SIGTERM) or, where given, for a time: probes, ledger,
// assessment, page and metrics. Says where it listens once it does. `note` is said after that.
Ended serve(const config::Settings& settings, const documents::Environment& environment,
            const core::Clock& clock, std::optional<core::Millis> duration, const std::string& note,
            const Say& say);

}  // namespace recoup::service
