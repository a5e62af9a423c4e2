#include "core/assess.h"

#include <random>

#include "core/classify.h"
#include "core/credit.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

const Cycle kApril = cycle_of(std::chrono::year(2026) / 4, Zone::utc());  // 30 days
const Instant kAfter = kApril.span.end;

Minute minute(int interval, int offset = 0) {
  return minute_of(kApril.span.begin + interval * 5min + offset * 1min);
}

Assessment judge(const Tallies& tallies, const std::vector<ExclusionWindow>& exclusions = {},
                 Instant now = kAfter) {
  return assess(recoup::test::kms_like(), Zone::utc(), kApril, tallies, exclusions, now);
}

}  // namespace

TEST_CASE("a month without a single request is 100 % and has no resolution") {
  const Assessment a = judge({});
  CHECK(a.parts.size() == 8640);
  CHECK(a.totals.silent == 8640);
  CHECK(a.uptime == Ratio(1, 1));
  CHECK(a.met);
  CHECK_FALSE(a.tier);
  CHECK_FALSE(a.smallest_loss);
}

TEST_CASE("the uptime is the plain mean over intervals, not weighted by requests") {
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 1'000'000);
  tallies.add(minute(1), Answered{500}, 1);
  const Assessment a = judge(tallies);
  CHECK(a.uptime == Ratio(8639, 8640));
  CHECK(a.totals.below_100 == 1);
  CHECK(a.totals.requests == 1'000'001);
  CHECK(*a.smallest_loss == Ratio(1, 8640) * Ratio(1, 1'000'000));
}

TEST_CASE("one failure in 11 requests breaches 99.999 %, one in 12 does not") {
  for (const auto& [served, met] : {std::pair{10, false}, std::pair{11, true}}) {
    Tallies tallies;
    for (int i = 0; i < 8639; ++i) tallies.add(minute(i), Answered{200}, 60);
    tallies.add(minute(8639), Answered{200}, static_cast<std::uint64_t>(served));
    tallies.add(minute(8639), Answered{503}, 1);
    INFO(served);
    CHECK(judge(tallies).met == met);
  }
}

TEST_CASE("minutes of one interval add up, and rows may come in any order") {
  Tallies tallies;
  tallies.add(minute(7, 4), Answered{503}, 1);
  tallies.add(minute(7, 0), Answered{200}, 2);
  tallies.add(minute(7, 4), Answered{503}, 1);
  const Assessment a = judge(tallies);
  CHECK(a.parts[7].requests == 4);
  CHECK(a.parts[7].errors == 2);
}

TEST_CASE("what lies outside the cycle is not in it") {
  Tallies tallies;
  tallies.add(minute(3), Answered{200}, 1);
  tallies.add(minute(-1), Answered{500}, 1);
  tallies.add(minute(3), Answered{200}, 1);
  tallies.add(minute(8640), Answered{500}, 1);
  tallies.add(minute(8639), Answered{200}, 1);
  CHECK(judge(tallies).totals.requests == 3);
  CHECK(judge(tallies).totals.errors == 0);
  CHECK(judge(tallies).parts[3].requests == 2);
}

TEST_CASE("no answer is our fault or nobody's: it leaves the uptime and stays visible") {
  Tallies tallies;
  tallies.add(minute(3), Failed{NoAnswer::timeout}, 5);
  tallies.add(minute(4), Answered{503, "", true}, 2);
  const Assessment a = judge(tallies);
  CHECK(a.uptime == Ratio(1, 1));
  CHECK(a.totals.not_requests == 5);
  CHECK(a.totals.unattributed == 2);
  CHECK(a.parts[3].state == IntervalState::silent);
}

