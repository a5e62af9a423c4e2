#pragma once

#include <optional>
#include <string>

#include "core/time.h"
#include "ledger/ledger.h"

namespace recoup::judge {

// Up to where evidence of the agreement was removed: of what is later all is there. Nothing where
// none was.
core::Result<std::optional<core::Instant>> evidence_removed_until(ledger::Upkeep& ledger,
                                                                  const std::string& agreement);

}  // namespace recoup::judge
