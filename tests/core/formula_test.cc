#include "core/formula.h"

#include <algorithm>
#include <sstream>

#include "support/catch.h"

using namespace recoup::core;

namespace {

// "60/0 60/6 0/0 5/5+2": requests/errors of each part, and missed probes after a plus.
IntervalRuns runs(const std::string& text) {
  IntervalRuns all;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    IntervalPart part;
    part.requests = std::stoull(word);
    part.errors = std::stoull(word.substr(word.find('/') + 1));
    if (const auto plus = word.find('+'); plus != std::string::npos) {
      part.missed = std::stoull(word.substr(plus + 1));
    }
    part.state = part.requests > 0 ? IntervalState::measured : IntervalState::silent;
    append(all, part);
  }
  return all;
}

std::string repeat(int times, const std::string& word) {
  std::string text;
  for (int i = 0; i < times; ++i) text += word + ' ';
  return text;
}

Ratio measured(const Formula& formula, const std::string& text) {
  return uptime_of(formula, runs(text), Reading::as_measured);
}

std::string lost(const Formula& formula, const std::string& text) {
  auto all = runs(text);
  mark_lost(formula, all);
  std::string marks;
  for (const auto& run : all) marks += std::string(run.count, run.part.lost ? 'x' : '.');
  return marks;
}

const Ratio kTenth(10, 100);

}  // namespace

TEST_CASE("silent intervals are available, or left out, as the contract says") {
  CHECK(measured(MeanOfIntervals{std::chrono::minutes(5), Silent::available}, "10/5 0/0 0/0 0/0") ==
        Ratio(7, 8));
  CHECK(measured(MeanOfIntervals{std::chrono::minutes(5), Silent::left_out}, "10/5 0/0 0/0 0/0") ==
        Ratio(1, 2));
  CHECK(measured(MeanOfIntervals{std::chrono::minutes(5), Silent::left_out}, "0/0 0/0") ==
        Ratio(1, 1));
}

TEST_CASE("a Downtime Period is a run of enough consecutive minutes strictly above the threshold") {
  const DowntimeRuns five{kTenth, std::chrono::minutes(5), 0};
  struct Row {
    const char* says;
    std::string minutes;
    std::string lost;
  };
  for (const Row& row : {
           Row{"five minutes", repeat(5, "10/2") + "10/0", "xxxxx."},
           Row{"four are none", repeat(4, "10/2") + "10/0", "....."},
           Row{"exactly 10 % is not more than 10 %", repeat(6, "10/1"), "......"},
           Row{"one good minute breaks the run", repeat(4, "10/2") + "10/1 " + repeat(4, "10/2"),
               "........."},
           Row{"a minute without Requests breaks it too",
               repeat(4, "10/2") + "0/0 " + repeat(4, "10/2"), "........."},
           Row{"all minutes of a long run count", "10/0 " + repeat(7, "10/10"), ".xxxxxxx"},
           Row{"two runs", repeat(5, "1/1") + "1/0 " + repeat(5, "1/1"), "xxxxx.xxxxx"},
       }) {
    INFO(row.says);
    CHECK(lost(five, row.minutes) == row.lost);
    const auto down = static_cast<std::uint64_t>(std::count(row.lost.begin(), row.lost.end(), 'x'));
    CHECK(measured(five, row.minutes) ==
          Ratio::whole(row.lost.size() - down) / Ratio::whole(row.lost.size()));
  }
}

TEST_CASE("a Downtime Period needs its minimum of Requests over the run") {
  CHECK(lost({DowntimeRuns{kTenth, std::chrono::minutes(5), 10}}, repeat(5, "2/2")) == "xxxxx");
  CHECK(lost({DowntimeRuns{kTenth, std::chrono::minutes(5), 11}}, repeat(5, "2/2")) == ".....");
}

TEST_CASE("a bad window is lost as a whole, one at the threshold is not") {
  const BadWindows family{std::chrono::minutes(5), Ratio(5, 100)};
  CHECK(lost(family, "100/5 100/6 20/1 1/1 0/0") == ".x.x.");
  CHECK(measured(family, "100/5 100/6 20/1 1/1 0/0") == Ratio(3, 5));
}

TEST_CASE("where bad windows count in a row alone, a shorter row is available") {
  const BadWindows twice{std::chrono::minutes(5), Ratio(5, 100), std::chrono::minutes(10)};
  CHECK(lost(twice, "1/1 1/0 1/1 1/1 0/0 1/1 1/1 1/1 100/5") == "..xx.xxx.");
  CHECK(measured(twice, "1/1 1/0 1/1 1/1 0/0 1/1 1/1 1/1 100/5") == Ratio(4, 9));
  // As many as last that long, rounded up.
  const BadWindows thrice{std::chrono::minutes(5), Ratio(5, 100), std::chrono::minutes(11)};
  CHECK(lost(thrice, "1/1 1/1 1/0 1/1 1/1 1/1") == "...xxx");
}

