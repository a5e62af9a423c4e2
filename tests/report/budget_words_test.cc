#include "report/budget_words.h"

#include "report/measured_words.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup;
using core::Ratio;

namespace {

// A cycle of which so many intervals were measured, so many silent, so many excluded.
core::Judgement seen(std::uint64_t measured, std::uint64_t silent, std::uint64_t excluded = 0) {
  core::Judgement judgement;
  judgement.version = std::make_shared<const core::Version>(test::kms_like());
  judgement.assessment.totals.measured = measured;
  judgement.assessment.totals.silent = silent;
  judgement.assessment.totals.excluded = excluded;
  judgement.assessment.totals.ahead = 1000;
  return judgement;
}

}  // namespace

TEST_CASE("a time is said in two units at most, and cut") {
  struct Case {
    std::uint64_t millis;
    const char* text;
  };
  for (const Case& c : std::vector<Case>{{0, "0 s"},
                                         {449, "0.4 s"},
                                         {9'999, "9.9 s"},
                                         {26'784, "26 s"},
                                         {60'000, "1 min"},
                                         {267'840, "4 min 27 s"},
                                         {3'600'000, "1 h"},
                                         {4'859'999, "1 h 20 min"},
                                         {172'800'000, "2 days"},
                                         {276'000'000, "3 days 4 h"}}) {
    CHECK(report::time_text(Ratio::whole(c.millis)) == c.text);
  }
}

TEST_CASE("how much of the time was measured is cut, and all of it only where all was") {
  struct Case {
    std::uint64_t measured, silent, excluded;
    const char* text;
  };
  for (const Case& c : std::vector<Case>{{0, 100, 0, "nothing"},
                                         {100, 0, 0, "all"},
                                         {999'999, 1, 0, "99.99 %"},
                                         {987, 13, 0, "98 %"},
                                         {99, 0, 1, "99 %"},
                                         {3, 97, 0, "3 %"},
                                         {68, 9'932, 0, "0.68 %"},
                                         {3, 9'997, 0, "0.03 %"},
                                         {1, 999'999, 0, "0.0001 %"}}) {
    INFO(c.text);
    CHECK(report::measured_time(seen(c.measured, c.silent, c.excluded).assessment) == c.text);
  }
  CHECK(report::measured_time(core::Assessment{}) == "nothing");
}

TEST_CASE(
    "less than half of what has begun is hardly measured, but of a ratio of Requests nothing") {
  CHECK(report::is_hardly_measured(seen(49, 51)));
  CHECK_FALSE(report::is_hardly_measured(seen(50, 50)));
  CHECK(report::is_hardly_measured(seen(1, 3, 97)));
  core::Judgement ratio = seen(1, 99);
  core::Version version = test::kms_like();
  version.formula = core::RequestRatio{};
  ratio.version = std::make_shared<const core::Version>(version);
  CHECK_FALSE(report::is_hardly_measured(ratio));
}
