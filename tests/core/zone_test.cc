#include "core/zone.h"

#include "support/catch.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

Instant at(const char* text) { return *parse_instant(text); }

}  // namespace

TEST_CASE("a cycle is a calendar month of the zone, half open") {
  const Cycle february = cycle_of(std::chrono::year(2024) / 2, Zone::utc());
  CHECK(february.span.length() == 29 * 24h);
  CHECK(cycle_of(std::chrono::year(2026) / 2, Zone::utc()).span.length() == 28 * 24h);
  CHECK(cycle_at(february.span.end, Zone::utc()).month == std::chrono::year(2024) / 3);
  CHECK(cycle_at(february.span.end - 1ms, Zone::utc()).month == std::chrono::year(2024) / 2);
}

TEST_CASE("a fixed offset moves the cycle") {
  const Zone shanghai = Zone::fixed(8h);
  CHECK(shanghai.name() == "+08:00");
  CHECK(cycle_of(std::chrono::year(2026) / 10, shanghai).span.begin == at("2026-09-30T16:00:00Z"));
  CHECK(Zone::fixed(-12h).name() == "-12:00");
}

TEST_CASE("December is followed by January") {
  CHECK(cycle_of(std::chrono::year(2026) / 12, Zone::utc()).span.end == at("2027-01-01T00:00:00Z"));
}

TEST_CASE(
    "a midnight that a clock change skips begins at the change, one that occurs twice at the "
    "first") {
  // Forward at local 00:00 on the 1st: from +0 to +1 at 2026-05-01T00:00Z.
  const Zone skips("skips", {{Instant{}, 0s}, {at("2026-05-01T00:00:00Z"), 3600s}});
  CHECK(skips.begin_of(std::chrono::year(2026) / 5 / 1) == at("2026-05-01T00:00:00Z"));
  // The same where the clocks change again later.
  const Zone both(
      "both",
      {{Instant{}, 0s}, {at("2026-05-01T00:00:00Z"), 3600s}, {at("2026-10-25T01:00:00Z"), 0s}});
  CHECK(both.begin_of(std::chrono::year(2026) / 5 / 1) == at("2026-05-01T00:00:00Z"));
  CHECK(both.begin_of(std::chrono::year(2026) / 5 / 2) == at("2026-05-01T23:00:00Z"));
  CHECK(both.begin_of(std::chrono::year(2026) / 12 / 1) == at("2026-12-01T00:00:00Z"));
  // The first offset is that of all time before, too.
  CHECK(both.begin_of(std::chrono::year(1969) / 12 / 31) == at("1969-12-31T00:00:00Z"));
  // Back at local 01:00 to 00:00 on the 1st: 00:00 is 2026-04-30T23:00Z and again
  // 2026-05-01T00:00Z.
  const Zone repeats("repeats", {{Instant{}, 3600s}, {at("2026-05-01T00:00:00Z"), 0s}});
  CHECK(repeats.begin_of(std::chrono::year(2026) / 5 / 1) == at("2026-04-30T23:00:00Z"));
}

TEST_CASE("the offset changes at its instant, not before") {
  const Zone zone("z", {{Instant{}, 0s}, {at("2026-05-01T00:00:00Z"), 3600s}});
  CHECK(zone.offset_at(at("2026-04-30T23:59:59Z")) == 0s);
  CHECK(zone.offset_at(at("2026-05-01T00:00:00Z")) == 3600s);
}
