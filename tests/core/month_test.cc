// Properties of whole months: random, but the same in every run.

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "core/assess.h"
#include "core/classify.h"
#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup::core;
using namespace std::chrono_literals;

namespace {

using Random = std::mt19937_64;

int pick(Random& random, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

Formula pick_formula(Random& random) {
  const Ratio threshold(pick(random, 0, 50), 100);
  switch (pick(random, 0, 6)) {
    case 0: return MeanOfIntervals{5min, Silent::available};
    case 1: return MeanOfIntervals{10min, Silent::left_out};
    case 2:
      return DowntimeRuns{threshold, std::chrono::minutes(pick(random, 1, 10)),
                          static_cast<std::uint64_t>(pick(random, 0, 40))};
    case 3: return BadWindows{5min, threshold};
    case 4: return AllFailed{5min};
    case 5: return BadWindows{5min, threshold, std::chrono::minutes(5 * pick(random, 2, 4))};
    default: return RequestRatio{std::chrono::minutes(pick(random, 0, 1) * 5)};
  }
}

// A month that is mostly quiet, with some bursts of everything that can be seen.
Tallies random_month(Random& random, const Interval& cycle) {
  static const std::vector<Outcome> kOutcomes{
      Answered{200},           Answered{404},
      Answered{500},           Answered{503, "SlowDown"},
      Answered{503, "", true}, Failed{NoAnswer::timeout},
      Missed{NotSent::late},   Answered{403, "", false, false, false, true}};
  Tallies tallies;
  const auto minutes = cycle.length() / 1min;
  for (int burst = pick(random, 0, 12); burst > 0; --burst) {
    const auto from = pick(random, 0, static_cast<int>(minutes) - 1);
    for (auto at = from; at < std::min<long>(minutes, from + pick(random, 1, 40)); ++at) {
      for (int n = pick(random, 0, 3); n > 0; --n) {
        const auto& outcome = kOutcomes[static_cast<std::size_t>(pick(random, 0, 7))];
        tallies.add(minute_of(cycle.begin + at * 1min), outcome,
                    static_cast<std::uint64_t>(pick(random, 0, 30)));
      }
    }
  }
  return tallies;
}

// The same figure the slow, plain way: maps, fractions, and the contract's sentence in code.
class Slowly {
 public:
  Slowly(const Version& version, const Interval& cycle, const Tallies& tallies)
      : version_(version), cycle_(cycle) {
    for (const auto& row : tallies.rows()) {
      const auto& outcome = tallies.outcomes()[row.outcome];
      const Verdict verdict = classify(version, outcome).verdict;
      if (!cycle.contains(row.minute)) continue;
      if (verdict == Verdict::error) errors_[row.minute][to_text(outcome)] += row.count;
      if (verdict == Verdict::served) served_[row.minute] += row.count;
    }
  }

  Ratio uptime() {
    return std::visit([this](const auto& family) { return of(family); }, version_.formula);
  }

 private:
  std::uint64_t errors(Instant from, Instant to) const { return sum(from, to).second; }
  std::uint64_t requests(Instant from, Instant to) const { return sum(from, to).first; }

  std::pair<std::uint64_t, std::uint64_t> sum(Instant from, Instant to) const {
    std::uint64_t served = 0;
    std::uint64_t failed = 0;
    for (auto at = minute_of(from); at < to; at += 1min) {
      if (const auto found = served_.find(at); found != served_.end()) served += found->second;
      if (const auto found = errors_.find(at); found != errors_.end()) {
        for (const auto& [name, count] : found->second) failed += count;
      }
    }
    return {served + failed, failed};
  }

  bool above(const Ratio& rate, Instant from, Instant to) const {
    const auto [all, failed] = sum(from, to);
    return all > 0 && Ratio::whole(failed) / Ratio::whole(all) > rate;
  }

  Ratio of(const MeanOfIntervals& family) const {
    Ratio total;
    std::uint64_t count = 0;
    for (Instant at = cycle_.begin; at < cycle_.end; at += family.interval) {
      const auto [all, failed] = sum(at, at + family.interval);
      if (all == 0 && family.silent == Silent::left_out) continue;
      ++count;
      total += all == 0 ? Ratio(1, 1) : Ratio::whole(all - failed) / Ratio::whole(all);
    }
    return count == 0 ? Ratio(1, 1) : total / Ratio::whole(count);
  }

  Ratio of(const DowntimeRuns& family) const {
    std::uint64_t down = 0;
    for (Instant at = cycle_.begin; at < cycle_.end;) {
      Instant end = at;
      while (end < cycle_.end && above(family.more_than, end, end + 1min)) end += 1min;
      if (end - at >= family.at_least && requests(at, end) >= family.minimum_requests) {
        down += static_cast<std::uint64_t>((end - at) / 1min);
      }
      at = end + 1min;
    }
    const auto all = static_cast<std::uint64_t>(cycle_.length() / 1min);
    return Ratio::whole(all - down) / Ratio::whole(all);
  }

  Ratio of(const BadWindows& family) const {
    std::uint64_t all = 0;
    std::uint64_t lost = 0;
    std::uint64_t row = 0;
    const auto close = [&] {
      if (row * family.window >= family.at_least) lost += row;
      row = 0;
    };
    for (Instant at = cycle_.begin; at < cycle_.end; at += family.window) {
      ++all;
      if (above(family.more_than, at, at + family.window)) {
        ++row;
      } else {
        close();
      }
    }
    close();
    return Ratio::whole(all - lost) / Ratio::whole(all);
  }

  Ratio of(const AllFailed& family) const {
    return share(family.interval, [&](Instant at) {
      const auto [all, failed] = sum(at, at + family.interval);
      return all > 0 && all == failed && all >= family.minimum_requests;
    });
  }

  Ratio of(const RequestRatio& family) {
    std::map<std::string, Minute> first;
    for (auto& [minute, names] : errors_) {
      for (auto& [name, count] : names) {
        if (family.repeats.count() == 0 || count == 0) continue;
        const auto open = first.find(name);
        const bool repeats = open != first.end() && minute < open->second + family.repeats;
        if (!repeats) first[name] = minute;
        count = repeats ? 0 : 1;
      }
    }
    const auto [all, failed] = sum(cycle_.begin, cycle_.end);
    return all == 0 ? Ratio(1, 1) : Ratio::whole(all - failed) / Ratio::whole(all);
  }

  template <typename Bad>
  Ratio share(std::chrono::minutes length, Bad bad) const {
    std::uint64_t all = 0;
    std::uint64_t lost = 0;
    for (Instant at = cycle_.begin; at < cycle_.end; at += length) {
      ++all;
      if (bad(at)) ++lost;
    }
    return Ratio::whole(all - lost) / Ratio::whole(all);
  }

  const Version& version_;
  Interval cycle_;
  std::map<Minute, std::map<std::string, std::uint64_t>> errors_;
  std::map<Minute, std::uint64_t> served_;
};

}  // namespace

TEST_CASE(
    "the exact result of random months equals an independent, slow one, with no tier rounded") {
  Random random(2026);
  for (int round = 0; round < 2000; ++round) {
    Version version = recoup::test::kms_like();
    version.formula = pick_formula(random);
    if (pick(random, 0, 1) == 1) version.error.no_answer_within = 10s;
    const auto year_month = std::chrono::year(2024) / pick(random, 1, 3);
    const Cycle cycle = cycle_of(Month(year_month.year(), year_month.month()), Zone::utc());
    const Tallies tallies = random_month(random, cycle.span);
    const Assessment a = assess(version, Zone::utc(), cycle, tallies, {}, cycle.span.end);
    INFO("round " << round << ", family " << version.formula.index());
    REQUIRE(a.uptime == Slowly(version, cycle.span, tallies).uptime());
    REQUIRE(a.lower <= a.uptime);
    REQUIRE(a.upper >= a.lower);
    REQUIRE(a.met == (a.uptime >= version.commitment));
    if (a.tier) REQUIRE(a.uptime < version.credits[*a.tier].below);

    // The metric is the nearest double: neither neighbour is nearer.
    const auto metric = a.uptime.to_double();
    REQUIRE(std::abs(metric - std::stod(a.uptime.to_decimal(30, Rounding::half_even))) <=
            std::nextafter(metric, 2) - metric);
  }
}

TEST_CASE("tallies merged in any order, split over series or cut by restarts give the same month") {
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    Version version = recoup::test::kms_like();
    version.formula = pick_formula(random);
    const Cycle cycle = cycle_of(std::chrono::year(2026) / 2, Zone::utc());
    const Tallies whole = random_month(random, cycle.span);
    std::vector<Tallies> pieces(static_cast<std::size_t>(pick(random, 1, 5)));
    for (const auto& row : whole.rows()) {
      // A restart or another series may take any part of a minute's count.
      const std::uint64_t cut = row.count == 0 ? 0 : random() % (row.count + 1);
      const auto& outcome = whole.outcomes()[row.outcome];
      pieces[random() % pieces.size()].add(row.minute, outcome, cut);
      pieces[random() % pieces.size()].add(row.minute, outcome, row.count - cut);
    }
    std::shuffle(pieces.begin(), pieces.end(), random);
    Tallies merged;
    for (const Tallies& piece : pieces) merged.merge(piece);
    const auto judge = [&](const Tallies& tallies) {
      return assess(version, Zone::utc(), cycle, tallies, {}, cycle.span.end);
    };
    REQUIRE(judge(merged).uptime == judge(whole).uptime);
    REQUIRE(judge(merged).lower == judge(whole).lower);
  }
}

