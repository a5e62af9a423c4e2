#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/charge.h"
#include "core/claim_life.h"
#include "ledger/ledger.h"

namespace recoup::cli {

// ClaimRow is one month of an agreement that is over, and where its claim stands.
struct ClaimRow {
  core::ClaimLife life;
  std::optional<core::Seal> seal;     // the newest; nothing where the month is not sealed
  std::optional<core::Ratio> uptime;  // a fraction of 1; nothing where only a claim is known
  std::optional<core::Ratio> share;   // of the charges
  std::optional<core::Instant> due;   // from when on it is sealed, or sealed again
};

// ClaimRows are an agreement's, by month.
struct ClaimRows {
  std::vector<ClaimRow> rows;
  std::size_t older = 0;       // months that are not sealed, and too many to judge each time
  std::size_t unjudged = 0;    // months that no version of the contract is known for
  core::Error why_unjudged{};  // of the newest of these
};

// The agreement's months that are over. Those that are not sealed are judged, the newest 60 of
// them.
core::Result<ClaimRows> claim_rows(ledger::Ledger& ledger,
                                   const config::AgreementSettings& settings,
                                   billing::Charges& charges, core::Instant now);

// One month, also one that still runs or of which nothing was seen.
core::Result<ClaimRow> claim_row(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                                 billing::Charges& charges, core::Month month, core::Instant now);

// An array with one object for each row.
std::string to_json(const std::vector<ClaimRow>& rows);

}  // namespace recoup::cli
