#pragma once

#include <string>
#include <vector>

#include "core/zone.h"

namespace recoup::core {

// ExpiryTerms is what a provider says of a prepaid instance that is not renewed. Days are days of
// the provider's zone.
struct ExpiryTerms {
  std::vector<int> reminders;             // days before the expiry, the earliest first
  int kept_days = 0;                      // from the expiry to the suspension; renewal is possible
  int released_on_day = 0;                // after the suspension; until then renewal reactivates
  std::vector<std::string> remarks = {};  // what else its customer is to know of that, in sentences
};

// ExpiryTimeline is what happens to one instance, in the order of time.
struct ExpiryTimeline {
  std::vector<Instant> reminders;
  Instant expiry;
  Instant suspension;
  Date last_day;    // on which a renewal still reactivates
  Instant release;  // keys and secrets are gone from here on
};

// The instance is shown to expire on that date "at midnight": the date's begin, or its end.
ExpiryTimeline expiry_timeline(const ExpiryTerms& terms, Date expires, bool at_end_of_day,
                               const Zone& zone);

// OverdueTerms is what a provider says of an account that owes it money.
struct OverdueTerms {
  int restored_within_months = 0;  // of the suspension; later the configuration may be cleared
};

// Until when paying brings the service back.
Instant last_restoration(const OverdueTerms& terms, Instant overdue_since, const Zone& zone);

}  // namespace recoup::core
