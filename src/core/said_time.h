#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "core/result.h"
#include "core/time.h"
#include "core/zone.h"

namespace recoup::core {

// A day as people say it, of a zone that is known later: "2026-10-03", "today" or "yesterday".
struct SaidDay {
  std::optional<Date> date;  // nothing: so many days before today
  int before = 0;
};

// A time of such a day by the zone's clock: "2026-10-03T14:20", "yesterday 14:20", "14:20" today.
struct SaidClock {
  SaidDay day;
  Millis time;  // since midnight, as clocks show it
};

struct Now {};

// SaidTime is a time as people say it. What has its offset from UTC is an instant at once.
using SaidTime = std::variant<Instant, Now, SaidDay, SaidClock>;

// SaidMonth is a billing cycle as people say it: "2026-10", "now" for the running one, "last" for
// the one before it.
struct SaidMonth {
  std::optional<Month> month;  // nothing: so many cycles before the running one
  int before = 0;
};

Result<SaidTime> parse_said_time(std::string_view text);
Result<SaidMonth> parse_said_month(std::string_view text);

Date day_in(const Zone& zone, const SaidDay& said, Instant now);

// The instant; of a day its begin. An error where a change of the clocks has that time twice, or
// leaves it out: nobody knows which one is meant.
Result<Instant> instant_in(const Zone& zone, const SaidTime& said, Instant now);

// The month that names the cycle, by the zone's cycles.
Month month_in(const Zone& zone, const SaidMonth& said, Instant now);

// An instant near it, to know the zone by that held then: a day apart from it at most.
Instant roughly(const SaidTime& said, Instant now);

}  // namespace recoup::core
