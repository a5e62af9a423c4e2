#include "core/tally.h"

#include <limits>

#include "support/catch.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

const Instant kTen = std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + 10h;
const Minute kMinute = minute_of(kTen);

}  // namespace

TEST_CASE("counts that together are no number of a ledger are refused, and never wrap") {
  Tallies tallies;
  tallies.add(kMinute, Answered{200}, kMostCounted - 10);
  CHECK(tallies.check_total().ok());
  tallies.add(kMinute + 1min, Answered{503}, 10);
  CHECK(tallies.check_total().ok());

  SECTION("by one request more") { tallies.add(kMinute, Answered{200}, 1); }
  SECTION("by three sources of nearly as many") {
    for (int source = 0; source < 3; ++source)
      tallies.add(kMinute, Answered{503}, kMostCounted - 7);
  }
  SECTION("by a gap") { tallies.add_gap({{kTen, kTen + 2s}, 1s}); }
  SECTION("by what is merged with them") {
    Tallies more;
    more.add_gap({{kTen, kTen + 1s}, 1s});
    REQUIRE(more.check_total().ok());
    tallies.merge(more);
  }
  SECTION("by a count that is none of a ledger itself, and nothing after it mends that") {
    tallies = {};
    tallies.add(kMinute, Answered{200}, std::numeric_limits<std::uint64_t>::max());
    tallies.add(kMinute, Answered{200}, 8);
  }
  const auto refused = tallies.check_total();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message ==
        "expected counts that add up to no more than 9223372036854775807, got more");
}

TEST_CASE("a gap of several targets misses each of them at every instant, however it is cut") {
  const Gap gap{{kTen, kTen + 23s}, 5s, NotSent::stopped, {}, 7};
  CHECK(gap.due(gap.span) == 5 * 7);
  CHECK(gap.due({kTen + 1s, kTen + 11s}) == 2 * 7);
  std::uint64_t cut = 0;
  for (Instant at = kTen; at < kTen + 23s; at += 3s) {
    const Gap part = gap.cut_to({at, at + 3s});
    CHECK(part.targets == 7);
    cut += part.due(part.span);
  }
  CHECK(cut == gap.due(gap.span));
}
