// Which targets of a list have series of their own: those that fail, for as long as they do.
#include "sources/probe/failing_targets.h"

#include "sources/probe/board.h"
#include "support/catch.h"

using namespace recoup;
using core::Answered;
using sources::FailingTracker;

namespace {

const core::Instant kNoon =
    std::chrono::sys_days(std::chrono::year(2026) / 10 / 3) + std::chrono::hours(12);

record::FailingTargets all_of(const FailingTracker& tracker) {
  return tracker.all(
      [](FailingTracker::Id id, record::FailingTarget& one) { one.target = std::to_string(id); });
}

// A request of the target that ended; of a failure there is a record.
void tell(sources::Board& board, sources::TargetId target, int second, int status) {
  const core::Instant due = kNoon + std::chrono::seconds(second);
  std::vector<sources::Event> events;
  events.emplace_back(sources::Begun{target, due, core::Millis(0)});
  sources::Observation seen;
  seen.probe = target;
  seen.due = seen.started = due;
  seen.outcome = Answered{status};
  if (status != 200) seen.evidence = std::make_unique<sources::EvidenceText>();
  events.emplace_back(std::move(seen));
  board.add(events);
}

}  // namespace

TEST_CASE("a target is shown from its first failure until ten requests in a row went well") {
  FailingTracker tracker;
  tracker.well(1);
  CHECK(all_of(tracker).shown.empty());
  tracker.failed(1, Answered{503});
  for (unsigned i = 1; i < FailingTracker::kWellAfter; ++i) tracker.well(1);
  auto all = all_of(tracker);
  REQUIRE(all.shown.size() == 1);
  CHECK(all.shown[0].target == "1");
  CHECK(all.shown[0].requests == FailingTracker::kWellAfter);
  CHECK(all.shown[0].failed == 1);
  CHECK_FALSE(all.shown[0].last_failed);
  // One more failure, and it begins anew.
  tracker.failed(1, core::Failed{core::NoAnswer::timeout});
  all = all_of(tracker);
  CHECK(all.shown[0].failed == 2);
  CHECK(all.shown[0].last_failed);
  CHECK(core::to_text(all.shown[0].last_failure) == "timeout");
  for (unsigned i = 0; i < FailingTracker::kWellAfter; ++i) tracker.well(1);
  CHECK(all_of(tracker).shown.empty());
  tracker.failed(1, Answered{500});
  CHECK(all_of(tracker).shown[0].requests == 1);
  tracker.forget(1);
  tracker.forget(1);
  CHECK(all_of(tracker).shown.empty());
}

TEST_CASE("beyond a thousand that fail the others are counted, and shown where there is room") {
  FailingTracker tracker;
  constexpr FailingTracker::Id kMost = FailingTracker::kMostShown;
  for (FailingTracker::Id id = 0; id < kMost + 3; ++id) tracker.failed(id, Answered{503});
  auto all = all_of(tracker);
  CHECK(all.shown.size() == kMost);
  CHECK(all.not_shown == 3);
  CHECK(all.shown.front().target == "0");
  CHECK(all.shown.back().target == std::to_string(kMost - 1));

  for (unsigned i = 0; i < FailingTracker::kWellAfter; ++i) tracker.well(kMost + 1);
  CHECK(all_of(tracker).not_shown == 2);
  tracker.forget(0);
  CHECK(all_of(tracker).shown.size() == kMost - 1);
  CHECK(all_of(tracker).not_shown == 2);
  tracker.failed(kMost + 2, Answered{500});
  all = all_of(tracker);
  CHECK(all.shown.size() == kMost);
  CHECK(all.shown.back().target == std::to_string(kMost + 2));
  CHECK(all.shown.back().requests == 1);
  CHECK(all.not_shown == 1);
}

TEST_CASE("the board tells which targets of a list fail, and of no probe without a list") {
  sources::Board board;
  const record::SeriesKey list{"kms", record::SeriesKind::probe, "list", "here"};
  const record::SeriesKey single{"kms", record::SeriesKind::probe, "single", "here"};
  const auto a = board.watch(list, std::chrono::seconds(5), "a.example.com");
  const auto b = board.watch(list, std::chrono::seconds(5), "https://me:word@b.example.com/");
  const auto alone = board.watch(single, std::chrono::seconds(5));
  const record::SeriesKey own{"kms", record::SeriesKind::probe, "list/c.example.com", "here"};
  const auto by_target = board.watch(own, std::chrono::seconds(5), "c.example.com");
  board.resume(list, {1, {}, {}});
  board.resume(single, {2, {}, {}});
  board.resume(own, {3, {}, {}});
  for (const auto target : {a, b, alone, by_target})
    tell(board, target, 0, target == a ? 200 : 503);
  auto failing = board.failing();
  REQUIRE(failing.shown.size() == 1);
  CHECK(failing.shown[0].agreement == "kms");
  CHECK(failing.shown[0].probe == "list");
  CHECK(failing.shown[0].target.find("b.example.com") != std::string::npos);
  CHECK(failing.shown[0].target.find("word") == std::string::npos);
  CHECK(failing.not_shown == 0);
  // The list is one series all the same.
  CHECK(board.counts().size() == 3);
  for (unsigned i = 1; i <= FailingTracker::kWellAfter; ++i) {
    CHECK(board.failing().shown.size() == 1);
    tell(board, b, static_cast<int>(i) * 5, 200);
  }
  CHECK(board.failing().shown.empty());
  tell(board, a, 5, 500);
  CHECK(board.failing().shown.size() == 1);
  // Its name may be another's from then on, which has series of that name.
  board.let_go(a);
  tell(board, a, 10, 500);
  CHECK(board.failing().shown.empty());
  std::vector<sources::Event> events;
  events.emplace_back(sources::Retired{a});
  board.add(events);
  CHECK(board.failing().shown.empty());
}
