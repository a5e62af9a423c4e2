// Billing cycles that are no calendar months: quarters, from the day of purchase on, rolling days.

#include "core/zone.h"
#include "support/catch.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

std::string span_of(Month month, const Zone& zone) {
  const Cycle cycle = cycle_of(month, zone);
  return to_text(cycle.month) + " " + to_text(cycle.span.begin) + " " + to_text(cycle.span.end);
}

Date day(const char* text) { return *parse_date(text); }

// Every instant is in one cycle, the one whose name it has, and each follows the one before.
void check_whole(const Zone& zone) {
  Month month = zone.month_of(*parse_instant("2023-01-01T12:00:00Z"));
  for (int n = 0; n < 60; ++n, month = zone.month_after(month, 1)) {
    const Cycle cycle = cycle_of(month, zone);
    INFO(to_text(month) << " " << to_text(cycle.span.begin));
    CHECK(cycle.month == month);
    CHECK(zone.names_cycle(month));
    CHECK(cycle.span.begin < cycle.span.end);
    CHECK(zone.month_of(cycle.span.begin) == month);
    CHECK(zone.month_of(cycle.span.end - 1ms) == month);
    CHECK(cycle_of(zone.month_after(month, 1), zone).span.begin == cycle.span.end);
    CHECK(zone.month_after(zone.month_after(month, 3), -3) == month);
  }
}

}  // namespace

TEST_CASE("a calendar quarter is named by its first month") {
  const Zone zone = Zone::fixed(8h).billed_by({Calendar::quarter});
  CHECK(span_of(2026y / 4, zone) == "2026-04 2026-03-31T16:00:00Z 2026-06-30T16:00:00Z");
  CHECK(span_of(2026y / 6, zone) == span_of(2026y / 4, zone));
  CHECK(zone.month_of(*parse_instant("2025-12-31T15:59:59Z")) == 2025y / 10);
  CHECK_FALSE(zone.names_cycle(2026y / 6));
  CHECK(zone.month_after(2026y / 10, 1) == 2027y / 1);
  check_whole(zone);
}

TEST_CASE("a cycle from the day of purchase on clamps to the last day of short months") {
  const Zone zone = Zone::utc().billed_by({Calendar::purchase_day, day("2025-10-31")});
  CHECK(span_of(2026y / 1, zone) == "2026-01 2026-01-31T00:00:00Z 2026-02-28T00:00:00Z");
  CHECK(span_of(2026y / 2, zone) == "2026-02 2026-02-28T00:00:00Z 2026-03-31T00:00:00Z");
  CHECK(span_of(2028y / 2, zone) == "2028-02 2028-02-29T00:00:00Z 2028-03-31T00:00:00Z");
  CHECK(zone.month_of(*parse_instant("2026-02-27T23:59:59Z")) == 2026y / 1);
  CHECK(zone.month_of(*parse_instant("2026-02-28T00:00:00Z")) == 2026y / 2);
  check_whole(zone);
  check_whole(Zone::utc().billed_by({Calendar::purchase_day, day("2025-10-17")}));
  check_whole(Zone::utc().billed_by({Calendar::purchase_day, day("2025-10-01")}));
}

TEST_CASE("rolling days are named month after month from that of their start") {
  const Zone zone = Zone::utc().billed_by({Calendar::days, day("2026-01-01"), 30});
  CHECK(span_of(2026y / 1, zone) == "2026-01 2026-01-01T00:00:00Z 2026-01-31T00:00:00Z");
  CHECK(span_of(2026y / 2, zone) == "2026-02 2026-01-31T00:00:00Z 2026-03-02T00:00:00Z");
  CHECK(span_of(2025y / 12, zone) == "2025-12 2025-12-02T00:00:00Z 2026-01-01T00:00:00Z");
  CHECK(zone.month_of(*parse_instant("2025-12-01T23:00:00Z")) == 2025y / 11);
  check_whole(zone);
  check_whole(Zone::fixed(-9h).billed_by({Calendar::days, day("2024-02-29"), 28}));
}
