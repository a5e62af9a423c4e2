#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/clock.h"
#include "ledger/ledger.h"
#include "report/snapshot.h"
#include "sources/probe/budget.h"

namespace recoup::service {

// Budgets are those of all agreements whose probes may not send all that is due
// (`max_requests_per_month`), as long as the service runs: settings come and go, what was sent
// stays sent.
class Budgets {
 public:
  // Goes over to the settings. What was sent in the running cycle before it was looked at first is
  // in the ledger, by all vantage points; everything that was counted stands there.
  core::Result<void> exchange(const config::Settings& settings, ledger::TallyStore& ledger,
                              core::Instant now);

  // Null where the agreement's probes may send all that is due.
  std::shared_ptr<sources::probe::Budget> of(const std::string& agreement) const;

  // Logs each budget that is spent, once a billing cycle.
  void tell_spent(core::Instant now);

 private:
  std::map<std::string, std::shared_ptr<sources::probe::Budget>> by_agreement_;
  std::map<std::string, core::Instant> told_;  // the begin of the cycle, by agreement
};

// What the probes of each agreement would send in 30 days, and what that costs by the price book of
// its contract.
std::vector<report::ProbePlan> probe_plans(const config::Settings& settings);

}  // namespace recoup::service