TEST_CASE("a window takes its own intervals out of a steady month, and no others") {
  Tallies tallies;
  for (int i = 0; i < 8640; ++i) tallies.add(minute(i), Answered{200}, 7);
  const std::vector<ExclusionWindow> own{
      {{kApril.span.begin + 10 * 5min, kApril.span.begin + 20 * 5min}, "ours"},
      {{kApril.span.begin + 30 * 5min + 1ms, kApril.span.begin + 32 * 5min + 1ms}, "ours"}};
  const Assessment a = judge(tallies, own);
  CHECK(a.totals.excluded == 10 + 3);
  CHECK(a.totals.measured == 8640 - 13);
  for (const std::size_t i : {10U, 19U, 30U, 32U}) {
    CHECK(a.parts[i].state == IntervalState::excluded);
  }
  for (const std::size_t i : {9U, 20U, 29U, 33U}) {
    CHECK(a.parts[i].state == IntervalState::measured);
  }
}

TEST_CASE("an excluded interval counts as 100 % available, wherever the window touches it") {
  Tallies tallies;
  tallies.add(minute(10), Answered{500}, 1);
  const Instant begin = kApril.span.begin + 50min;  // of interval 10
  const auto uptime_without = [&](Interval window) {
    return judge(tallies, {{window, "ours"}}).uptime;
  };
  CHECK(uptime_without({begin - 10min, begin}) == Ratio(8639, 8640));
  CHECK(uptime_without({begin - 10min, begin + 1ms}) == Ratio(1, 1));
  CHECK(uptime_without({begin + 5min - 1ms, begin + 10min}) == Ratio(1, 1));
  CHECK(uptime_without({begin + 5min, begin + 10min}) == Ratio(8639, 8640));
}

TEST_CASE("missed probes widen the bounds and leave the figure") {
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 3);
  tallies.add(minute(0), Missed{NotSent::overrun}, 1);
  tallies.add(minute(1), Missed{NotSent::late}, 4);
  const Assessment a = judge(tallies);
  CHECK(a.uptime == Ratio(1, 1));
  CHECK(a.upper == Ratio(1, 1));
  CHECK(a.lower == (Ratio(8638, 1) + Ratio(3, 4)) / Ratio(8640, 1));
  CHECK(a.totals.missed == 5);
}

TEST_CASE("a gap misses exactly the probes that were due in it") {
  Tallies tallies;
  const Instant begin = kApril.span.begin + 4min;
  tallies.add_gap({{begin, begin + 7min}, 1min});  // 4:00 … 10:00: one, five, one
  const Assessment a = judge(tallies);
  CHECK(a.parts[0].missed == 1);
  CHECK(a.parts[1].missed == 5);
  CHECK(a.parts[2].missed == 1);
  CHECK(a.lower == Ratio(8637, 8640));
}

TEST_CASE("a gap counts each due instant once, however it is cut") {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    const auto pick = [&](int low, int high) {
      return std::uniform_int_distribution<int>(low, high)(random);
    };
    const Gap gap{{Instant(Millis(pick(0, 1000))), Instant(Millis(pick(1000, 9000)))},
                  Millis(pick(1, 700))};
    std::uint64_t expected = 0;
    for (Instant at = gap.span.begin; at < gap.span.end; at += gap.every) ++expected;
    const Instant cut(Millis(pick(-100, 9500)));
    CHECK(gap.due(gap.span) == expected);
    CHECK(gap.due({Instant(-1s), cut}) + gap.due({cut, Instant(20s)}) == expected);
    const Gap early = gap.cut_to({Instant(-1s), cut});
    const Gap late = gap.cut_to({cut, Instant(20s)});
    CHECK(early.due(early.span) == gap.due({Instant(-1s), cut}));
    CHECK(late.due(late.span) == gap.due({cut, Instant(20s)}));
  }
}

TEST_CASE("a cycle is over from the instant of its end on, and not a millisecond before") {
  CHECK_FALSE(judge({}, {}, kApril.span.end - std::chrono::milliseconds(1)).complete);
  CHECK(judge({}, {}, kApril.span.end).complete);
  CHECK(judge({}, {}, kApril.span.end).totals.ahead == 0);
}

