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

namespace {

// The version that the cycle of that name is judged by: the one in force on its first day. Which
// day that is the version itself says, where it counts no calendar months.
const core::Version* judging_version(const config::AgreementSettings& settings, core::Month month) {
  const core::Version* version = settings.rule->in_force(month);
  if (version != nullptr && version->calendar == core::Calendar::month) return version;
  if (version == nullptr) version = &settings.rule->versions.front();
  const auto days = days_of(settings, *version, month);
  return days ? settings.rule->in_force(days->first, days->last) : nullptr;
}

Error no_such_cycle(const core::Zone& zone, core::Month month) {
  return {
      fmt::format("expected the first month of a calendar quarter, got {}", core::to_text(month)),
      "",
      fmt::format("the billing cycle that holds it is {}",
                  core::to_text(core::cycle_of(month, zone).month))};
}

}  // namespace

std::optional<CycleDays> days_of(const config::AgreementSettings& settings,
                                 const core::Version& version, core::Month month) {
  if (version.calendar == core::Calendar::month) {
    return CycleDays{month / std::chrono::day(1), month / std::chrono::last};
  }
  const auto zone = config::zone_of(settings, version);
  if (!zone) return std::nullopt;
  const core::Interval span = core::cycle_of(month, *zone).span;
  return CycleDays{zone->day_of(span.begin), zone->day_of(span.end - core::Millis(1))};
}

Result<CycleTerms> cycle_terms(const config::AgreementSettings& settings, core::Month month) {
  const core::Version* version = judging_version(settings, month);
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
  if (!zone->names_cycle(month)) return no_such_cycle(*zone, month);
  const core::Cycle cycle =
      core::counted_cycle(version, core::cycle_of(month, *zone), settings.agreement);
  return CycleTerms{core::version_of(settings.rule, version), *std::move(zone), cycle};
}

Result<core::Month> month_at(const config::AgreementSettings& settings, core::Instant at) {
  // Zones differ by a day at most: the version in force on the UTC day names the zone.
  const core::Date day(std::chrono::floor<std::chrono::days>(at));
  const core::Month month = day.year() / day.month();
  const core::Version* version = judging_version(settings, month);
  // Where none is, the complaint names the versions that are known.
  if (version == nullptr) return cycle_terms(settings, month).error();
  const auto zone = config::zone_of(settings, *version);
  if (!zone) return zone.error();
  return zone->month_of(at);
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
  auto rests_on = robustness(ledger, *judgement, settings.votes, now);
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
  const core::Version* judged = judging_version(settings, month);
  const auto days = judged == nullptr ? std::nullopt : days_of(settings, *judged, month);
  if (!days) return others;
  for (const core::Version* version : settings.rule->other_readings(days->first, days->last)) {
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
