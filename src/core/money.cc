#include "core/money.h"

namespace recoup::core {

std::string amount_text(const Money& money) { return money.amount.to_decimal(2, Rounding::cut); }

std::string to_text(const Money& money) { return amount_text(money) + ' ' + money.currency; }

}  // namespace recoup::core
