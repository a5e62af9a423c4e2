#pragma once

#include <optional>
#include <string>

#include "core/assessment.h"
#include "core/charge.h"
#include "core/money.h"
#include "core/result.h"
#include "core/rule.h"

namespace recoup::core {

// Credit is what a contract gives for an assessment.
struct Credit {
  Ratio share;  // of the charges; 0 where no tier was reached
  std::optional<Charge> charge;
  std::optional<Money> amount;  // exact: share × charge; nothing where the charge is not known
  bool eligible = false;        // the contract gives it, as far as is known now
  bool expected = false;        // it will when the cycle that still runs is over, whatever comes
  bool capped = false;          // the amount is the most that the contract credits for a cycle
  std::string reason;           // why, or why not, in one sentence
  std::string charge_error;  // why the charge could not be read; empty where it was or nobody says
};

// The share of the charge, exact and up to the contract's cap. A cap in another currency is none
// that it can be compared with.
Money credit_of(const Version& version, const Ratio& share, const Money& charge);

// KnownCharge is the charge; nothing where nobody says what it was; or why it could not be read.
using KnownCharge = Result<std::optional<Charge>>;

// Applies the tiers, the cap and the minimum ("greater than one dollar", strict, before any
// rounding).
// A cycle that still runs gives no credit yet.
Credit credit(const Version& version, const Assessment& assessment, std::optional<Charge> charge);

// The same; where the charge could not be read, the reason says why.
Credit credit(const Version& version, const Assessment& assessment, KnownCharge charge);

}  // namespace recoup::core