TEST_CASE("while the cycle runs, what is ahead counts as perfect and no credit is due") {
  Tallies tallies;
  tallies.add(minute(0), Answered{500}, 1);
  const Version version = recoup::test::kms_like();
  const Assessment a = judge(tallies, {}, kApril.span.begin + 7min);
  CHECK_FALSE(a.complete);
  CHECK(a.totals.measured == 1);
  CHECK(a.totals.silent == 1);
  CHECK(a.totals.ahead == 8638);
  CHECK(a.uptime == Ratio(8639, 8640));
  const Credit c = credit(version, a, Charge{{Ratio(1000, 1), "USD"}, "stated", ""});
  CHECK_FALSE(c.eligible);
  CHECK(c.reason == "the billing cycle is not over");
}

TEST_CASE("both readings of the deadline are the end of a cycle") {
  const Assessment a = judge({});
  CHECK(to_text(a.deadline->safe) == "2026-06-01T00:00:00Z");
  CHECK(to_text(a.deadline->literal) == "2026-07-01T00:00:00Z");
}

TEST_CASE("a step before the claim has dates of its own, and the earlier one is the safe one") {
  Version version = recoup::test::kms_like();
  version.claim.notice = Notice{24h, "a support ticket"};
  Tallies tallies;
  const auto judged = [&] { return assess(version, Zone::utc(), kApril, tallies, {}, kAfter); };
  // Nothing was lost: there is nothing to tell of.
  CHECK_FALSE(judged().notice);
  CHECK(judged().first_deadline()->safe == judged().deadline->safe);

  tallies.add(minute(12), Answered{500}, 1);
  tallies.add(minute(300), Answered{500}, 1);
  const Assessment a = judged();
  REQUIRE(a.notice);
  CHECK(to_text(a.notice->safe) == "2026-04-02T01:00:00Z");
  CHECK(to_text(a.notice->literal) == "2026-04-03T01:05:00Z");
  CHECK(to_text(a.deadline->safe) == "2026-06-01T00:00:00Z");
  CHECK(a.first_deadline()->safe == a.notice->safe);
  CHECK(a.first_deadline()->literal == a.deadline->literal);
  version.claim.notice->within = 24h * 300;
  CHECK(judged().first_deadline()->safe == a.deadline->safe);
}

TEST_CASE("dates follow cycles that are no calendar months") {
  Version version = recoup::test::kms_like();
  version.claim.deadline = Deadline{1, 0, DeadlineFrom::cycles};
  version.claim.not_before = NotBefore{5, true};
  version.calendar = Calendar::purchase_day;
  Agreement agreement;
  agreement.cycle_start = *parse_date("2025-10-31");
  const Zone zone = with_cycles(Zone::utc(), version, agreement);
  const Cycle cycle = cycle_of(std::chrono::year(2026) / 1, zone);
  const auto judged = [&] { return assess(version, zone, cycle, Tallies(), {}, cycle.span.end); };
  CHECK(judged().parts.size() == 28 * 288);
  CHECK(to_text(judged().deadline->safe) == "2026-02-28T00:00:00Z");
  CHECK(to_text(judged().deadline->literal) == "2026-03-31T00:00:00Z");
  // From Saturday the 28th on: Monday to Friday of the week after.
  CHECK(to_text(*judged().not_before) == "2026-03-07T00:00:00Z");
  version.claim.deadline = Deadline{2, 2, DeadlineFrom::months};
  CHECK(to_text(judged().deadline->literal) == "2026-04-28T00:00:00Z");
}

TEST_CASE("merging tallies in any order, split over any series, gives the same month") {
  std::mt19937 random(11);
  for (int round = 0; round < 50; ++round) {
    Tallies whole;
    std::vector<Tallies> series(4);
    for (int i = 0; i < 300; ++i) {
      const Minute at = minute(static_cast<int>(random() % 8640), static_cast<int>(random() % 5));
      const Outcome outcome = Answered{random() % 7 == 0 ? 500 : 200};
      const std::uint64_t count = random() % 50;
      whole.add(at, outcome, count);
      const std::uint64_t part = count == 0 ? 0 : random() % count;
      series[random() % 4].add(at, outcome, part);
      series[random() % 4].add(at, outcome, count - part);
    }
    std::shuffle(series.begin(), series.end(), random);
    Tallies merged;
    for (const Tallies& one : series) merged.merge(one);
    CHECK(judge(merged).uptime == judge(whole).uptime);
  }
}

