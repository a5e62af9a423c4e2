#pragma once

#include <string>
#include <vector>

#include "core/money.h"

namespace recoup::core {

// ChargeLine is one line of a charge: what for, how it was computed, and what it came to, in the
// charge's currency.
struct ChargeLine {
  std::string item;
  std::string calculation;
  Ratio amount;

  bool operator==(const ChargeLine&) const = default;
};

// OtherFigure is what another source says of the same charge, for comparison alone.
struct OtherFigure {
  std::string from;  // as Charge::from
  Money amount;

  bool operator==(const OtherFigure&) const = default;
};

// Charge is what the service cost in the agreement's scope and cycle.
struct Charge {
  Money amount;
  std::string from;                       // "stated", "bill", "estimate"
  std::string note;                       // which invoice, book or file
  std::vector<ChargeLine> lines = {};     // their sum is the amount; may be empty where stated
  std::vector<std::string> remarks = {};  // what the reader must know, one sentence each
  bool final = true;                      // false: the provider may still change it
  std::vector<OtherFigure> others = {};   // from sources that decide less

  bool operator==(const Charge&) const = default;
};

}  // namespace recoup::core
