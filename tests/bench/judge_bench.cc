// What does it cost to judge a month that missed its commitment, beyond its plain judgement?
//
//   bench_judge [PROBES [VANTAGE POINTS [DAYS]]]
//
// Every probe has a row for each minute, from every vantage point; for an hour all of them failed.
// Such a month is judged once as it is, and then again by every other reading of it and without
// each of its sources. Beside it stands the least that any judgement must do: reading the rows. The
// answers are checked first: a month without one of its sources has the same uptime.
#include <string>

#include <fmt/format.h>

#include "judge/judge.h"
#include "ledger/open.h"
#include "processor_time.h"
#include "support/contracts.h"
#include "support/temp_dir.h"

using namespace recoup;
using namespace std::chrono_literals;

namespace {

constexpr core::Month kMonth = std::chrono::year(2026) / 10;

void fill(ledger::Ledger& ledger, int probes, int vantages, int days) {
  const core::Minute begin = core::minute_of(core::cycle_of(kMonth, core::Zone::utc()).span.begin);
  for (int probe = 0; probe < probes; ++probe) {
    for (int vantage = 0; vantage < vantages; ++vantage) {
      const auto series = ledger.series(
          {"a", record::SeriesKind::probe, fmt::format("p{}", probe), fmt::format("v{}", vantage)});
      record::Batch batch;
      for (int i = 0; i < days * 1440; ++i) {
        const int status = i < 60 ? 503 : 200;
        batch.minutes.push_back({*series, begin + i * 1min, {{core::Answered{status}, 12}}});
      }
      if (const auto written = ledger.write(batch); !written) {
        fmt::print(stderr, "the ledger was not written: {}\n", written.error().message);
        std::exit(1);
      }
    }
  }
}

config::AgreementSettings agreement() {
  core::Rule rule;
  rule.id = "contract";
  rule.versions = {test::kms_like()};
  config::AgreementSettings settings;
  settings.agreement.id = "a";
  settings.rule = std::make_shared<const core::Rule>(rule);
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  const int probes = argc > 1 ? std::stoi(argv[1]) : 50;
  const int vantages = argc > 2 ? std::stoi(argv[2]) : 5;
  const int days = argc > 3 ? std::stoi(argv[3]) : 31;
  const test::TempDir dir;
  const auto ledger = *ledger::open_ledger("sqlite:" + dir.file("ledger.db"));
  fill(*ledger, probes, vantages, days);

  const auto settings = agreement();
  const core::Instant now = *core::parse_instant("2026-11-02T00:00:00Z");
  const auto terms = judge::cycle_terms(settings, kMonth);
  const core::Interval span = terms->cycle.span;
  const auto judgement =
      judge::judge(*ledger, settings, kMonth, std::optional<core::Charge>(), now);
  if (!judgement || judgement->assessment.met || judgement->robustness.strikes.size() < 20 ||
      judgement->robustness.strikes.front().uptime != judgement->assessment.uptime) {
    fmt::print(stderr, "the judgement is wrong: no time is taken\n");
    return 1;
  }

  const double reading = bench::median_time([&] { (void)ledger->tallies("a", span); });
  const double plain = bench::median_time(
      [&] { (void)judge::judge(*ledger, settings, *terms, std::optional<core::Charge>(), now); });
  const double whole = bench::median_time(
      [&] { (void)judge::judge(*ledger, settings, kMonth, std::optional<core::Charge>(), now); });
  fmt::print("judge: {} probes from {} vantage points for {} days, {} strikes; CPU time\n", probes,
             vantages, days, judgement->robustness.strikes.size());
  fmt::print("  rows read          {:8.3f} s\n", reading);
  fmt::print("  judged as it is    {:8.3f} s   ({:.2f} of reading)\n", plain, plain / reading);
  fmt::print("  all that is shown  {:8.3f} s   ({:.2f} of judging as it is)\n", whole,
             whole / plain);
  return 0;
}