TEST_CASE("every time a probe was due is accounted for: sent, or missed for a reason") {
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 100);
  tallies.add_sent(100);
  tallies.add(minute(0), Missed{NotSent::late}, 3);
  tallies.add(minute(1), Missed{NotSent::overrun}, 2);
  tallies.add(minute(-1), Missed{NotSent::overrun}, 9);
  tallies.add_gap({{kApril.span.begin - 2min, kApril.span.begin + 3min}, 1min});
  const Assessment a = judge(tallies);
  CHECK(a.probes.sent == 100);
  CHECK(a.probes.missed == MissedCounts{3, 2, 0, 3, 0, 0});
  CHECK(a.probes.due() == 108);
  CHECK(a.totals.missed == 8);
}

TEST_CASE("a line that cannot be read may be an Error, or served, and counts as neither") {
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 98);
  tallies.add(minute(0), Answered{503}, 1);
  tallies.add(minute(0), Unread{}, 1);
  tallies.add(minute(5), Unread{}, 2);
  const Assessment a = judge(tallies);
  CHECK(a.totals.requests == 99);
  CHECK(a.totals.unread == 3);
  CHECK(a.totals.missed == 0);
  CHECK(a.probes.due() == 0);
  CHECK(a.parts[0].unread == 1);
  CHECK(a.parts[1].state == IntervalState::silent);
  CHECK(a.uptime == Ratio(1, 1) - Ratio(1, 99) / Ratio(8640, 1));
  CHECK(a.lower == Ratio(1, 1) - (Ratio(2, 100) + Ratio(1, 1)) / Ratio(8640, 1));
  CHECK(a.upper == Ratio(1, 1) - Ratio(1, 100) / Ratio(8640, 1));
}

TEST_CASE("answers that refused what we sent are Requests, or left out, and never Errors") {
  Tallies tallies;
  const Outcome refused = *parse_outcome("403/InvalidSignatureException!refused");
  tallies.add(minute(0), Answered{200}, 97);
  tallies.add(minute(0), Answered{503}, 1);
  tallies.add(minute(0), refused, 2);
  tallies.add(minute(5), refused, 4);
  tallies.add(minute(-1), refused, 9);
  tallies.add_sent(104);
  Assessment a = judge(tallies);
  CHECK(a.refused == RefusedAnswers{6, 6, 0});
  CHECK(a.totals.requests == 104);
  CHECK(a.totals.errors == 1);
  CHECK(a.totals.refused == 0);
  CHECK(a.totals.is_sure());
  CHECK(a.parts[5].state == IntervalState::measured);
  CHECK(a.uptime == Ratio(1, 1) - Ratio(1, 100) / Ratio(8640, 1));
  CHECK(a.probes.due() == 104);

  Version version = recoup::test::kms_like();
  version.error.statuses.clear();
  version.error.all_but = {{200, 299}};
  a = assess(version, Zone::utc(), kApril, tallies, {}, kAfter);
  CHECK(a.refused == RefusedAnswers{6, 0, 6});
  CHECK(a.totals.requests == 98);
  CHECK(a.totals.errors == 1);
  CHECK(a.totals.refused == 6);
  CHECK(a.totals.missed == 0);
  // What was left out measured nothing: of its time nobody knows.
  CHECK(a.parts[5].state == IntervalState::silent);
  CHECK(a.uptime == Ratio(1, 1) - Ratio(1, 98) / Ratio(8640, 1));
  CHECK(a.lower == Ratio(1, 1) - (Ratio(3, 100) + Ratio(1, 1)) / Ratio(8640, 1));
  CHECK(a.upper == Ratio(1, 1) - Ratio(1, 100) / Ratio(8640, 1));

  version.not_a_request = {"4xx"};
  a = assess(version, Zone::utc(), kApril, tallies, {}, kAfter);
  CHECK(a.refused == RefusedAnswers{6, 0, 0});
  CHECK(a.totals.not_requests == 6);
}

