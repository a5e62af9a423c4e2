#include "judge/plan.h"

#include "support/catch.h"
#include "support/contracts.h"

using namespace recoup;
using namespace std::chrono_literals;
using core::Ratio;
using judge::resolution_of;
using std::chrono::days;

namespace {

core::Version with(const core::Formula& formula, const Ratio& commitment) {
  core::Version version = test::kms_like();
  version.formula = formula;
  version.commitment = commitment;
  return version;
}

}  // namespace

TEST_CASE("AWS KMS: a breach is as few failed probes as the published table says") {
  struct Row {
    core::Millis every;
    int requests;
    std::uint64_t in_28, in_30, in_31;
    const char* loss;  // of 30 days, in percent
  };
  const core::Version kms = test::kms_like();
  for (const Row& row :
       {Row{1s, 300, 25, 26, 27, "0.000038580246"}, Row{5s, 60, 5, 6, 6, "0.000192901234"},
        Row{15s, 20, 2, 2, 2, "0.000578703703"}, Row{60s, 5, 1, 1, 1, "0.002314814814"}}) {
    INFO(core::to_text(row.every));
    const auto month = resolution_of(kms, {row.every}, days(30));
    CHECK(month.requests == Ratio(row.requests, 1));
    CHECK(resolution_of(kms, {row.every}, days(28)).failures == row.in_28);
    CHECK(month.failures == row.in_30);
    CHECK(resolution_of(kms, {row.every}, days(31)).failures == row.in_31);
    REQUIRE(month.smallest_loss.has_value());
    CHECK((*month.smallest_loss * Ratio(100, 1)).to_decimal(12, core::Rounding::cut) == row.loss);
    CHECK(month.needs.empty());
  }
}

TEST_CASE("a loss of exactly what is allowed is no breach: one failure more is needed") {
  // 1 % of 8,640 intervals with 5 requests each are 432 failures.
  const auto version = with(core::MeanOfIntervals{5min}, Ratio(99, 100));
  CHECK(resolution_of(version, {60s}, days(30)).failures == 433);
}

TEST_CASE("several probes add up, and uneven intervals are taken where fewest requests fall") {
  const auto version = with(core::MeanOfIntervals{5min}, Ratio(99999, 100000));
  CHECK(resolution_of(version, {5s, 5s}, days(30)).requests == Ratio(120, 1));
  CHECK(resolution_of(version, {5s, 5s}, days(30)).failures == 11);
  // 42 or 43 requests an interval: 0.0864 × 42 = 3.6; the smallest loss is where 43 fall.
  const auto uneven = resolution_of(version, {7s}, days(30));
  CHECK(uneven.failures == 4);
  CHECK(uneven.smallest_loss == Ratio(1, 43 * 8640));
}

TEST_CASE("a period longer than the interval leaves intervals silent, which count or do not") {
  const auto counted = with(core::MeanOfIntervals{1min, core::Silent::available}, Ratio(999, 1000));
  const auto left_out = with(core::MeanOfIntervals{1min, core::Silent::left_out}, Ratio(999, 1000));
  CHECK(resolution_of(counted, {5min}, days(30)).failures == 44);  // of 43,200 minutes
  CHECK(resolution_of(left_out, {5min}, days(30)).failures == 9);  // of 8,640 sampled ones
  CHECK(resolution_of(left_out, {5min}, days(30)).smallest_loss == Ratio(1, 8640));
  const auto low = with(core::MeanOfIntervals{1min}, Ratio(1, 2));
  const auto never = resolution_of(low, {5min}, days(30));
  CHECK_FALSE(never.failures.has_value());
  CHECK(never.needs == "never: the month has 8640 requests, too few");
}

