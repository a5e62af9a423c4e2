#include "billing/bills/survey.h"

#include <algorithm>
#include <tuple>

#include "billing/bills/groups.h"
#include "core/figures.h"

namespace recoup::billing {
namespace {

bool is_any_or(const auto& wanted, const auto& value) { return !wanted || *wanted == value; }

bool passes(const SurveyFilter& filter, const BillGroup& group) {
  const core::Month month = group.period.begin.year() / group.period.begin.month();
  return is_one_of(filter.providers, group.provider) && is_one_of(filter.services, group.service) &&
         is_any_or(filter.region, group.region) && is_any_or(filter.account, group.account) &&
         is_any_or(filter.month, month) && is_any_or(filter.currency, group.currency);
}

auto key(const SurveyRow& row) {
  return std::tie(row.provider, row.period, row.service, row.region, row.currency, row.class_);
}
auto key(const SurveyTotal& row) { return std::tie(row.provider, row.period, row.currency); }

// Sorts the rows and makes those one that have the same key.
template <typename Row>
std::vector<Row> folded(std::vector<Row> rows) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return key(a) < key(b); });
  std::vector<Row> out;
  for (Row& row : rows) {
    if (out.empty() || key(out.back()) != key(row)) {
      out.push_back(std::move(row));
    } else {
      out.back().rows += row.rows;
      out.back().sum += row.sum;
    }
  }
  return out;
}

// Gives each row its share of the total that it is in, and orders those of one by their amounts.
void share_out(Survey& survey) {
  const auto of = [](const SurveyRow& row) {
    return std::tie(row.provider, row.period, row.currency);
  };
  for (SurveyRow& row : survey.rows) {
    const auto total = std::find_if(survey.totals.begin(), survey.totals.end(),
                                    [&](const SurveyTotal& one) { return key(one) == of(row); });
    if (total != survey.totals.end()) row.share = core::share_of(row.sum, total->sum);
  }
  std::stable_sort(survey.rows.begin(), survey.rows.end(),
                   [&](const SurveyRow& a, const SurveyRow& b) {
                     if (of(a) != of(b)) return of(a) < of(b);
                     return a.sum > b.sum;
                   });
}

}  // namespace

Survey survey(const Bill& bill, const SurveyFilter& filter) {
  Survey out;
  for (const BillGroup& group : bill.groups) {
    if (!passes(filter, group)) continue;
    out.rows.push_back({group.provider, group.period, group.service, group.region, group.currency,
                        group.class_, group.rows, group.sum});
    out.totals.push_back({group.provider, group.period, group.currency, group.rows, group.sum});
  }
  out.rows = folded(std::move(out.rows));
  out.totals = folded(std::move(out.totals));
  share_out(out);
  return out;
}

}  // namespace recoup::billing