TEST_CASE("what nobody measured is missed for the reason that its gap states") {
  Tallies tallies;
  const Instant begin = kApril.span.begin;
  tallies.add_gap({{begin, begin + 5min}, 1min, NotSent::suspended});
  tallies.add_gap({{begin + 5min, begin + 7min}, 1min, NotSent::clock});
  const Assessment a = judge(tallies);
  CHECK(a.probes.missed == MissedCounts{0, 0, 0, 0, 5, 2});
  CHECK(a.uptime == Ratio(1, 1));
  CHECK(a.lower == Ratio(8638, 8640));
}

TEST_CASE("a breach is certain by closed intervals alone, and then stays so") {
  // Two Errors among the first of many Requests to come.
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 10);
  tallies.add(minute(0), Answered{500}, 2);
  const Instant end = kApril.span.begin + 5min;
  const auto at = [&](Instant now) { return judge(tallies, {}, now); };
  const Assessment open = at(end - 1ms);
  CHECK_FALSE(open.met);
  CHECK_FALSE(open.breach_certain);
  CHECK(open.closed_until == kApril.span.begin);
  // Answers may still be on their way.
  CHECK_FALSE(at(end + kClosedAfter - 1ms).breach_certain);
  const Assessment closed = at(end + kClosedAfter);
  CHECK(closed.breach_certain);
  CHECK(closed.closed_until == end);
  CHECK(at(kAfter).breach_certain);
  // What the interval got before it was closed is what the doubt was for.
  tallies.add(minute(0), Answered{200}, 288);
  CHECK(at(end + kClosedAfter).met);
}

TEST_CASE("what is open takes nothing from a breach that is certain without it") {
  Tallies tallies;
  tallies.add(minute(0), Answered{500}, 1);
  tallies.add(minute(10), Answered{200}, 1);
  CHECK(judge(tallies, {}, kApril.span.begin + 51min).breach_certain);
}

TEST_CASE("a loss in the midst of a month is closed once, and leaves room for what is open") {
  // A twentieth of each of two intervals: one is within what may be lost, both are not.
  Tallies tallies;
  for (const int interval : {100, 110}) {
    tallies.add(minute(interval), Answered{200}, 19);
    tallies.add(minute(interval), Answered{500}, 1);
  }
  const Instant end = kApril.span.begin + 111 * 5min;
  const Assessment open = judge(tallies, {}, end + kClosedAfter - 1ms);
  CHECK_FALSE(open.met);
  CHECK(open.closed_until == end - 5min);
  CHECK_FALSE(open.breach_certain);
  CHECK(judge(tallies, {}, end + kClosedAfter).breach_certain);
  // The last interval of the month is closed as late as every other.
  CHECK(judge({}, {}, kApril.span.end + kClosedAfter - 1ms).closed_until == kApril.span.end - 5min);
  CHECK(judge({}, {}, kApril.span.end + kClosedAfter).closed_until == kApril.span.end);
}

TEST_CASE("so many intervals that are alike add up to as many times what is in one") {
  IntervalPart part;
  part.state = IntervalState::measured;
  part.requests = 70;
  part.errors = 60;
  part.missed = 50;
  part.not_requests = 40;
  part.unattributed = 30;
  part.indirect = 20;
  part.indirect_errors = 10;
  part.reported_errors = 9;
  part.unread = 8;
  part.refused = 7;
  part.unseen = true;
  part.lost = 1;
  Totals at_once;
  Totals one_by_one;
  at_once.add(part, 3);
  for (int i = 0; i < 3; ++i) one_by_one.add(part);
  for (const auto member :
       {&Totals::measured, &Totals::below_100, &Totals::errors_below_100, &Totals::requests,
        &Totals::errors, &Totals::not_requests, &Totals::unattributed, &Totals::missed,
        &Totals::indirect, &Totals::indirect_errors, &Totals::unseen, &Totals::unread,
        &Totals::refused, &Totals::reported_errors}) {
    CHECK(at_once.*member > 0);
    CHECK(at_once.*member == one_by_one.*member);
  }
  for (const IntervalState state :
       {IntervalState::silent, IntervalState::ahead, IntervalState::excluded}) {
    part.state = state;
    at_once.add(part, 3);
  }
  CHECK(at_once.silent == 3);
  CHECK(at_once.ahead == 3);
  CHECK(at_once.excluded == 3);
}

