#include "sources/sdk/missing.h"

#include "support/catch.h"

using namespace std::chrono_literals;
using namespace recoup;
using recoup::sources::sdk::Missing;

namespace {

core::Instant at(const std::string& time) {
  return *core::parse_instant("2026-10-03T" + time + "Z");
}

// One that listens since 11:58.
Missing listening() {
  Missing missing;
  REQUIRE(missing.settle(at("11:58:00")).empty());
  return missing;
}

void arrive(Missing& missing, const std::string& time, int times,
            const std::string& client = "app") {
  for (int i = 0; i < times; ++i) missing.arrived(1, client, at(time));
}

}  // namespace

TEST_CASE(
    "attempts that calls counted and that did not arrive are missing, by client and interval") {
  Missing missing = listening();
  missing.expect(1, "app", at("12:01:00"), 3);
  arrive(missing, "12:01:00", 1);
  missing.expect(1, "other", at("12:02:00"), 2);
  arrive(missing, "12:02:00", 2, "other");
  missing.expect(2, "app", at("12:04:59.999"), 1);

  // Not before its retries, and those in the next interval, can have come.
  CHECK(missing.settle(at("12:11:59")).empty());
  const auto losses = missing.settle(at("12:12:00"));
  REQUIRE(losses.size() == 2);
  CHECK(losses[0].counters == 1);
  CHECK(losses[0].client == "app");
  CHECK(losses[0].attempts == 2);
  CHECK(losses[0].span == core::Interval{at("12:00:00"), at("12:05:00")});
  CHECK(losses[1].counters == 2);
  CHECK(losses[1].attempts == 1);
  CHECK(missing.settle(at("12:13:00")).empty());
}

TEST_CASE("attempts may come before their call and after it") {
  Missing missing = listening();
  arrive(missing, "12:01:00", 2);
  missing.expect(1, "app", at("12:01:00"), 4);
  arrive(missing, "12:01:00", 2);
  CHECK(missing.settle(at("13:00:00")).empty());
}

TEST_CASE("an attempt that went over into the next interval is not missing") {
  Missing missing = listening();
  missing.expect(1, "app", at("12:04:59"), 3);
  arrive(missing, "12:04:59", 1);
  arrive(missing, "12:05:01", 1);
  missing.expect(1, "app", at("12:06:00"), 2);
  arrive(missing, "12:06:00", 2);
  const auto losses = missing.settle(at("12:12:00"));
  REQUIRE(losses.size() == 1);
  CHECK(losses[0].attempts == 1);
  // What made up for the first interval does not make up for the second as well.
  CHECK(missing.settle(at("12:17:00")).empty());
}

TEST_CASE("what made up for one interval is missing from the next where it was that one's") {
  Missing missing = listening();
  missing.expect(1, "app", at("12:01:00"), 1);
  missing.expect(1, "app", at("12:06:00"), 1);
  arrive(missing, "12:06:00", 2);
  missing.expect(1, "app", at("12:07:00"), 1);
  const auto losses = missing.settle(at("12:30:00"));
  REQUIRE(losses.size() == 1);
  CHECK(losses[0].span.begin == at("12:00:00"));
}

TEST_CASE("the interval in which listening began says nothing") {
  Missing missing = listening();
  missing.expect(1, "app", at("11:59:00"), 5);
  CHECK(missing.settle(at("13:00:00")).empty());
}

TEST_CASE("what comes after an interval was settled changes nothing") {
  Missing missing = listening();
  missing.expect(1, "app", at("12:01:00"), 1);
  arrive(missing, "12:01:00", 1);
  CHECK(missing.settle(at("12:12:00")).empty());
  missing.expect(1, "app", at("12:02:00"), 7);
  CHECK(missing.settle(at("13:00:00")).empty());
}

TEST_CASE("clients beyond a thousand are not told apart") {
  Missing missing = listening();
  for (int i = 0; i < 5'000; ++i) missing.expect(1, std::to_string(i), at("12:01:00"), 1);
  const auto losses = missing.settle(at("13:00:00"));
  CHECK(losses.size() == 1'001);
  std::uint64_t sum = 0;
  for (const auto& loss : losses) sum += loss.attempts;
  CHECK(sum == 5'000);
}
