#include "judge/cycles.h"

#include <utility>

#include "core/assess.h"
#include "judge/judge.h"

namespace recoup::judge {

using core::Instant;
using core::Result;
using record::Seal;

Result<core::Zone> zone_at(const config::AgreementSettings& settings, Instant at) {
  const auto month = month_at(settings, at);
  if (!month) return month.error();
  auto terms = cycle_terms(settings, *month);
  if (!terms) return terms.error();
  return std::move(terms->zone);
}

Result<std::optional<Seal>> judge_and_seal(ledger::Ledger& ledger,
                                           const config::AgreementSettings& settings,
                                           billing::Charges& charges, const MonthToSeal& month,
                                           const record::SealKey* key, Instant now) {
  const auto terms = cycle_terms(settings, month.month);
  if (!terms) return terms.error();
  const auto judgement =
      judge(ledger, settings, *terms, charges.of(settings.charged(), month.month), now);
  if (!judgement) return judgement.error();
  return seal_if_due(ledger, *judgement, month.journal, key, now, kSealGrace);
}

// Seals do not keep it: it says nothing of the cycle.
Result<record::ClaimGround> sealed_ground(const Seal& seal,
                                          const config::AgreementSettings& settings) {
  record::ClaimGround ground = record::ground_of(seal);
  const core::Version* version = settings.rule->find_version(seal.version);
  if (version == nullptr) return ground;
  ground.due = core::due_of(seal.cycle, *version);
  if (version->claim.payment) {
    auto zone = config::zone_of(settings, *version);
    if (!zone) return zone.error();
    ground.payment = record::PaymentTerms{*version->claim.payment, *std::move(zone)};
  }
  return ground;
}

Result<record::PastCycles> past_cycles(ledger::Ledger& ledger,
                                       const config::AgreementSettings& settings, Instant now) {
  const std::string& agreement = settings.agreement.id;
  const auto seals = ledger.seals(agreement);
  if (!seals) return seals.error();
  const auto events = ledger.claim_events(agreement);
  if (!events) return events.error();
  record::PastCycles past;
  past.agreement = agreement;
  past.provider = settings.rule->provider;
  past.revisions = seals->size();
  std::vector<record::ClaimGround> grounds;
  for (const Seal& seal : *seals) {
    if (newest_seal(*seals, seal.month) != &seal) continue;
    auto ground = sealed_ground(seal, settings);
    if (!ground) return ground.error();
    grounds.push_back(*std::move(ground));
  }
  past.sealed = grounds.size();
  past.claims = record::claim_lives(grounds, *events, now);
  return past;
}

}  // namespace recoup::judge
