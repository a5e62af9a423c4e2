#include "judge/needed_evidence.h"

#include <algorithm>

#include "judge/cycles.h"
#include "judge/sealing.h"

namespace recoup::judge {

using core::Instant;
using core::Result;
using record::ClaimState;

namespace {

// Whether something can become of the claim at any time to come, by what was said of it so far. A
// claim that was refused may be disputed: that is what the margin is for.
bool is_open(ClaimState state) {
  switch (state) {
    case ClaimState::nothing:
    case ClaimState::unmeasured:
    case ClaimState::credited:
    case ClaimState::credited_in_part:
    case ClaimState::refused:
    case ClaimState::expired: return false;
    case ClaimState::claimable:
    case ClaimState::written:
    case ClaimState::submitted:
    case ClaimState::overdue:
    case ClaimState::disputed: return true;
  }
  return true;
}

// The last instant at which the contract or the user had something to say of the month.
Instant last_word(const record::Seal& seal, const std::vector<record::ClaimEvent>& events) {
  Instant last = std::max(seal.cycle.end, seal.at);
  if (seal.deadline) last = std::max({last, seal.deadline->safe, seal.deadline->literal});
  for (const record::ClaimEvent& event : events) {
    if (event.month == seal.month) last = std::max(last, event.at);
  }
  return last;
}

}  // namespace

Result<std::optional<Instant>> evidence_needed_from(ledger::Ledger& ledger,
                                                    const config::AgreementSettings& settings,
                                                    core::Millis keep, Instant now) {
  const std::string& agreement = settings.agreement.id;
  const auto zone = zone_at(settings, now);
  if (!zone) return std::optional<Instant>();  // nobody can say what a claim needs: all is kept
  const auto months = months_seen(ledger, agreement, *zone);
  if (!months) return months.error();
  const auto seals = ledger.seals(agreement);
  if (!seals) return seals.error();
  const auto events = ledger.claim_events(agreement);
  if (!events) return events.error();
  const auto past = past_cycles(ledger, settings, now);
  if (!past) return past.error();
  std::optional<Instant> needed_from;
  for (const core::Month month : *months) {
    const record::Seal* seal = newest_seal(*seals, month);
    if (seal == nullptr || now < last_word(*seal, *events) + keep) break;
    const auto life =
        std::find_if(past->claims.begin(), past->claims.end(),
                     [&](const record::ClaimLife& one) { return one.ground.month == month; });
    if (life == past->claims.end() || is_open(life->state)) break;
    needed_from = seal->cycle.end;
  }
  return needed_from;
}

}  // namespace recoup::judge
