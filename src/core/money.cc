#include "core/money.h"

namespace recoup::core {

std::string amount_text(const Money& money) { return money.amount.to_decimal(2, Rounding::cut); }

std::string to_text(const Money& money) { return amount_text(money) + ' ' + money.currency; }

std::string exact_text(const Ratio& amount) {
  constexpr int kMost = 60;  // more than any bill writes
  constexpr int kCut = 12;
  std::string exact = amount.to_shortest(kMost);
  const auto point = exact.find('.');
  if (point != std::string::npos && exact.size() - point - 1 == kMost) {
    exact = amount.to_shortest(kCut);
  }
  const std::string two = amount.to_decimal(2, Rounding::cut);
  return exact.size() < two.size() ? two : exact;
}

}  // namespace recoup::core
