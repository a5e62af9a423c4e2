#pragma once

#include <optional>

#include "config/settings.h"
#include "ledger/ledger.h"

namespace recoup::judge {

// Up to where nobody needs the agreement's evidence any more: the end of the last of its first
// months that are all sealed, and of whose claims nothing can become for longer than `keep`. A
// month that is not sealed, or whose claim is open, is needed, and all that come after it. Nothing
// where the first month is.
core::Result<std::optional<core::Instant>> evidence_needed_from(
    ledger::Ledger& ledger, const config::AgreementSettings& settings, core::Millis keep,
    core::Instant now);

}  // namespace recoup::judge
