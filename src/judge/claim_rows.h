#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/charges.h"
#include "config/settings.h"
#include "ledger/ledger.h"
#include "record/claim_month.h"

namespace recoup::judge {

// ClaimRows are an agreement's, by month.
struct ClaimRows {
  std::vector<record::ClaimMonth> rows;
  std::size_t older = 0;       // months that are not sealed, and too many to judge each time
  std::size_t unjudged = 0;    // months that no version of the contract is known for
  core::Error why_unjudged{};  // of the newest of these
  // Months between those of which something was seen, of which nothing was: not in `rows`.
  std::vector<core::Month> unseen = {};
};

// The agreement's months that are over and of which something was seen or done. Those that are not
// sealed are judged, the newest 60 of them.
core::Result<ClaimRows> claim_rows(ledger::Ledger& ledger,
                                   const config::AgreementSettings& settings,
                                   billing::Charges& charges, core::Instant now);

// One month, also one that still runs or of which nothing was seen.
core::Result<record::ClaimMonth> claim_row(ledger::Ledger& ledger,
                                           const config::AgreementSettings& settings,
                                           billing::Charges& charges, core::Month month,
                                           core::Instant now);

}  // namespace recoup::judge
