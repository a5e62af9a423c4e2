#include "core/time.h"

#include "support/catch.h"

using namespace recoup::core;
using namespace std::chrono_literals;

TEST_CASE("an instant is printed in UTC, with milliseconds only where there are some") {
  const Instant at = std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + 2h + 5ms;
  CHECK(to_text(at) == "2026-10-03T02:00:00.005Z");
  CHECK(to_text(at - 5ms) == "2026-10-03T02:00:00Z");
  CHECK(to_text(Instant(-1ms)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("an instant is read with its offset") {
  struct Row {
    const char* text;
    const char* utc;
  };
  for (const Row& row : {Row{"2026-10-03T02:00:00Z", "2026-10-03T02:00:00Z"},
                         Row{"2026-10-03 02:00:00.2509+02:00", "2026-10-03T00:00:00.250Z"},
                         Row{"2026-10-03T02:00Z", "2026-10-03T02:00:00Z"},
                         Row{"2026-01-01T00:30:00+0100", "2025-12-31T23:30:00Z"},
                         Row{"2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"},
                         Row{"2024-02-29T00:00:00-12:00", "2024-02-29T12:00:00Z"}}) {
    INFO(row.text);
    const auto at = parse_instant(row.text);
    REQUIRE(at.ok());
    CHECK(to_text(*at) == row.utc);
  }
}

TEST_CASE("an instant without an offset, or out of the calendar, is refused") {
  for (const char* text :
       {"2026-10-03T02:00:00", "2026-10-03", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-10-03T24:00:00Z", "2026-10-03T02:60:00Z", "2026-10-03T02:00:61Z", "",
        "2026-10-03T02:00:00.Z", "2026-10-03T02:00:00Zx", "26-10-03T02:00:00Z",
        "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-00:01"}) {
    INFO(text);
    CHECK_FALSE(parse_instant(text).ok());
  }
}

TEST_CASE("months and dates are read and printed") {
  CHECK(to_text(*parse_month("2026-02")) == "2026-02");
  CHECK(to_text(*parse_date("2022-11-29")) == "2022-11-29");
  for (const char* text : {"2026-00", "2026-13", "2026-1", "2026-10-01", ""}) {
    INFO(text);
    CHECK_FALSE(parse_month(text).ok());
  }
  CHECK_FALSE(parse_date("2023-02-29").ok());
}

TEST_CASE("a duration is a whole number and a unit") {
  CHECK(*parse_duration("250ms") == 250ms);
  CHECK(*parse_duration("5m") == 5min);
  CHECK(*parse_duration("366d") == 366 * 24h);
  for (const char* text :
       {"5", "s", "0s", "-5s", "1.5s", "5 s", "367d", "99999999999999999s", "5M"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).ok());
  }
  CHECK(to_text(Millis(90s)) == "90s");
  CHECK(to_text(Millis(24h)) == "1d");
  CHECK(to_text(Millis(1500ms)) == "1500ms");
}

TEST_CASE("an interval holds its begin and not its end") {
  const Interval interval{Instant(1000ms), Instant(2000ms)};
  CHECK_FALSE(interval.contains(Instant(999ms)));
  CHECK(interval.contains(Instant(1000ms)));
  CHECK(interval.contains(Instant(1999ms)));
  CHECK_FALSE(interval.contains(Instant(2000ms)));
  CHECK_FALSE(interval.overlaps({Instant(2000ms), Instant(3000ms)}));
  CHECK(interval.overlaps({Instant(1999ms), Instant(3000ms)}));
}
