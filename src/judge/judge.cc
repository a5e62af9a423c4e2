#include "judge/judge.h"

#include <utility>

#include <fmt/format.h>

#include "core/assess.h"

namespace recoup::judge {

using core::Error;
using core::Result;

Result<Bench> bench_for(const config::AgreementSettings& settings, core::Month month) {
  const core::Version* version = settings.rule->in_force(month / std::chrono::day(1));
  if (version == nullptr) {
    return Error{fmt::format("expected a month under a known version of {}, got {}",
                             settings.rule->id, core::to_text(month)),
                 settings.agreement.id,
                 fmt::format("the oldest known version is effective since {}",
                             core::to_text(settings.rule->versions.front().effective))};
  }
  return bench_under(settings, *version, month);
}

Result<Bench> bench_under(const config::AgreementSettings& settings, const core::Version& version,
                          core::Month month) {
  auto zone = config::zone_of(settings, version);
  if (!zone) return zone.error();
  const core::Cycle cycle =
      core::counted_cycle(version, core::cycle_of(month, *zone), settings.agreement);
  return Bench{core::version_of(settings.rule, version), *std::move(zone), cycle};
}

Result<core::Month> month_at(const config::AgreementSettings& settings, core::Instant at) {
  // Zones differ by a day at most: the version in force on the UTC day names the zone.
  const core::Date day(std::chrono::floor<std::chrono::days>(at));
  const auto bench = bench_for(settings, day.year() / day.month());
  if (!bench) return bench.error();
  return bench->zone.month_of(at);
}

core::Judgement judgement_of(const config::AgreementSettings& settings, const Bench& bench,
                             const core::Counts& counts,
                             const std::vector<core::ExclusionWindow>& kept,
                             core::KnownCharge charge, core::Instant now) {
  core::Judgement judgement;
  judgement.agreement = settings.agreement;
  auto& exclusions = judgement.agreement.exclusions;
  exclusions.insert(exclusions.end(), kept.begin(), kept.end());
  judgement.rule = settings.rule;
  judgement.version = bench.version;
  judgement.zone = bench.zone;
  judgement.assessment =
      core::assess(*bench.version, bench.zone, bench.cycle, counts, exclusions, now);
  judgement.credit = core::credit(*bench.version, judgement.assessment, std::move(charge));
  return judgement;
}

Result<core::Judgement> judge(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                              core::Month month, core::KnownCharge charge, core::Instant now) {
  const auto bench = bench_for(settings, month);
  if (!bench) return bench.error();
  return judge(ledger, settings, *bench, std::move(charge), now);
}

Result<core::Judgement> judge(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                              const Bench& bench, core::KnownCharge charge, core::Instant now) {
  const auto tallies = ledger.tallies(settings.agreement.id, bench.cycle.span);
  if (!tallies) return tallies.error();
  const auto kept = ledger.exclusions(settings.agreement.id);
  if (!kept) return kept.error();
  core::Counts counts(*bench.version, bench.cycle.span);
  counts.add(*tallies);
  return judgement_of(settings, bench, counts, *kept, std::move(charge), now);
}

}  // namespace recoup::judge
