#include "report/claim_totals.h"

#include <map>
#include <set>
#include <tuple>

#include <nlohmann/json.hpp>

namespace recoup::report {
namespace {

using record::ClaimLife;
using record::ClaimState;

core::Ratio cut(const core::Money& money) { return *core::Ratio::parse(core::amount_text(money)); }

}  // namespace

std::vector<ClaimTotal> claim_totals(
    const std::vector<std::pair<std::string, const ClaimLife*>>& claims) {
  std::map<std::tuple<int, std::string, ClaimState, std::string>, ClaimTotal> totals;
  for (const auto& claim : claims) {
    const std::string& provider = claim.first;
    const ClaimLife* const life = claim.second;
    if (life->state == ClaimState::nothing || life->state == ClaimState::unmeasured) continue;
    const auto& amount = life->submitted || life->credited ? life->asked : life->ground.amount;
    const int year = static_cast<int>(life->ground.month.year());
    const auto total = [&](const std::string& currency) -> ClaimTotal& {
      ClaimTotal& one = totals[{year, provider, life->state, currency}];
      one.year = year;
      one.provider = provider;
      one.state = life->state;
      one.currency = currency;
      return one;
    };
    ClaimTotal& one = total(amount           ? amount->currency
                            : life->credited ? life->credited->currency
                                             : "");
    ++one.claims;
    if (amount) one.amount += cut(*amount);
    if (life->credited) total(life->credited->currency).credited += cut(*life->credited);
  }
  std::vector<ClaimTotal> all;
  for (auto& [key, one] : totals) all.push_back(std::move(one));
  return all;
}

std::vector<ClaimTotal> claim_totals(const Snapshot& snapshot) {
  std::set<std::string> practice;
  for (const auto& judgement : snapshot.judgements) {
    if (judgement->agreement.practice) practice.insert(judgement->agreement.id);
  }
  std::vector<std::pair<std::string, const ClaimLife*>> claims;
  for (const record::PastCycles& past : snapshot.past) {
    if (practice.contains(past.agreement)) continue;
    for (const ClaimLife& life : past.claims) claims.emplace_back(past.provider, &life);
  }
  return claim_totals(claims);
}

Json claim_totals_json(const std::vector<ClaimTotal>& totals) {
  Json list = Json::array();
  for (const ClaimTotal& one : totals) {
    const bool known = !one.currency.empty();
    list.push_back(
        {{"year", one.year},
         {"provider", one.provider},
         {"state", record::word_of(one.state)},
         {"currency", known ? Json(one.currency) : Json(nullptr)},
         {"claims", one.claims},
         {"amount", known ? Json(core::amount_text({one.amount, ""})) : Json(nullptr)},
         {"credited", known ? Json(core::amount_text({one.credited, ""})) : Json(nullptr)}});
  }
  return list;
}

}  // namespace recoup::report