TEST_CASE("excluded intervals leave what the uptime is divided by, where the contract says so") {
  const Divisor left_out{Excluded::left_out};
  const std::vector<Formula> families{
      MeanOfIntervals{std::chrono::minutes(1)}, DowntimeRuns{kTenth, std::chrono::minutes(1), 0},
      BadWindows{std::chrono::minutes(1), kTenth}, AllFailed{std::chrono::minutes(1)}};
  for (const Formula& family : families) {
    INFO(family.index());
    IntervalRuns all = runs("1/1 2/2 1/0 1/0 1/0");
    all[1].part.state = IntervalState::excluded;
    CHECK(uptime_of(family, all, Reading::as_measured) == Ratio(4, 5));
    CHECK(uptime_of(family, all, Reading::as_measured, left_out) == Ratio(3, 4));
    // One that was left out does not join what is beside it.
    for (IntervalRun& run : all) run.part.state = IntervalState::excluded;
    CHECK(uptime_of(family, all, Reading::as_measured, left_out) == Ratio(1, 1));
  }
  IntervalRuns broken = runs("1/1 2/2 1/1");
  broken[1].part.state = IntervalState::excluded;
  const DowntimeRuns two{kTenth, std::chrono::minutes(2), 0};
  CHECK(uptime_of(two, broken, Reading::as_measured, left_out) == Ratio(1, 1));
}

TEST_CASE("time that is summed over several weighs a lost interval by their number") {
  const AllFailed family{std::chrono::minutes(1)};
  CHECK(uptime_of(family, runs("1/1 1/0"), Reading::as_measured, {Excluded::available, 4}) ==
        Ratio(7, 8));
  Version version;
  version.formula = family;
  version.resources = {"a", "b", "c"};
  CHECK(uptime_of(version, runs("1/1 1/0"), Reading::as_measured) == Ratio(1, 2));
  version.summed_over = "key vaults";
  CHECK(uptime_of(version, runs("1/1 1/0"), Reading::as_measured) == Ratio(5, 6));
  version.resources.clear();
  CHECK(version.times_counted() == 1);
}

TEST_CASE("an interval is lost when every Request in it failed, and there was one") {
  const AllFailed family{std::chrono::minutes(5)};
  CHECK(lost(family, "3/3 3/2 0/0 1/1") == "x..x");
  CHECK(measured(family, "3/3 3/2 0/0 1/1") == Ratio(1, 2));
}

TEST_CASE("where it takes a number of Requests, an interval with fewer is not lost") {
  const AllFailed family{std::chrono::minutes(1), 3};
  CHECK(lost(family, "2/2 3/3 4/4 4/3") == ".xx.");
  CHECK(measured(family, "2/2 3/3 4/4 4/3") == Ratio(1, 2));
}

TEST_CASE("a ratio is of all Requests of the month") {
  CHECK(measured(RequestRatio{}, "1000/0 10/5") == Ratio(1005, 1010));
  CHECK(measured(RequestRatio{}, "0/0") == Ratio(1, 1));
}

TEST_CASE("for every family the figure lies within its bounds, and without missed probes on both") {
  const std::vector<Formula> families{MeanOfIntervals{std::chrono::minutes(5)},
                                      DowntimeRuns{kTenth, std::chrono::minutes(2), 0},
                                      BadWindows{std::chrono::minutes(5), kTenth},
                                      AllFailed{std::chrono::minutes(5)}, RequestRatio{}};
  const std::string with = "10/2+1 10/1+1 3/3+2 0/0+4 9/0 5/5 5/5";
  const std::string without = "10/2 10/1 3/3 0/0 9/0 5/5 5/5";
  for (const Formula& family : families) {
    INFO(family.index());
    const auto of = [&](const std::string& text, Reading reading) {
      return uptime_of(family, runs(text), reading);
    };
    CHECK(of(with, Reading::at_worst) <= of(with, Reading::as_measured));
    CHECK(of(with, Reading::at_best) >= of(with, Reading::as_measured));
    CHECK(of(with, Reading::at_worst) < of(with, Reading::at_best));
    CHECK(of(without, Reading::at_worst) == of(without, Reading::at_best));
  }
}

TEST_CASE("excluded parts and those ahead are available, and break a run") {
  IntervalRuns all = runs("1/1 1/1");
  const IntervalPart failed = all.front().part;
  IntervalPart excluded = failed;
  excluded.state = IntervalState::excluded;
  append(all, excluded);
  append(all, failed, 2);
  CHECK(uptime_of(DowntimeRuns{kTenth, std::chrono::minutes(3), 0}, all, Reading::as_measured) ==
        Ratio(1, 1));
  CHECK(uptime_of(MeanOfIntervals{std::chrono::minutes(5)}, all, Reading::as_measured) ==
        Ratio(1, 5));
}

TEST_CASE("where an interval counts several times, each loss is as many times smaller") {
  const Divisor four{Excluded::available, 4};
  // One of two intervals is lost.
  const IntervalRuns half = runs("1/0 1/1");
  CHECK(uptime_of(MeanOfIntervals{std::chrono::minutes(5)}, half, Reading::as_measured, four) ==
        Ratio(7, 8));
  CHECK(uptime_of(AllFailed{std::chrono::minutes(5)}, half, Reading::as_measured, four) ==
        Ratio(7, 8));
}

TEST_CASE("an error rate is compared exactly with any fraction, however long it is") {
  // Half, and so little more that no number of 64 bits says by how much.
  const Ratio half(1, 2);
  const Ratio more = half + *Ratio::parse("1e-30");
  const auto lost = [](const Ratio& above, const std::string& seen) {
    return measured(DowntimeRuns{above, std::chrono::minutes(1), 0}, seen) < Ratio(1, 1);
  };
  CHECK_FALSE(lost(half, "2/1"));
  CHECK(lost(half - *Ratio::parse("1e-30"), "2/1"));
  CHECK_FALSE(lost(more, "2/1"));
  CHECK(lost(more, "1000001/500001"));
  CHECK_FALSE(lost(*Ratio::parse("1e-30"), "0/0"));
}
