#include "sources/logs/formats/counts.h"
#include "support/catch.h"

namespace {

using recoup::core::to_text;
using recoup::sources::parse_counts;

}  // namespace

TEST_CASE("a row of counts is a minute, an outcome and a number") {
  struct Row {
    const char* line;
    const char* minute;
    const char* outcome;
    std::uint64_t count;
  };
  for (const Row& row :
       {Row{"2026-10-03T02:00:00Z,200,11", "2026-10-03T02:00:00Z", "200", 11},
        Row{"2026-10-03T02:00Z,503/SlowDown,0", "2026-10-03T02:00:00Z", "503/SlowDown", 0},
        Row{"2026-10-03 04:01:00.000+02:00,timeout,9007199254740991", "2026-10-03T02:01:00Z",
            "timeout", 9007199254740991},
        Row{"\"2026-10-03T02:00:00Z\",\"missed/late\",\"7\"", "2026-10-03T02:00:00Z", "missed/late",
            7}}) {
    INFO(row.line);
    const auto parsed = parse_counts(row.line);
    REQUIRE(parsed.has_value());
    CHECK(to_text(recoup::core::Instant(parsed->minute)) == row.minute);
    CHECK(to_text(parsed->outcome) == row.outcome);
    CHECK(parsed->count == row.count);
  }
}

TEST_CASE("what is no row of counts is malformed") {
  for (const char* line : {"",
                           ",",
                           ",,",
                           "minute,outcome,count",
                           "2026-10-03T02:00:00Z,200",
                           "2026-10-03T02:00:00Z,200,1,",
                           "2026-10-03T02:00:00Z,200,1,2",
                           "2026-10-03T02:00:30Z,200,1",
                           "2026-10-03T02:00:00.500Z,200,1",
                           "2026-10-03T02:00:00,200,1",
                           "2026-10-03,200,1",
                           "2026-10-03T02:00:00Z,ok,1",
                           "2026-10-03T02:00:00Z,,1",
                           "2026-10-03T02:00:00Z,200,",
                           "2026-10-03T02:00:00Z,200,-1",
                           "2026-10-03T02:00:00Z,200,1.0",
                           "2026-10-03T02:00:00Z,200,1e3",
                           "2026-10-03T02:00:00Z,200,+1",
                           "2026-10-03T02:00:00Z,200, 1",
                           "2026-10-03T02:00:00Z,200,9007199254740992",
                           "2026-10-03T02:00:00Z,200,99999999999999999999",
                           "\"2026-10-03T02:00:00Z,200,1\""}) {
    INFO(line);
    CHECK_FALSE(parse_counts(line).has_value());
  }
}
