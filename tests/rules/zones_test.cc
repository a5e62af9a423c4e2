#include "rules/zones.h"

#include "support/catch.h"

using namespace std::chrono_literals;
using namespace recoup;
using rules::find_zone;

namespace {

std::int64_t intervals(const char* zone, const char* month) {
  INFO(zone << " " << month);
  return core::cycle_of(*core::parse_month(month), *find_zone(zone)).span.length() / 5min;
}

std::string begin(const char* zone, const char* month) {
  return core::to_text(core::cycle_of(*core::parse_month(month), *find_zone(zone)).span.begin);
}

}  // namespace

TEST_CASE("a month has as many five-minute intervals as its zone's clock changes leave") {
  CHECK(intervals("UTC", "2024-02") == 8352);
  CHECK(intervals("UTC", "2026-02") == 8064);
  CHECK(intervals("Europe/Zurich", "2013-10") == 8940);
  CHECK(intervals("Europe/Zurich", "2013-03") == 8916);
  CHECK(intervals("America/Los_Angeles", "2026-03") == 8916);
  CHECK(intervals("America/Los_Angeles", "2026-11") == 8652);
  CHECK(intervals("America/Los_Angeles", "2026-10") == 8928);
  CHECK(intervals("Asia/Shanghai", "2026-10") == 8928);
}

TEST_CASE("a month begins at its zone's midnight") {
  CHECK(begin("UTC", "2026-10") == "2026-10-01T00:00:00Z");
  CHECK(begin("Asia/Shanghai", "2026-10") == "2026-09-30T16:00:00Z");
  CHECK(begin("+05:30", "2026-10") == "2026-09-30T18:30:00Z");
  CHECK(begin("-0700", "2026-10") == "2026-10-01T07:00:00Z");
  CHECK(begin("America/Los_Angeles", "2026-11") == "2026-11-01T07:00:00Z");
  CHECK(begin("America/Los_Angeles", "2026-12") == "2026-12-01T08:00:00Z");
}

TEST_CASE("an offset is named as one") { CHECK(find_zone("+0530")->name() == "+05:30"); }

TEST_CASE("what is no zone is refused") {
  for (const char* name : {"", "Mars/Olympus", "+5", "+25:00", "+05:60", "+05-30", "CET+1"}) {
    INFO(name);
    const auto zone = find_zone(name);
    REQUIRE_FALSE(zone.ok());
    CHECK(zone.error().message == "expected a time zone, got '" + std::string(name) + "'");
  }
}