TEST_CASE("an exclusion never lowers the uptime, and its effect is what the month is without it") {
  Random random(11);
  for (int round = 0; round < 200; ++round) {
    const Version version = recoup::test::kms_like();
    const Cycle cycle = cycle_of(std::chrono::year(2026) / 2, Zone::utc());
    const Tallies tallies = random_month(random, cycle.span);
    std::vector<ExclusionWindow> windows;
    for (int n = pick(random, 1, 4); n > 0; --n) {
      const Instant from = cycle.span.begin + pick(random, -100, 27 * 1440) * 1min;
      windows.push_back({{from, from + pick(random, 1, 3000) * 1min}, "ours"});
    }
    const auto judge = [&](const std::vector<ExclusionWindow>& exclusions) {
      return assess(version, Zone::utc(), cycle, tallies, exclusions, cycle.span.end);
    };
    const Assessment all = judge(windows);
    REQUIRE(all.uptime >= judge({}).uptime);
    std::size_t touching = 0;
    for (std::size_t i = 0; i < windows.size(); ++i) {
      if (!windows[i].span.overlaps(cycle.span)) continue;
      auto others = windows;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      REQUIRE(all.exclusions[touching++].uptime_without == judge(others).uptime);
    }
    REQUIRE(touching == all.exclusions.size());
  }
}

