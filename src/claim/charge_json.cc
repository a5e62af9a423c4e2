#include "claim/charge_json.h"

#include <nlohmann/json.hpp>

namespace recoup::claim {

std::string to_json(const std::string& agreement, core::Month month, const core::Charge& charge) {
  using Json = nlohmann::ordered_json;
  Json lines = Json::array();
  for (const core::ChargeLine& line : charge.lines) {
    lines.push_back({{"item", line.item},
                     {"calculation", line.calculation},
                     {"amount", core::exact_text(line.amount)}});
  }
  Json others = Json::array();
  for (const core::OtherFigure& other : charge.others) {
    others.push_back({{"from", other.from},
                      {"amount", core::exact_text(other.amount.amount)},
                      {"currency", other.amount.currency}});
  }
  const Json json = {{"agreement", agreement},
                     {"month", core::to_text(month)},
                     {"amount", core::exact_text(charge.amount.amount)},
                     {"currency", charge.amount.currency},
                     {"from", charge.from},
                     {"note", charge.note},
                     {"final", charge.final},
                     {"lines", std::move(lines)},
                     {"others", std::move(others)},
                     {"remarks", charge.remarks}};
  // Text of a bill may not be UTF-8; what is not becomes U+FFFD.
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace recoup::claim
