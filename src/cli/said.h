#pragma once

#include <string>
#include <vector>

#include "config/settings.h"
#include "core/said_time.h"

namespace recoup::cli {

// What people say of times and billing cycles, by the clock that an agreement's cycles are counted
// by: that of its contract, or of its settings. An error is one of the words given.
core::Result<core::Month> month_of(const config::AgreementSettings& agreement,
                                   const core::SaidMonth& said, core::Instant now);
core::Result<core::Instant> instant_of(const config::AgreementSettings& agreement,
                                       const core::SaidTime& said, core::Instant now);

// The same of all these agreements, or of all that there are where none is named. What is said
// without an offset must be the same instant for each of them.
core::Result<core::Instant> instant_of(const config::Settings& settings,
                                       const std::vector<std::string>& agreements,
                                       const core::SaidTime& said, core::Instant now);

}  // namespace recoup::cli
