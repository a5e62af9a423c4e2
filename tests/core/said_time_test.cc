#include "core/said_time.h"

#include "support/catch.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

Instant utc(const char* text) { return *parse_instant(text); }

// UTC+1, and UTC+2 from 29 March to 25 October 2026, as in Zurich.
Zone summer_time() {
  return Zone(
      "Zurich",
      {{Instant{}, 1h}, {utc("2026-03-29T01:00:00Z"), 2h}, {utc("2026-10-25T01:00:00Z"), 1h}});
}

const Instant kAfternoon = *parse_instant("2026-10-03T22:30:00Z");  // the 4th in Zurich

std::string said(std::string_view text) {
  const auto time = parse_said_time(text);
  if (!time) return time.error().message;
  const auto at = instant_in(summer_time(), *time, kAfternoon);
  return at ? to_text(*at) : at.error().message;
}

}  // namespace

TEST_CASE("a time without an offset is by the clock of the zone, one with it is as it is") {
  CHECK(said("2026-10-03T02:00:00Z") == "2026-10-03T02:00:00Z");
  CHECK(said("2026-10-03 02:00+05:30") == "2026-10-02T20:30:00Z");
  CHECK(said("2026-10-03T02:00:00") == "2026-10-03T00:00:00Z");
  CHECK(said("2026-01-03T02:00") == "2026-01-03T01:00:00Z");
  CHECK(said("2026-10-03 02:00:00.250") == "2026-10-03T00:00:00.250Z");
}

TEST_CASE("days are said by their date or as today and yesterday, and begin where the zone's do") {
  CHECK(said("2026-10-03") == "2026-10-02T22:00:00Z");
  CHECK(said("today") == "2026-10-03T22:00:00Z");
  CHECK(said("yesterday") == "2026-10-02T22:00:00Z");
  CHECK(said("now") == "2026-10-03T22:30:00Z");
  CHECK(said("14:20") == "2026-10-04T12:20:00Z");
  CHECK(said("yesterday 14:20") == "2026-10-03T12:20:00Z");
  CHECK(said("todayT00:10:30") == "2026-10-03T22:10:30Z");
}

TEST_CASE("a time that a change of the clocks leaves out or has twice is not guessed") {
  CHECK(said("2026-03-29T02:30") ==
        "expected a time that clocks of Zurich showed, got 2026-03-29T02:30:00: they were set "
        "forward over it");
  CHECK(said("2026-10-25T02:30") ==
        "expected a time that clocks of Zurich showed once, got 2026-10-25T02:30:00: they were set "
        "back");
  const auto twice = parse_said_time("2026-10-25T02:30");
  CHECK(instant_in(summer_time(), *twice, kAfternoon).error().help ==
        "say which one: 2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z");
  CHECK(said("2026-10-25T01:59:59") == "2026-10-24T23:59:59Z");
  CHECK(said("2026-10-25T03:00") == "2026-10-25T02:00:00Z");
  CHECK(said("2026-03-29T01:59") == "2026-03-29T00:59:00Z");
  CHECK(said("2026-03-29T03:00") == "2026-03-29T01:00:00Z");
}

TEST_CASE("what is no time is refused with those there are") {
  for (const char* text : {"", "tomorrow", "yesterday14:20", "yesterday ", "25:00", "2026-10",
                           "2026-13-01", "now ", "2026-10-03T02:00:00X", "todayyesterday"}) {
    INFO(text);
    const auto time = parse_said_time(text);
    REQUIRE_FALSE(time);
    CHECK(time.error().message == "expected a time, got '" + std::string(text) + "'");
    CHECK(time.error().help.find("yesterday") != std::string::npos);
  }
}

TEST_CASE("a billing cycle is said by its month, as now or as last") {
  const Zone zone = summer_time();
  const auto month = [&](std::string_view text, const Zone& by, Instant now) {
    return to_text(month_in(by, *parse_said_month(text), now));
  };
  CHECK(month("2026-02", zone, kAfternoon) == "2026-02");
  CHECK(month("now", zone, kAfternoon) == "2026-10");
  CHECK(month("last", zone, kAfternoon) == "2026-09");
  // October has begun there.
  CHECK(month("last", zone, utc("2026-09-30T22:00:00Z")) == "2026-09");
  CHECK(month("last", Zone::utc(), utc("2026-09-30T22:00:00Z")) == "2026-08");
  const Zone quarters = Zone::utc().billed_by({Calendar::quarter});
  CHECK(month("now", quarters, kAfternoon) == "2026-10");
  CHECK(month("last", quarters, kAfternoon) == "2026-07");
  CHECK_FALSE(parse_said_month("next"));
  CHECK_FALSE(parse_said_month("2026-13"));
}
