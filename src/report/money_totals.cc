#include "report/money_totals.h"

#include <set>

#include "report/overview.h"

namespace recoup::report {
namespace {

using record::ClaimState;

// What is still to come of what was asked for.
std::optional<core::Money> open_amount(const record::ClaimLife& life) {
  const auto& asked = life.asked ? life.asked : life.ground.amount;
  if (!asked || !life.credited || life.credited->currency != asked->currency) return asked;
  return core::Money{asked->amount - life.credited->amount, asked->currency};
}

void add_claim(const record::ClaimLife& life, MoneyTotals& totals) {
  if (can_be_claimed(life)) {
    totals.claimable.add(life.ground.amount);
  } else if (life.waits() && life.state != ClaimState::credited) {
    totals.in_flight.add(open_amount(life));
  }
  const bool given = life.state == ClaimState::credited || life.credited;
  if (given && static_cast<int>(life.ground.month.year()) == totals.year) {
    totals.credited.add(life.credited);
  }
}

}  // namespace

void MoneySum::add(const std::optional<core::Money>& amount) {
  if (!amount) {
    ++unknown_;
    return;
  }
  by_currency_[amount->currency] += *core::Ratio::parse(core::amount_text(*amount));
}

bool can_be_claimed(const record::ClaimLife& life) { return is_open(life) && !life.ground.due; }

MoneyTotals money_totals(const Snapshot& snapshot) {
  MoneyTotals totals;
  const core::Date today(std::chrono::floor<std::chrono::days>(snapshot.at));
  totals.year = static_cast<int>(today.year());
  std::set<std::string_view> practice;
  for (const auto& judgement : snapshot.judgements) {
    if (judgement->agreement.practice) practice.insert(judgement->agreement.id);
  }
  for (const record::PastCycles& past : snapshot.past) {
    if (practice.contains(past.agreement)) continue;
    for (const record::ClaimLife& life : past.claims) add_claim(life, totals);
  }
  return totals;
}

}  // namespace recoup::report
