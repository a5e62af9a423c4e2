#include "service/budgets.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "billing/request_cost.h"
#include "core/zone.h"
#include "judge/judge.h"

namespace recoup::service {
namespace {

using core::Result;

constexpr std::chrono::days kPlannedDays{30};

// The zone that knows the agreement's cycles at that time.
Result<core::Zone> zone_at(const config::AgreementSettings& agreement, core::Instant now) {
  const auto month = judge::month_at(agreement, now);
  if (!month) return month.error();
  const auto terms = judge::cycle_terms(agreement, *month);
  if (!terms) return terms.error();
  return terms->zone;
}

}  // namespace

Result<void> Budgets::exchange(const config::Settings& settings, ledger::TallyStore& ledger,
                               core::Instant now) {
  std::map<std::string, std::shared_ptr<sources::probe::Budget>> next;
  for (const config::AgreementSettings& one : settings.agreements) {
    if (!one.max_requests_per_month) continue;
    const std::string& id = one.agreement.id;
    const auto zone = zone_at(one, now);
    if (!zone) return zone.error();
    const auto known = by_agreement_.find(id);
    auto budget = known != by_agreement_.end() ? known->second
                                               : std::make_shared<sources::probe::Budget>(
                                                     *one.max_requests_per_month, *zone);
    budget->change(*one.max_requests_per_month, *zone);
    if (known == by_agreement_.end()) {
      const core::Interval cycle = budget->cycle_at(now);
      const auto tallies = ledger.tallies(id, cycle);
      if (!tallies) return tallies.error();
      budget->set_sent(cycle, tallies->sent());
    }
    next.emplace(id, std::move(budget));
  }
  by_agreement_ = std::move(next);
  return {};
}

std::shared_ptr<sources::probe::Budget> Budgets::of(const std::string& agreement) const {
  const auto found = by_agreement_.find(agreement);
  return found == by_agreement_.end() ? nullptr : found->second;
}

void Budgets::tell_spent(core::Instant now) {
  for (const auto& [agreement, budget] : by_agreement_) {
    if (!budget->is_spent(now)) continue;
    const core::Interval cycle = budget->cycle_at(now);
    const auto told = told_.find(agreement);
    if (told != told_.end() && told->second == cycle.begin) continue;
    told_[agreement] = cycle.begin;
    spdlog::warn(
        "probes of {}: all requests of its max_requests_per_month are sent: until {} none is, and "
        "what was due is missed (budget); raise the number, or probe less often",
        agreement, core::to_text(cycle.end));
  }
}

std::vector<report::ProbePlan> probe_plans(const config::Settings& settings) {
  std::vector<report::ProbePlan> plans;
  for (const config::AgreementSettings& one : settings.agreements) {
    if (one.probes.empty()) continue;
    report::ProbePlan plan{one.agreement.id};
    plan.requests = config::requests_in(one, kPlannedDays);
    plan.cost = billing::cost_of_requests(*settings.books, one.rule->id, one.agreement.region,
                                          plan.requests);
    plan.most = one.max_requests_per_month;
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace recoup::service
