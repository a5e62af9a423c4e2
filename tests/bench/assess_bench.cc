// How many agreement-months are judged in a second by one core, beyond reading?
//
// A month has a row for each minute and outcome, as a probe every 5 seconds leaves it: 44,640 rows
// of 200, and for the agreements that had trouble some hundred rows of 503. One month in ten had.
// The answer is checked first: a clean month is exactly 100 %, the others are what their outage
// costs. Beside it stands the least that any judgement must do: adding up the same rows.

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "core/assess.h"
#include "processor_time.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

constexpr int kMonths = 10'000;
const Cycle kCycle = cycle_of(std::chrono::year(2026) / 10, Zone::utc());

Tallies probed_month(int outage_minutes) {
  Tallies tallies;
  for (Instant at = kCycle.span.begin; at < kCycle.span.end; at += 1min) {
    const bool down = at < kCycle.span.begin + outage_minutes * 1min;
    tallies.add(minute_of(at), Answered{200}, down ? 6 : 12);
    if (down) tallies.add(minute_of(at), Answered{503}, 6);
  }
  return tallies;
}

double time_of(const std::vector<Tallies>& months, auto work) {
  return recoup::bench::time_of([&] {
    for (int i = 0; i < kMonths; ++i) work(months[static_cast<std::size_t>(i) % months.size()]);
  });
}

}  // namespace

int main() {
  const Version version = recoup::test::kms_like();
  const auto judge = [&](const Tallies& tallies) {
    return assess(version, Zone::utc(), kCycle, tallies, {}, kCycle.span.end);
  };
  std::vector<Tallies> months(10, probed_month(0));
  months[3] = probed_month(100);
  if (!(judge(months[0]).uptime == Ratio(1, 1)) ||
      !(judge(months[3]).uptime == Ratio(8928 - 10, 8928))) {
    fmt::print(stderr, "the judgement is wrong: no time is taken\n");
    return 1;
  }

  std::vector<double> judged;
  std::vector<double> added;
  std::uint64_t sink = 0;
  for (int round = 0; round < 5; ++round) {
    added.push_back(time_of(months, [&](const Tallies& month) {
      for (const auto& row : month.rows()) sink += row.count;
    }));
    judged.push_back(
        time_of(months, [&](const Tallies& month) { sink += judge(month).totals.errors; }));
  }
  fmt::print("assess: {} agreement-months of {} rows, medians of 5 rounds, CPU time\n", kMonths,
             months[0].rows().size());
  fmt::print("  judged        {:8.3f} s   ({:.1f} µs a month; reach: under 1 s)\n",
             recoup::bench::median(judged), recoup::bench::median(judged) / kMonths * 1e6);
  fmt::print("  rows added up {:8.3f} s   (the least that can be done)\n",
             recoup::bench::median(added));
  fmt::print("  ratio         {:8.2f}\n",
             recoup::bench::median(judged) / recoup::bench::median(added));
  return sink == 0 ? 1 : 0;
}
