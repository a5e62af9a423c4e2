#pragma once

#include <string>

#include "config/settings.h"
#include "judge/judge.h"
#include "ledger/ledger.h"
#include "rules/catalog.h"

namespace recoup::judge {

// The verdict on the agreement's month by the contract that `words` name, RULE or RULE@DATE. The
// agreement's own rule has the terms that its user supplied.
core::Result<core::Judgement> judge_under(ledger::Ledger& ledger, const rules::Catalog& catalog,
                                          config::AgreementSettings agreement,
                                          const std::string& words, core::Month month,
                                          const core::KnownCharge& charge, core::Instant now);

}  // namespace recoup::judge
