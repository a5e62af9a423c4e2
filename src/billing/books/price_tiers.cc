#include "billing/books/price_tiers.h"

#include <algorithm>

namespace recoup::billing {
namespace {

using core::Ratio;

// Where a unit of the month stands in the tiers: the free ones before it may not count there.
Ratio place_of(const Ratio& unit, const FreeUnits& free) {
  if (free.in_tiers) return std::max(unit, free.quantity);
  return std::max(unit - free.quantity, Ratio{});
}

}  // namespace

std::vector<TierPart> tier_parts(const std::vector<PriceTier>& tiers, const FreeUnits& free,
                                 const Ratio& from, const Ratio& to) {
  std::vector<TierPart> parts;
  Ratio at = place_of(from, free);
  const Ratio end = place_of(to, free);
  for (const PriceTier& tier : tiers) {
    const Ratio stop = tier.to ? std::min(*tier.to, end) : end;
    if (stop <= at) continue;
    parts.push_back({stop - at, &tier});
    at = stop;
  }
  return parts;
}

Ratio price_of(const std::vector<TierPart>& parts, const Ratio& per) {
  Ratio sum;
  for (const TierPart& part : parts) sum += part.units / per * part.tier->price.amount;
  return sum;
}

}  // namespace recoup::billing