TEST_CASE("a cycle that begins in the middle of a UTC interval has its own grid") {
  const Zone zone = Zone::fixed(5h + 57min);
  const Cycle cycle = cycle_of(std::chrono::year(2026) / 10, zone);
  Tallies tallies;
  tallies.add(minute_of(cycle.span.begin + 4min), Answered{503}, 1);
  tallies.add(minute_of(cycle.span.begin + 5min), Answered{200}, 1);
  const Assessment a = assess(recoup::test::kms_like(), zone, cycle, tallies, {}, cycle.span.end);
  CHECK(a.parts[0].errors == 1);
  CHECK(a.parts[1].requests == 1);
  CHECK(a.uptime == Ratio(8927, 8928));
}

TEST_CASE("a part month is full, the time it was used, or no cycle at all") {
  const Cycle april = cycle_of(std::chrono::year(2026) / 4, Zone::utc());
  Agreement agreement;
  agreement.since = april.span.begin + 10 * 24h + 30s;
  Version version = recoup::test::kms_like();
  CHECK(counted_cycle(version, april, agreement).span == april.span);
  CHECK(counted_cycle(version, april, agreement).in_part);
  version.part_month = PartMonth::used_time;
  const Cycle used = counted_cycle(version, april, agreement);
  CHECK(used.span.begin == april.span.begin + 10 * 24h);
  CHECK(assess(version, Zone::utc(), used, {}, {}, used.span.end).parts.size() == 20 * 288);
  CHECK_FALSE(counted_cycle(version, cycle_of(std::chrono::year(2026) / 5, Zone::utc()), agreement)
                  .in_part);
}

