#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.h"

namespace recoup::core {

// ExclusionWindow is a time that the user takes out of the measurement, and why. An interval that
// one touches counts as 100 % available, which can only raise a mean over intervals. From a ratio
// of Requests its Requests are taken away, the served ones as well, and by Excluded::left_out the
// interval is none of those that count: both can lower the uptime.
struct ExclusionWindow {
  Interval span;
  std::string reason;

  bool operator==(const ExclusionWindow&) const = default;
};

// Agreement is a contract applied to one account and Region of the user.
struct Agreement {
  std::string id;
  std::string sla;      // the rule's id
  std::string account;  // empty where the contract's scope has none
  std::string region;
  // Made-up data for practice: everything written about it says so.
  bool practice = false;
  std::vector<ExclusionWindow> exclusions = {};
  // From and until when the service was used, where that began or ended in a cycle.
  std::optional<Instant> since = {};
  std::optional<Instant> until = {};  // not included
  // A day on which one of its billing cycles began, where the contract counts them from it.
  std::optional<Date> cycle_start = {};
  // Whom a claim names to be asked about it, in the user's words; empty: nobody.
  std::string contact = {};
  // The service is bought from a partner of the provider, who gets the claim in its place.
  bool by_partner = false;
};

}  // namespace recoup::core
