#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/money.h"
#include "core/ratio.h"
#include "report/snapshot.h"

namespace recoup::report {

// MoneySum is money of several currencies, each amount cut to the cent before it is added, as it is
// asked for.
class MoneySum {
 public:
  // Without a value: an amount that nobody knows.
  void add(const std::optional<core::Money>& amount);

  bool empty() const { return by_currency_.empty() && unknown_ == 0; }
  const std::map<std::string, core::Ratio>& by_currency() const { return by_currency_; }
  std::uint64_t unknown() const { return unknown_; }  // how many such amounts

 private:
  std::map<std::string, core::Ratio> by_currency_;
  std::uint64_t unknown_ = 0;
};

// Whether somebody can ask for it today: it is open, and does not come by itself.
bool can_be_claimed(const record::ClaimLife& life);

// MoneyTotals is what all claims of the service's agreements come to, but for practice ones.
struct MoneyTotals {
  MoneySum claimable;  // can_be_claimed()
  MoneySum in_flight;  // with a provider, or to come by themselves; without what was given of it
  MoneySum credited;   // of the months of `year`
  int year = 0;        // of the snapshot, in UTC

  bool empty() const { return claimable.empty() && in_flight.empty() && credited.empty(); }
};

MoneyTotals money_totals(const Snapshot& snapshot);

}  // namespace recoup::report
