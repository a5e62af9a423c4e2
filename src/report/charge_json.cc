#include "report/charge_json.h"

#include <nlohmann/json.hpp>

namespace recoup::report {
namespace {

using Json = nlohmann::ordered_json;

Json lines_json(const std::vector<core::ChargeLine>& lines) {
  Json list = Json::array();
  for (const core::ChargeLine& line : lines) {
    list.push_back({{"item", line.item},
                    {"calculation", line.calculation},
                    {"amount", core::exact_text(line.amount)}});
  }
  return list;
}

// Text of a bill may not be UTF-8; what is not becomes U+FFFD.
std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string to_json(const billing::PriceBook& book, const billing::Estimate& estimate) {
  return dump({{"book", book.id},
               {"lines", lines_json(estimate.lines)},
               {"total", core::exact_text(estimate.total.amount)},
               {"currency", estimate.total.currency},
               {"notes", estimate.notes}});
}

std::string to_json(const billing::Survey& survey) {
  Json rows = Json::array();
  for (const billing::SurveyRow& row : survey.rows) {
    rows.push_back({{"provider", row.provider},
                    {"period", to_text(row.period)},
                    {"service", row.service},
                    {"region", row.region},
                    {"class", to_text(row.class_)},
                    {"rows", row.rows},
                    {"amount", core::exact_text(row.sum)},
                    {"currency", row.currency}});
  }
  Json totals = Json::array();
  for (const billing::SurveyTotal& total : survey.totals) {
    totals.push_back({{"provider", total.provider},
                      {"period", to_text(total.period)},
                      {"rows", total.rows},
                      {"amount", core::exact_text(total.sum)},
                      {"currency", total.currency}});
  }
  return dump({{"rows", std::move(rows)}, {"totals", std::move(totals)}});
}

}  // namespace recoup::report