TEST_CASE("of each family, only what is closed makes a breach certain") {
  struct Row {
    const char* name;
    Formula formula;
    int minutes;  // that fail wholly, from the cycle's begin
    int closes;   // the minute at whose end the breach is certain, if it is closed
  };
  const auto begin = kApril.span.begin;
  for (const Row& row :
       std::vector<Row>{{"mean", MeanOfIntervals{5min}, 3, 5},
                        {"mean, silence left out", MeanOfIntervals{5min, Silent::left_out}, 3, 5},
                        {"runs", DowntimeRuns{Ratio(1, 10), 5min}, 7, 5},
                        {"windows", BadWindows{10min, Ratio(1, 10)}, 3, 10},
                        {"all failed", AllFailed{5min}, 3, 5},
                        {"ratio", RequestRatio{}, 3, 30 * 24 * 60}}) {
    INFO(row.name);
    Version version = recoup::test::kms_like();
    version.formula = row.formula;
    Tallies tallies;
    for (int i = 0; i < row.minutes; ++i) tallies.add(minute(0, i), Answered{500}, 60);
    const auto certain = [&](Instant now) {
      return assess(version, Zone::utc(), kApril, tallies, {}, now).breach_certain;
    };
    const Instant closed = begin + row.closes * 1min + kClosedAfter;
    CHECK_FALSE(certain(closed - 1ms));
    CHECK(certain(closed));
  }
}

TEST_CASE("an answer of 5xx that is no Error is counted apart, with why, the most frequent first") {
  Version version = recoup::test::kms_like();
  version.error.names = {"InternalError"};
  version.not_a_request.emplace_back("507");
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 10);
  tallies.add(minute(0), Answered{404}, 10);
  tallies.add(minute(0), Failed{NoAnswer::timeout}, 10);
  tallies.add(minute(0), Answered{500, "InternalError"}, 1);
  tallies.add(minute(1), Answered{500, ""}, 240);
  tallies.add(minute(2), Answered{500, ""}, 5);
  tallies.add(minute(2), Answered{503, "SlowDown"}, 3);
  tallies.add(minute(3), Answered{502, ""}, 3);
  tallies.add(minute(3), Answered{500, "InternalError", true}, 2);
  tallies.add(minute(3), Answered{507, ""}, 7);
  tallies.add(minute(8640), Answered{500, ""}, 1000);  // not of the cycle
  const Assessment a =
      assess(version, Zone::utc(), kApril, tallies, {{{minute(2), minute(3)}, "ours"}}, kAfter);
  CHECK(a.totals.errors == 1);

  std::string listed;
  for (const UncountedOutcome& one : a.uncounted.outcomes) {
    listed += to_text(one.outcome) + ' ' + std::to_string(one.count) + ' ' +
              std::string(to_text(one.reason)) + '\n';
  }
  CHECK(listed ==
        "500 245 error_name\n"
        "507 7 not_a_request\n"
        "502 3 status\n"
        "503/SlowDown 3 error_name\n"
        "500/InternalError!unattributed 2 unattributed\n");
  CHECK(a.uncounted.total() == 260);
  CHECK(a.uncounted.reasons == std::array<std::uint64_t, 4>{3, 248, 2, 7});
  CHECK(a.uncounted.outcomes.at(0).clause ==
        "500 is not an Error: an Error is a Request that returns 500 or 503 with InternalError");
}

TEST_CASE("by a contract that knows Errors by their names alone, one without is left out by that") {
  Version version = recoup::test::kms_like();
  version.error.statuses.clear();
  version.error.names = {"InternalError"};
  CHECK(classify(version, Answered{599, "SlowDown"}).uncounted == Uncounted::error_name);
  CHECK(classify(version, Answered{600, "SlowDown"}).uncounted == std::nullopt);
  CHECK(classify(version, Answered{499, ""}).uncounted == std::nullopt);
  CHECK(classify(version, Answered{499, "InternalError"}).verdict == Verdict::error);
}

