#pragma once

#include <stop_token>
#include <string>

#include "config/notify_settings.h"
#include "core/clock.h"
#include "core/result.h"

namespace recoup::service {

// Gives one text of JSON to whom the settings name, and waits until it was taken: a POST that is
// answered with a status of 2xx, or a program that ends with 0 after it was given the text on its
// standard input. The error says what happened, and never the address, a header or what was
// answered. A stop ends the waiting.
core::Result<void> deliver(const config::NotifySettings& settings, const std::string& json,
                           const core::Clock& clock, const std::stop_token& stop);

}  // namespace recoup::service
