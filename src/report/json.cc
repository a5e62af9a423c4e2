#include "report/json.h"

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "record/redact.h"
#include "report/words.h"

namespace recoup::report {
namespace {

Json text_json(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

std::string indented(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string on_one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json instant_json(const std::optional<core::Instant>& at) {
  return at ? Json(core::to_text(*at)) : Json(nullptr);
}

Json deadline_json(const std::optional<core::DeadlineDates>& deadline) {
  if (!deadline) return nullptr;
  return {{"safe", core::to_text(deadline->safe)}, {"literal", core::to_text(deadline->literal)}};
}

Json fraction_json(const core::Ratio& value) {
  return {{"numerator", value.numerator()}, {"denominator", value.denominator()}};
}

Json percent_json(const std::optional<core::Ratio>& share) {
  return share ? Json(percent_text(*share)) : Json(nullptr);
}

Json exact_json(const core::Ratio& share) {
  Json json = {{"percent", percent_text(share)}};
  json.update(fraction_json(share));
  return json;
}

Json money_json(const std::optional<core::Money>& money) {
  if (!money) return nullptr;
  return {{"amount", core::amount_text(*money)}, {"currency", money->currency}};
}

Json exact_money_json(const std::optional<core::Money>& money) {
  if (!money) return nullptr;
  Json json = fraction_json(money->amount);
  json["currency"] = money->currency;
  return json;
}

Json charge_lines_json(const std::vector<core::ChargeLine>& lines) {
  Json list = Json::array();
  for (const core::ChargeLine& line : lines) {
    list.push_back({{"item", line.item},
                    {"calculation", line.calculation},
                    {"amount", core::exact_text(line.amount)}});
  }
  return list;
}

Json other_figures_json(const std::vector<core::OtherFigure>& others) {
  Json list = Json::array();
  for (const core::OtherFigure& other : others) {
    list.push_back({{"from", other.from},
                    {"amount", core::exact_text(other.amount.amount)},
                    {"currency", other.amount.currency}});
  }
  return list;
}

Json outcome_json(const core::Outcome& outcome) {
  const auto* answered = std::get_if<core::Answered>(&outcome);
  Json json = {
      {"outcome", core::to_text(outcome)},
      {"status",
       answered == nullptr || answered->status == 0 ? Json(nullptr) : Json(answered->status)},
      {"error_name", answered == nullptr ? Json(nullptr) : text_json(answered->error_name)},
      {"unattributed", answered != nullptr && answered->unattributed}};
  if (answered != nullptr && answered->refused) json["refused"] = true;
  return json;
}

Json request_json(const record::Evidence& request) {
  Json json = {{"at", core::to_text(request.at)}};
  json.update(outcome_json(request.outcome));
  json.update({{"request_id", text_json(request.request_id)},
               {"duration_ms", request.duration.count()},
               {"peer", text_json(request.peer)},
               {"detail", text_json(request.detail)}});
  return json;
}

Json claim_month_json(const record::ClaimMonth& month) {
  const record::ClaimLife& life = month.life;
  const Json requests = month.requests ? Json(*month.requests) : Json(nullptr);
  Json json = {{"agreement", life.ground.agreement},
               {"month", core::to_text(life.ground.month)},
               {"state", record::word_of(life.state)},
               {"requests", requests},
               {"monthly_uptime", percent_json(month.uptime)},
               {"measured_percent", percent_json(month.measured)},
               {"credit_percent", percent_json(month.share)},
               {"amount", money_json(life.ground.amount)},
               {"deadline", deadline_json(life.ground.deadline)},
               {"days_left", nullptr},
               {"case", life.case_id},
               {"asked", money_json(life.submitted ? life.asked : std::nullopt)},
               {"submitted", instant_json(life.submitted)},
               {"credit_due", instant_json(life.credit_due)},
               {"credited", money_json(life.credited)},
               {"credited_percent", percent_json(life.credited_share())},
               {"corrected", life.is_corrected()},
               {"why", life.why},
               {"sealed", nullptr},
               {"seal_due", instant_json(month.due)}};
  if (life.days_left) json["days_left"] = *life.days_left;
  if (month.seal) {
    json["sealed"] = {{"revision", month.seal->revision},
                      {"at", core::to_text(month.seal->at)},
                      {"digest", month.seal->digest},
                      {"signed", !month.seal->signature.empty()}};
  }
  return json;
}

Json charge_json(const std::string& agreement, core::Month month, const core::Charge& charge) {
  return {{"agreement", agreement},
          {"month", core::to_text(month)},
          {"amount", core::exact_text(charge.amount.amount)},
          {"currency", charge.amount.currency},
          {"from", charge.from},
          {"note", charge.note},
          {"final", charge.final},
          {"lines", charge_lines_json(charge.lines)},
          {"others", other_figures_json(charge.others)},
          {"remarks", charge.remarks}};
}

}  // namespace recoup::report