TEST_CASE("a cycle is used in part where the use begins in it or ends in it, and else whole") {
  const Cycle april = cycle_of(std::chrono::year(2026) / 4, Zone::utc());
  struct Row {
    std::optional<Instant> since, until;
    bool in_part;
    Interval used;
  };
  const Instant begin = april.span.begin;
  const Instant end = april.span.end;
  Version version = recoup::test::kms_like();
  version.part_month = PartMonth::used_time;
  for (const Row& row :
       {Row{std::nullopt, std::nullopt, false, april.span}, Row{begin, end, false, april.span},
        Row{begin - 1ms, end + 1ms, false, april.span},
        Row{begin + 1ms, std::nullopt, true, april.span},
        Row{std::nullopt, end - 1ms, true, {begin, end - 1min}},
        Row{begin + 24h, end - 24h, true, {begin + 24h, end - 24h}},
        Row{begin + 24h + 59s, end - 24h + 59s, true, {begin + 24h, end - 24h}},
        Row{begin - 48h, begin + 1h, true, {begin, begin + 1h}},
        Row{end - 1h, end + 48h, true, {end - 1h, end}},
        // Of a use that lies outside there is no time to be judged: the cycle stays as it is.
        Row{end + 1h, std::nullopt, true, april.span},
        Row{std::nullopt, begin - 1h, true, april.span}}) {
    INFO((row.since ? to_text(*row.since) : "-") << ' ' << (row.until ? to_text(*row.until) : "-"));
    Agreement agreement;
    agreement.since = row.since;
    agreement.until = row.until;
    const Cycle used = counted_cycle(version, april, agreement);
    CHECK(used.in_part == row.in_part);
    CHECK(used.span == row.used);
  }
}

TEST_CASE("every kind of deadline is counted from what it names") {
  const Cycle april = cycle_of(std::chrono::year(2026) / 4, Zone::utc());
  Tallies tallies;
  tallies.add(minute_of(april.span.begin + 24h), Answered{500}, 1);
  tallies.add(minute_of(april.span.begin + 72h), Answered{500}, 1);
  struct Row {
    Deadline deadline;
    const char* safe;
    const char* literal;
  };
  for (const Row& row :
       {Row{{2, 1, DeadlineFrom::cycles}, "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"},
        Row{{2, 2, DeadlineFrom::months}, "2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z"},
        Row{{30, 30, DeadlineFrom::cycle_end}, "2026-05-31T00:00:00Z", "2026-05-31T00:00:00Z"},
        Row{{30, 30, DeadlineFrom::incident}, "2026-05-02T00:00:00Z", "2026-05-04T00:05:00Z"},
        Row{{30, 30, DeadlineFrom::eligibility}, "2026-05-02T00:00:00Z", "2026-05-31T00:00:00Z"}}) {
    Version version = recoup::test::kms_like();
    version.claim.deadline = row.deadline;
    const Assessment a = assess(version, Zone::utc(), april, tallies, {}, april.span.end);
    CHECK(to_text(a.deadline->safe) == row.safe);
    CHECK(to_text(a.deadline->literal) == row.literal);
  }
}

