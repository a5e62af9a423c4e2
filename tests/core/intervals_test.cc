#include "core/intervals.h"

#include <random>

#include "support/catch.h"

using namespace recoup::core;

namespace {

// Parts of which neighbours are often alike, and numbers of every length.
std::vector<IntervalPart> some_parts(std::mt19937& random, std::size_t count) {
  const auto number = [&] { return std::uint64_t{random()} << 32U >> (random() % 64); };
  std::vector<IntervalPart> parts;
  while (parts.size() < count) {
    IntervalPart part;
    part.state = static_cast<IntervalState>(random() % 4);
    part.lost = random() % 2 == 0;
    part.requests = number();
    if (random() % 2 == 0) part.errors = number();
    if (random() % 4 == 0) part.missed = number();
    if (random() % 8 == 0) {
      part.indirect = number() | 1;
      part.indirect_errors = number();
    }
    if (random() % 8 == 0) part.reported_errors = number();
    if (random() % 8 == 0) part.unread = number();
    if (random() % 8 == 0) part.refused = number();
    part.unseen = random() % 8 == 0;
    if (random() % 8 == 0) part.not_requests = part.unattributed = number();
    parts.insert(parts.end(), std::min<std::size_t>(1 + random() % 40, count - parts.size()), part);
  }
  return parts;
}

}  // namespace

TEST_CASE("intervals are read as they were added, in order, by run and by index") {
  std::mt19937 random(5);
  for (const std::size_t count : {0, 1, 2, 15, 16, 17, 300, 8928}) {
    INFO(count);
    const std::vector<IntervalPart> parts = some_parts(random, count);
    const Intervals intervals(runs_of(parts));
    REQUIRE(intervals.size() == count);
    CHECK(intervals.unpacked() == parts);
    std::size_t next = 0;
    for (const auto& [index, part] : intervals) {
      REQUIRE(index == next++);
      REQUIRE(part == parts[index]);
      REQUIRE(intervals[index] == parts[index]);
    }
    CHECK(next == count);
    std::size_t end = 0;
    for (const IntervalRun& run : intervals.runs()) {
      CHECK(run.first == std::exchange(end, run.end()));
    }
    CHECK(end == count);
  }
}

TEST_CASE("intervals that are added to neighbours of their like become one run") {
  IntervalPart served;
  served.requests = 60;
  Intervals intervals;
  intervals.append(served, 10);
  intervals.append(served);
  intervals.append({}, 0);
  intervals.append(served, 8917);
  const auto runs = intervals.runs();
  CHECK(std::distance(runs.begin(), runs.end()) == 1);
  CHECK(intervals.size() == 8928);
}

TEST_CASE("a month of intervals takes little memory, whatever was counted in them") {
  IntervalPart served;
  served.state = IntervalState::measured;
  served.requests = 60;
  Intervals steady;
  steady.append(served, 8928);
  CHECK(steady.memory() < 100);

  Intervals busy;
  for (std::uint64_t i = 0; i < 8928; ++i) {
    served.requests = 10'000 + i * 7919 % 5000;
    busy.append(served);
  }
  busy.shrink_to_fit();
  CHECK(busy.memory() < 32'000);
}
