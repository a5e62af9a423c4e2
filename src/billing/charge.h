#pragma once

#include <optional>

#include "config/settings.h"
#include "core/credit.h"

namespace recoup::billing {

// What the service cost in the agreement's scope in that cycle, as far as the settings tell.
// Nothing where they do not.
std::optional<core::Charge> charge(const config::AgreementSettings& agreement, core::Month month);

}  // namespace recoup::billing
