#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.h"

namespace recoup::core {

// Instant is a point of UTC wall time, to the millisecond. Leap seconds do not exist (POSIX time).
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Millis = std::chrono::milliseconds;

// Minute is a whole UTC minute: the grain of a tally.
using Minute = std::chrono::sys_time<std::chrono::minutes>;

using Month = std::chrono::year_month;
using Date = std::chrono::year_month_day;

// Interval is the time from begin up to, and not including, end.
struct Interval {
  Instant begin;
  Instant end;  // not included

  bool contains(Instant at) const { return begin <= at && at < end; }
  bool overlaps(const Interval& other) const { return begin < other.end && other.begin < end; }
  bool empty() const { return end <= begin; }
  Millis length() const { return end - begin; }
  bool operator==(const Interval&) const = default;
};

// The end of what has none yet.
constexpr Instant kOpenEnd =
    std::chrono::sys_days(std::chrono::year(9999) / std::chrono::December / 31);

// The UTC minute that holds the instant.
Minute minute_of(Instant at);

// "2026-10-03T02:00:00Z"; with ".250" before the Z when there are milliseconds.
std::string to_text(Instant at);
std::string to_text(Date date);    // "2026-10-03"
std::string to_text(Month month);  // "2026-10"

// RFC 3339: "2026-10-03T02:00:00Z", "2026-10-03 02:00:00.250+02:00", "2026-10-03T02:00Z".
// The offset must be there; fractions beyond milliseconds are cut; second 60 is second 0 of the
// next minute.
Result<Instant> parse_instant(std::string_view text);
Result<Date> parse_date(std::string_view text);    // "2026-10-03"
Result<Month> parse_month(std::string_view text);  // "2026-10"

// "5m", "250ms", "1h", "30s", "2d": a whole number and one unit. More than zero, at most 366 days.
Result<Millis> parse_duration(std::string_view text);
std::string to_text(Millis duration);  // the largest unit that is exact: "5m", "1500ms"

}  // namespace recoup::core
