#include "judge/judge.h"

#include <utility>

#include <fmt/format.h>

#include "core/assess.h"
#include "judge/otherwise.h"
#include "judge/provider_incidents.h"
#include "judge/robustness.h"

namespace recoup::judge {

using core::Error;
using core::Result;

Result<CycleTerms> cycle_terms(const config::AgreementSettings& settings, core::Month month) {
  const core::Version* version = settings.rule->in_force(month);
  if (version == nullptr) {
    const core::Version& oldest = settings.rule->versions.front();
    return Error{fmt::format("expected a month under a known version of {}, got {}",
                             settings.rule->id, core::to_text(month)),
                 settings.agreement.id,
                 fmt::format("the oldest known version is effective since {}",
                             core::to_text(oldest.effective.value_or(oldest.date())))};
  }
  return cycle_terms_under(settings, *version, month);
}

Result<CycleTerms> cycle_terms_under(const config::AgreementSettings& settings,
                                     const core::Version& version, core::Month month) {
  auto zone = config::zone_of(settings, version);
  if (!zone) return zone.error();
  const core::Cycle cycle =
      core::counted_cycle(version, core::cycle_of(month, *zone), settings.agreement);
  return CycleTerms{core::version_of(settings.rule, version), *std::move(zone), cycle};
}

Result<core::Month> month_at(const config::AgreementSettings& settings, core::Instant at) {
  // Zones differ by a day at most: the version in force on the UTC day names the zone.
  const core::Date day(std::chrono::floor<std::chrono::days>(at));
  const auto terms = cycle_terms(settings, day.year() / day.month());
  if (!terms) return terms.error();
  return terms->zone.month_of(at);
}

core::Judgement judgement_of(const config::AgreementSettings& settings, const CycleTerms& terms,
                             const core::Counts& counts, const Beside* beside,
                             const std::vector<core::ExclusionWindow>& kept,
                             core::KnownCharge charge, core::Instant now) {
  core::Judgement judgement;
  judgement.agreement = settings.agreement;
  auto& exclusions = judgement.agreement.exclusions;
  exclusions.insert(exclusions.end(), kept.begin(), kept.end());
  judgement.rule = settings.rule;
  judgement.version = terms.version;
  judgement.zone = terms.zone;
  judgement.assessment =
      core::assess(*terms.version, terms.zone, terms.cycle, counts, exclusions, now);
  if (beside != nullptr) {
    beside->put(settings, terms.zone, exclusions, now, judgement.assessment);
  }
  judgement.credit = core::credit(*terms.version, judgement.assessment, std::move(charge));
  return judgement;
}

Result<core::Judgement> judge(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                              core::Month month, core::KnownCharge charge, core::Instant now) {
  const auto terms = cycle_terms(settings, month);
  if (!terms) return terms.error();
  auto others = judge_other_readings(ledger, settings, month, charge, now);
  if (!others) return others.error();
  auto judgement = judge(ledger, settings, *terms, std::move(charge), now);
  if (!judgement) return judgement;
  judgement->other_readings = *std::move(others);
  auto otherwise = read_otherwise(ledger, *judgement, now);
  if (!otherwise) return otherwise.error();
  judgement->otherwise = *std::move(otherwise);
  auto incidents = seen_incidents(ledger, *judgement);
  if (!incidents) return incidents.error();
  judgement->incidents = *std::move(incidents);
  auto rests_on = robustness(ledger, *judgement, now);
  if (!rests_on) return rests_on.error();
  judgement->robustness = *std::move(rests_on);
  return judgement;
}

Result<std::vector<core::Judgement>> judge_other_readings(ledger::Ledger& ledger,
                                                          const config::AgreementSettings& settings,
                                                          core::Month month,
                                                          const core::KnownCharge& charge,
                                                          core::Instant now) {
  std::vector<core::Judgement> others;
  for (const core::Version* version : settings.rule->other_readings(month)) {
    const auto terms = cycle_terms_under(settings, *version, month);
    if (!terms) return terms.error();
    auto other = judge(ledger, settings, *terms, charge, now);
    if (!other) return other.error();
    others.push_back(*std::move(other));
  }
  return others;
}

Result<core::Judgement> judge(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                              const CycleTerms& terms, core::KnownCharge charge,
                              core::Instant now) {
  const auto tallies = ledger.tallies(settings.agreement.id, terms.cycle.span);
  if (!tallies) return tallies.error();
  const auto kept = ledger.exclusions(settings.agreement.id);
  if (!kept) return kept.error();
  core::Counts counts(*terms.version, terms.cycle.span);
  counts.add(*tallies);
  Beside beside(*terms.version, terms.cycle.span);
  if (auto done = beside.add(ledger, settings.agreement.id, terms.cycle.span); !done) {
    return done.error();
  }
  return judgement_of(settings, terms, counts, &beside, *kept, std::move(charge), now);
}

}  // namespace recoup::judge
