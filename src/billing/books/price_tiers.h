#pragma once

#include <optional>
#include <vector>

#include "billing/books/price_items.h"

namespace recoup::billing {

// FreeUnits is a quota of free units at the begin of each month.
struct FreeUnits {
  core::Ratio quantity;
  bool in_tiers = false;  // they use up the first tier; otherwise the tiers begin after them
};

// TierPart is how much of a quantity falls into one tier.
struct TierPart {
  core::Ratio units;
  const PriceTier* tier;
};

// Where the month's units after the first `from`, up to and with the unit `to`, fall. Free units
// fall into none. A day is priced by what was used before it and with it, so that the days of a
// month cost together what the month does.
std::vector<TierPart> tier_parts(const std::vector<PriceTier>& tiers, const FreeUnits& free,
                                 const core::Ratio& from, const core::Ratio& to);

// What those parts cost, at prices for `per` units.
core::Ratio price_of(const std::vector<TierPart>& parts, const core::Ratio& per);

}  // namespace recoup::billing
