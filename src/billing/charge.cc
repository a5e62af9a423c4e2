#include "billing/charge.h"

namespace recoup::billing {

std::optional<core::Charge> charge(const config::AgreementSettings& agreement, core::Month month) {
  for (const config::StatedCharge& stated : agreement.charges) {
    if (stated.month == month) return core::Charge{stated.amount, "stated", stated.note};
  }
  return std::nullopt;
}

}  // namespace recoup::billing
