#pragma once

#include <string>

#include "config/catalog.h"
#include "config/settings.h"
#include "ledger/ledger.h"
#include "monitor/judge.h"

namespace recoup::cli {

// The verdict on the agreement's month by the contract that `words` name, RULE or RULE@DATE. The
// agreement's own rule has the terms that its user supplied.
core::Result<core::Standing> judge_under(ledger::Ledger& ledger, const config::Catalog& catalog,
                                         config::AgreementSettings agreement,
                                         const std::string& words, core::Month month,
                                         const core::KnownCharge& charge, core::Instant now);

}  // namespace recoup::cli