TEST_CASE("downtime runs need consecutive minutes with enough requests in each") {
  const auto version = with(core::DowntimeRuns{Ratio(10, 100), 5min, 10}, Ratio(995, 1000));
  struct Row {
    core::Millis every;
    std::optional<std::uint64_t> failures;
    const char* needs;
  };
  for (const Row& row :
       // 0.5 % of 43,200 minutes are 216: 217 are needed. Of 60 requests 6 are not more than 10 %.
       {Row{1s, 217 * 7, "in each of 217 minutes, in runs of 5 or more, 7 of 60"},
        Row{30s, 217, "in each of 217 minutes, in runs of 5 or more, 1 of 2"},
        Row{60s, 217, "in each of 217 minutes, in runs of 10 or more, 1 of 1"},
        Row{5min, std::nullopt,
            "never: a Downtime Period takes 10 consecutive minutes with Requests in each"}}) {
    INFO(core::to_text(row.every));
    const auto found = resolution_of(version, {row.every}, days(30));
    CHECK(found.failures == row.failures);
    CHECK(found.needs == row.needs);
  }
  CHECK(resolution_of(version, {1s}, days(30)).smallest_loss == Ratio(5, 43200));
  CHECK(resolution_of(version, {60s}, days(30)).smallest_loss == Ratio(10, 43200));
}

TEST_CASE("windows and intervals that are lost whole need their failures together") {
  const auto windows = with(core::BadWindows{5min, Ratio(5, 100)}, Ratio(999, 1000));
  const auto bad = resolution_of(windows, {15s}, days(30));
  CHECK(bad.failures == 9 * 2);  // 1 of 20 is not more than 5 %
  CHECK(bad.needs == "in each of 9 windows of 5m, 2 of 20");
  const auto failed = resolution_of(with(core::AllFailed{5min}, Ratio(999, 1000)), {15s}, days(30));
  CHECK(failed.failures == 9 * 20);
  CHECK(failed.needs == "in each of 9 intervals of 5m, all 20");
  CHECK(failed.smallest_loss == Ratio(1, 8640));
}

TEST_CASE("windows that count in a row alone, and time that is summed, need more failures") {
  const auto in_rows = with(core::BadWindows{5min, Ratio(5, 100), 10min}, Ratio(9999, 10000));
  const auto bad = resolution_of(in_rows, {15s}, days(30));
  CHECK(bad.needs == "in each of 2 windows of 5m, in runs of 2 or more, 2 of 20");
  CHECK(bad.smallest_loss == Ratio(2, 8640));
  auto summed = with(core::AllFailed{1min}, Ratio(999, 1000));
  summed.summed_over = "queues";
  summed.resources = {"a", "b", "c"};
  const auto failed = resolution_of(summed, {60s}, days(30));
  CHECK(failed.needs == "in each of 130 intervals of 1m, all 1");
  CHECK(failed.smallest_loss == Ratio(1, 3 * 43200));
}

TEST_CASE("a ratio counts all requests of the month") {
  const auto plain = resolution_of(with(core::RequestRatio{}, Ratio(999, 1000)), {60s}, days(30));
  CHECK(plain.failures == 44);
  CHECK(plain.smallest_loss == Ratio(1, 43200));
  CHECK(plain.needs.empty());
  const auto repeats = with(core::RequestRatio{5min}, Ratio(999, 1000));
  CHECK(resolution_of(repeats, {60s}, days(30)).needs ==
        "each 5m or more after the first of the same outcome");
}

TEST_CASE("a probe more often than the contract lets count adds nothing") {
  auto version = with(core::DowntimeRuns{Ratio(10, 100), 1min, 0}, Ratio(995, 1000));
  version.shortest_period = 32s;
  const auto none = resolution_of(version, {30s}, days(30));
  CHECK(none.requests == Ratio());
  CHECK_FALSE(none.failures.has_value());
  CHECK_FALSE(none.smallest_loss.has_value());
  CHECK(none.needs == "never: Requests closer than 32s do not count");
  CHECK(resolution_of(version, {32s}, days(30)).failures == 217);
  CHECK(resolution_of(version, {1s, 60s}, days(30)).requests == Ratio(1, 1));
}