TEST_CASE("a claim is not taken before so many working days, or days, after the cycle") {
  Version version = recoup::test::kms_like();
  const auto earliest = [&](NotBefore not_before, int month, const Zone& zone) {
    version.claim.not_before = not_before;
    const Cycle cycle = cycle_of(std::chrono::year(2026) / month, zone);
    return to_text(*assess(version, zone, cycle, Tallies(), {}, cycle.span.end).not_before);
  };
  // 1 May 2026 is a Friday, 1 August a Saturday.
  CHECK(earliest({5, true}, 4, Zone::utc()) == "2026-05-08T00:00:00Z");
  CHECK(earliest({1, true}, 4, Zone::utc()) == "2026-05-02T00:00:00Z");
  CHECK(earliest({3, true}, 7, Zone::utc()) == "2026-08-06T00:00:00Z");
  CHECK(earliest({5, true}, 4, Zone::fixed(8h)) == "2026-05-07T16:00:00Z");
  CHECK(earliest({7, false}, 4, Zone::utc()) == "2026-05-08T00:00:00Z");
  version.claim.not_before.reset();
  const Cycle april = cycle_of(std::chrono::year(2026) / 4, Zone::utc());
  CHECK_FALSE(assess(version, Zone::utc(), april, Tallies(), {}, april.span.end).not_before);
}

TEST_CASE("a credit that comes by itself is due so many days after the cycle") {
  Version version = recoup::test::kms_like();
  version.claim.deadline.reset();
  version.claim.automatic = AutomaticCredit{30, 60};
  const Cycle april = cycle_of(std::chrono::year(2026) / 4, Zone::utc());
  const Assessment a = assess(version, Zone::utc(), april, Tallies(), {}, april.span.end);
  CHECK_FALSE(a.deadline);
  REQUIRE(a.due);
  CHECK(to_text(a.due->by) == "2026-05-31T00:00:00Z");
  CHECK(to_text(*a.due->disputed) == "2026-06-30T00:00:00Z");
  version.claim.automatic->disputed_days.reset();
  CHECK_FALSE(due_of(april.span, version)->disputed);
}

TEST_CASE("the budget is of what the uptime is divided by") {
  Version version = recoup::test::kms_like();
  version.formula = AllFailed{1min};
  version.commitment = Ratio(999, 1000);
  version.summed_over = "key vaults";
  version.resources = {"a", "b"};
  version.excluded = Excluded::left_out;
  const Cycle april = cycle_of(std::chrono::year(2026) / 4, Zone::utc());
  const std::vector<ExclusionWindow> day{{{april.span.begin, april.span.begin + 24h}, "ours"}};
  Tallies tallies;
  tallies.add(minute_of(april.span.begin + 25h), Answered{500}, 1);
  const Assessment a = assess(version, Zone::utc(), april, tallies, day, april.span.end);
  CHECK(a.counted == 2 * 29 * 1440);
  CHECK(a.uptime == Ratio(2 * 29 * 1440 - 1, 2 * 29 * 1440));
  CHECK(a.budget_left == Ratio(2 * 29 * 1440, 1000) - Ratio(1, 1));
  // Without the exclusion all of the month counts.
  CHECK(a.exclusions.at(0).uptime_without == Ratio(2 * 30 * 1440 - 1, 2 * 30 * 1440));
}

TEST_CASE("the budget counts down in intervals, and only a ratio can recover from a breach") {
  const Cycle april = cycle_of(std::chrono::year(2026) / 4, Zone::utc());
  Tallies tallies;
  tallies.add(minute_of(april.span.begin), Answered{500}, 1);
  Version version = recoup::test::kms_like();
  const Instant now = april.span.begin + 1h;
  const Assessment mean = assess(version, Zone::utc(), april, tallies, {}, now);
  CHECK(mean.budget_left == Ratio(864, 10000) - Ratio(1, 1));
  CHECK(mean.breach_certain);
  version.formula = RequestRatio{};
  const Assessment ratio = assess(version, Zone::utc(), april, tallies, {}, now);
  CHECK_FALSE(ratio.met);
  CHECK_FALSE(ratio.breach_certain);
  const Instant closed = april.span.end + kClosedAfter;
  CHECK(assess(version, Zone::utc(), april, tallies, {}, closed).breach_certain);
  CHECK_FALSE(assess(version, Zone::utc(), april, tallies, {}, closed - 1ms).breach_certain);
}
