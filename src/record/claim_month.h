#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record/claim_life.h"
#include "record/seal.h"

namespace recoup::record {

// ClaimMonth is one month of an agreement that is over, and where its claim stands.
struct ClaimMonth {
  ClaimLife life;
  std::optional<Seal> seal;  // the newest; nothing where the month is not sealed
  // A fraction of 1; nothing where the month was not measured, and where only a claim is known.
  std::optional<core::Ratio> uptime;
  std::optional<core::Ratio> share;  // of the charges
  std::optional<core::Instant> due;  // from when on it is sealed, or sealed again
  // How many were measured; nothing where only a claim is known.
  std::optional<std::uint64_t> requests = {};
  // How much of the cycle was measured, a fraction of 1; nothing where the uptime is not known, and
  // where a seal of before does not say.
  std::optional<core::Ratio> measured = {};
};

}  // namespace recoup::record
