#include "report/charge_json.h"

#include <nlohmann/json.hpp>

#include "report/json.h"

namespace recoup::report {
std::string to_json(const billing::PriceBook& book, const billing::Estimate& estimate) {
  return indented({{"book", book.id},
                   {"lines", charge_lines_json(estimate.lines)},
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
                    {"currency", row.currency},
                    {"share", percent_json(row.share)}});
  }
  Json totals = Json::array();
  for (const billing::SurveyTotal& total : survey.totals) {
    totals.push_back({{"provider", total.provider},
                      {"period", to_text(total.period)},
                      {"rows", total.rows},
                      {"amount", core::exact_text(total.sum)},
                      {"currency", total.currency}});
  }
  return indented({{"rows", std::move(rows)}, {"totals", std::move(totals)}});
}

}  // namespace recoup::report