TEST_CASE("a month in which every failure is an Error has none that is not counted") {
  Tallies tallies;
  tallies.add(minute(0), Answered{500}, 1);
  tallies.add(minute(0), Answered{400}, 1);
  const Assessment a = judge(tallies);
  CHECK(a.uncounted.outcomes.empty());
  CHECK(a.uncounted.total() == 0);
}

TEST_CASE(
    "calls of other services are no Requests unless they are to be counted, and both are shown") {
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 3);
  tallies.add(minute(0), Answered{500, "", false, true}, 1);
  tallies.add(minute(1), Answered{503, "", false, true}, 2);
  tallies.add(minute(2), Answered{200, "", false, true}, 7);
  Version version = recoup::test::kms_like();
  const auto judged = [&] { return assess(version, Zone::utc(), kApril, tallies, {}, kAfter); };
  const Ratio alone(1, 1);
  const Ratio together = alone - (Ratio(1, 4) + Ratio(1, 1)) * Ratio(1, 8640);

  const Assessment left_out = judged();
  CHECK(left_out.uptime == alone);
  CHECK(left_out.totals.requests == 3);
  CHECK(left_out.totals.not_requests == 10);
  REQUIRE(left_out.indirect);
  CHECK(left_out.indirect->requests == 10);
  CHECK(left_out.indirect->errors == 3);
  CHECK_FALSE(left_out.indirect->counted);
  CHECK(left_out.indirect->uptime_otherwise == together);

  version.count_indirect = true;
  const Assessment counted = judged();
  CHECK(counted.uptime == together);
  CHECK(counted.totals.requests == 13);
  CHECK(counted.totals.errors == 3);
  REQUIRE(counted.indirect);
  CHECK(counted.indirect->counted);
  CHECK(counted.indirect->uptime_otherwise == alone);
}

TEST_CASE("what is excluded stays so when calls of other services are read otherwise") {
  Tallies tallies;
  tallies.add(minute(0), Answered{500}, 1);
  tallies.add(minute(0), Answered{500, "", false, true}, 1);
  tallies.add(minute(1), Answered{500, "", false, true}, 1);
  const std::vector<ExclusionWindow> own{{{kApril.span.begin, kApril.span.begin + 5min}, "ours"}};
  Version version = recoup::test::kms_like();
  for (const bool counted : {false, true}) {
    version.count_indirect = counted;
    const Assessment a = assess(version, Zone::utc(), kApril, tallies, own, kAfter);
    const Ratio with = Ratio(8639, 8640);
    CHECK(a.uptime == (counted ? with : Ratio(1, 1)));
    REQUIRE(a.indirect);
    CHECK(a.indirect->uptime_otherwise == (counted ? Ratio(1, 1) : with));
  }
}

TEST_CASE(
    "time that is excluded or ahead stays so when calls of other services are read otherwise") {
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 1);
  tallies.add(minute(0), Answered{500, "", false, true}, 1);
  const std::vector<ExclusionWindow> own{
      {{kApril.span.begin + 5min, kApril.span.begin + 10min}, "ours"}};
  Version version = recoup::test::kms_like();
  version.formula = MeanOfIntervals{5min, Silent::left_out};
  // Half of one interval is lost of it and the excluded one, which are all that were not silent.
  const Assessment over = assess(version, Zone::utc(), kApril, tallies, own, kAfter);
  REQUIRE(over.indirect);
  CHECK(over.indirect->uptime_otherwise == Ratio(3, 4));
  // Ten minutes into the month the others are ahead, and count as perfect.
  const Assessment early =
      assess(version, Zone::utc(), kApril, tallies, own, kApril.span.begin + 10min);
  REQUIRE(early.indirect);
  CHECK(early.indirect->uptime_otherwise == Ratio(8640 * 2 - 1, 8640 * 2));
}

