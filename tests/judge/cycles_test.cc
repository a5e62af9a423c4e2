// Cycles that are no calendar months, as they are asked for by a month and found by an instant.

#include "judge/cycles.h"

#include "judge/judge.h"
#include "judge/seen_world.h"

using namespace recoup;
using recoup::test::SeenWorld;

namespace {

core::Month month(const char* text) { return *core::parse_month(text); }
core::Instant at(const char* text) { return *core::parse_instant(text); }

SeenWorld world_with(core::Calendar calendar) {
  SeenWorld world(core::MeanOfIntervals{std::chrono::minutes(5)});
  world.settings.agreement.cycle_start = *core::parse_date("2025-01-17");
  world.amend([&](core::Version& version) { version.calendar = calendar; });
  return world;
}

}  // namespace

TEST_CASE("a quarter is asked for by its first month, and by no other") {
  const SeenWorld world = world_with(core::Calendar::quarter);
  const auto terms = judge::cycle_terms(world.settings, month("2026-10"));
  REQUIRE(terms.ok());
  CHECK(core::to_text(terms->cycle.span.end) == "2027-01-01T00:00:00Z");
  const auto other = judge::cycle_terms(world.settings, month("2026-11"));
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().message == "expected the first month of a calendar quarter, got 2026-11");
  CHECK(other.error().help == "the billing cycle that holds it is 2026-10");
  CHECK(*judge::month_at(world.settings, at("2026-12-31T23:00:00Z")) == month("2026-10"));

  world.add(0, 10, 10);
  const auto seen = judge::judge(*world.ledger, world.settings, month("2026-10"),
                                 std::optional<core::Charge>(), at("2027-02-01T00:00:00Z"));
  REQUIRE(seen.ok());
  CHECK(seen->assessment.parts.size() == 92 * 288);
  CHECK(seen->assessment.totals.errors == 10);
}

TEST_CASE("the months of a ledger are those of the agreement's own cycles") {
  const SeenWorld world = world_with(core::Calendar::purchase_day);
  // 10:00 of 3 October is in the cycle from 17 September on.
  world.add(0, 1, 0);
  world.add(20 * 24 * 60, 1, 0);
  const auto zone = judge::zone_at(world.settings, test::kTen);
  REQUIRE(zone.ok());
  CHECK(*judge::month_at(world.settings, test::kTen) == month("2026-09"));
  const auto seen = judge::months_seen(*world.ledger, "a", *zone);
  REQUIRE(seen.ok());
  CHECK(*seen == std::vector{month("2026-09"), month("2026-10")});
}

TEST_CASE(
    "a version that comes into force within a cycle of one's own is judged by its first day") {
  SeenWorld world = world_with(core::Calendar::purchase_day);
  core::Rule rule = *world.settings.rule;
  core::Version newer = rule.versions.front();
  newer.effective = *core::parse_date("2026-10-10");
  rule.versions.push_back(newer);
  world.settings.rule = std::make_shared<const core::Rule>(rule);
  const auto version_of = [&](const char* name) {
    return core::to_text(judge::cycle_terms(world.settings, month(name))->version->date());
  };
  // From 17 September on, and from 17 October on.
  CHECK(version_of("2026-09") == "2022-11-29");
  CHECK(version_of("2026-10") == "2026-10-10");
}
