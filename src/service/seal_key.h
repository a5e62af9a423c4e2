#pragma once

#include <optional>

#include "config/settings.h"
#include "core/result.h"
#include "record/signature.h"

namespace recoup::service {

// The key that signs seals, where the settings name one.
core::Result<std::optional<record::SealKey>> seal_key(const config::Settings& settings);

}  // namespace recoup::service