TEST_CASE("in a ratio of Requests one Error more costs one of all of them") {
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 3);
  tallies.add(minute(7), Answered{500}, 1);
  Version version = recoup::test::kms_like();
  version.formula = RequestRatio{};
  CHECK(*assess(version, Zone::utc(), kApril, tallies, {}, kAfter).smallest_loss == Ratio(1, 4));
}

TEST_CASE("without a call of another service there is nothing to read otherwise") {
  Tallies tallies;
  tallies.add(minute(0), Answered{500}, 1);
  CHECK_FALSE(judge(tallies).indirect);
}

TEST_CASE("calls on keys in custom key stores are left out and counted, whoever made them") {
  Tallies tallies;
  tallies.add(minute(0), Answered{500, "KMSInternalException", false, false, true}, 4);
  tallies.add(minute(1), Answered{500, "", false, true, true}, 2);
  tallies.add(minute(1), Answered{200}, 2);
  const Assessment a = judge(tallies);
  CHECK(a.uptime == Ratio(1, 1));
  CHECK(a.key_store == 6);
  CHECK(a.totals.requests == 2);
  CHECK_FALSE(a.indirect);
  CHECK(a.uncounted.total() == 6);
}

TEST_CASE("an error whose status nobody knows is served, and listed by its name") {
  Tallies tallies;
  tallies.add(minute(0), Answered{0, "AccessDenied"}, 5);
  tallies.add(minute(1), Answered{0, "NewException"}, 7);
  const Assessment a = judge(tallies);
  CHECK(a.uptime == Ratio(1, 1));
  CHECK(a.totals.requests == 12);
  REQUIRE(a.unclassified.size() == 2);
  CHECK(to_text(a.unclassified[0].outcome) == "unclassified/NewException");
  CHECK(a.unclassified[0].count == 7);
  CHECK(a.uncounted.total() == 0);
}

TEST_CASE("Errors that local processes reported are told apart, outside of what is excluded") {
  Tallies tallies;
  const auto report = [&](Minute at, const Outcome& outcome, std::uint64_t count) {
    const Tallies::Row row{at, tallies.intern(outcome), count};
    tallies.add_row(row);
    tallies.add_reported(row);
  };
  tallies.add(minute(0), Answered{500}, 3);
  report(minute(0), Answered{500}, 4);
  report(minute(0), Answered{200}, 9);
  report(minute(1), Answered{503, "", true}, 5);  // unattributed
  report(minute(2), Answered{503}, 6);
  Tallies all;
  all.add(minute(7), Answered{400}, 1);
  all.merge(tallies);
  const auto judged = [&](const std::vector<ExclusionWindow>& exclusions) {
    return assess(recoup::test::kms_like(), Zone::utc(), kApril, all, exclusions, kAfter);
  };
  CHECK(judged({}).totals.errors == 13);
  CHECK(judged({}).totals.reported_errors == 10);
  const Assessment excluded = judged({{{minute(2), minute(2, 1)}, "ours"}});
  CHECK(excluded.totals.errors == 7);
  CHECK(excluded.totals.reported_errors == 4);
}

TEST_CASE("an interval that was not seen as a whole may have been lost, or not") {
  Tallies tallies;
  tallies.add(minute(0), Answered{200}, 9);
  tallies.add(minute(0, 1), Answered{500}, 1);
  tallies.add_unseen({{minute(0, 2), minute(1, 1)}, "StopLogging"});
  tallies.add_unseen({{minute(1, 1), minute(1, 2)}, "StopLogging"});
  tallies.add_unseen({{kAfter - 1min, kAfter + 1h}, "outage"});
  const Assessment a = judge(tallies);
  CHECK(a.uptime == Ratio(1, 1) - Ratio(1, 10) * Ratio(1, 8640));
  CHECK(a.lower == Ratio(1, 1) - Ratio(3, 8640));
  CHECK(a.upper == Ratio(1, 1));
  CHECK(a.totals.unseen == 3);
  REQUIRE(a.unseen.size() == 2);
  CHECK(a.unseen[0].span == Interval{minute(0, 2), minute(1, 2)});
  CHECK(a.unseen[1].span.end == kAfter);
}
