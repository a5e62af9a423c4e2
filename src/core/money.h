#pragma once

#include <string>

#include "core/ratio.h"

namespace recoup::core {

// Money is an exact amount of one currency (ISO 4217 code). It is rounded when it is shown, and
// never before it is compared.
struct Money {
  Ratio amount;
  std::string currency;

  bool operator==(const Money&) const = default;
};

// "1845.00 USD": two digits after the point, cut, so that no more is asked for than is owed.
std::string to_text(const Money& money);

// As many digits as hold the amount, two at least: "9.60", "0.0041666667"; cut after twelve where
// no number of them does.
std::string exact_text(const Ratio& amount);

// The amount alone, as to_text() shows it.
std::string amount_text(const Money& money);

}  // namespace recoup::core
