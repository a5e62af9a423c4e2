#include "service/leadership.h"

#include <utility>

#include <spdlog/spdlog.h>

namespace recoup::service {

Leadership::Leadership(ledger::Ledger& ledger, std::optional<record::Writer> as,
                       const core::Clock& clock, OnFailure on_failure, core::Millis every)
    : ledger_(ledger),
      as_(std::move(as)),
      clock_(clock),
      on_failure_(std::move(on_failure)),
      every_(every),
      until_(clock.mono()) {}

void Leadership::turn() {
  const core::MonoTime asked = clock_.mono();
  if (as_) {
    const auto leads = ledger_.leads(*as_);
    if (!leads) {
      on_failure_(leads.error());
    } else {
      until_ = *leads ? asked + 5 * every_ : asked;
      if (std::exchange(led_, *leads) != *leads) {
        spdlog::info("judge: {}",
                     *leads ? "this process seals and tells" : "another process seals and tells");
      }
    }
  }
  auto holders = ledger_.holders();
  if (!holders) return on_failure_(holders.error());
  const std::lock_guard lock(mutex_);
  holders_ = *std::move(holders);
}

void Leadership::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    turn();
    clock_.pause(stop, clock_.mono() + every_);
  }
}

std::vector<record::Holder> Leadership::holders() const {
  const std::lock_guard lock(mutex_);
  return holders_;
}

}  // namespace recoup::service
