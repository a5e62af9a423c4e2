#include "claim/claim_month.h"

#include <nlohmann/json.hpp>

namespace recoup::claim {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDigits = 12;

Json percent_json(const std::optional<core::Ratio>& share) {
  if (!share) return nullptr;
  return (*share * core::Ratio::whole(100)).to_decimal(kDigits, core::Rounding::cut);
}

Json money_json(const std::optional<core::Money>& money) {
  if (!money) return nullptr;
  return {{"amount", core::amount_text(*money)}, {"currency", money->currency}};
}

Json month_json(const ClaimMonth& one) {
  const core::ClaimLife& life = one.life;
  const Json requests = one.requests ? Json(*one.requests) : Json(nullptr);
  Json json = {{"agreement", life.ground.agreement},
               {"month", core::to_text(life.ground.month)},
               {"state", core::word_of(life.state)},
               {"requests", requests},
               {"monthly_uptime", percent_json(one.uptime)},
               {"credit_percent", percent_json(one.share)},
               {"amount", money_json(life.ground.amount)},
               {"deadline", nullptr},
               {"days_left", nullptr},
               {"case", life.case_id},
               {"credited", money_json(life.credited)},
               {"sealed", nullptr},
               {"seal_due", nullptr}};
  if (const auto& deadline = life.ground.deadline) {
    json["deadline"] = {{"safe", core::to_text(deadline->safe)},
                        {"literal", core::to_text(deadline->literal)}};
  }
  if (life.days_left) json["days_left"] = *life.days_left;
  if (one.seal) {
    json["sealed"] = {{"revision", one.seal->revision},
                      {"at", core::to_text(one.seal->at)},
                      {"digest", one.seal->digest},
                      {"signed", !one.seal->signature.empty()}};
  }
  if (one.due) json["seal_due"] = core::to_text(*one.due);
  return json;
}

}  // namespace

std::string to_json(const std::vector<ClaimMonth>& months) {
  Json list = Json::array();
  for (const ClaimMonth& one : months) list.push_back(month_json(one));
  // What a user noted may not be UTF-8; what is not becomes U+FFFD.
  return list.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace recoup::claim
