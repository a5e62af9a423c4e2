#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/ratio.h"
#include "record/claim_life.h"
#include "report/json.h"
#include "report/snapshot.h"

namespace recoup::report {

// ClaimTotal is what the claims come to together that are of one year, provider, state and
// currency.
struct ClaimTotal {
  int year = 0;  // of the cycles
  std::string provider;
  record::ClaimState state = record::ClaimState::claimable;
  std::string currency;  // empty: of claims whose amount is not known
  std::uint64_t claims = 0;
  core::Ratio amount;    // asked for, or, of those that were not submitted, to be asked for
  core::Ratio credited;  // of that
};

// The totals of claims, each with its provider, by year, provider, state and currency. Months
// without anything to claim are left out. Amounts are cut to the cent before they are added, as
// they are asked for.
std::vector<ClaimTotal> claim_totals(
    const std::vector<std::pair<std::string, const record::ClaimLife*>>& claims);

// Those of the claims of the service's agreements, but for practice ones.
std::vector<ClaimTotal> claim_totals(const Snapshot& snapshot);

Json claim_totals_json(const std::vector<ClaimTotal>& totals);

}  // namespace recoup::report
