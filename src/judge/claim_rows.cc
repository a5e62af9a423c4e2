#include "judge/claim_rows.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/assess.h"
#include "core/figures.h"
#include "judge/cycles.h"
#include "judge/judge.h"

namespace recoup::judge {
namespace {

using core::Instant;
using core::Month;
using core::Result;

constexpr std::size_t kMostJudged = 60;

// What the row says of the month before its events are known.
struct Figures {
  record::ClaimGround ground;
  record::ClaimMonth row;
};

// There is no date for a claim that nobody can make.
Figures without_dates(Figures figures) {
  figures.ground.deadline.reset();
  return figures;
}

// Of a month that nobody measured there are no figures.
Result<Figures> figures_of(const record::Seal& seal, const config::AgreementSettings& settings) {
  auto ground = sealed_ground(seal, settings);
  if (!ground) return ground.error();
  Figures figures{*std::move(ground), {}};
  figures.row.seal = seal;
  figures.row.requests = seal.requests;
  if (is_unmeasured(seal)) return without_dates(figures);
  figures.row.uptime = seal.uptime;
  figures.row.measured = seal.measured;
  figures.row.share = seal.share;
  return figures;
}

Figures figures_of(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  Figures figures{record::ground_of(judgement), {}};
  figures.row.requests = a.totals.requests;
  if (is_worth_a_seal(a)) figures.row.due = a.cycle.span.end + kSealGrace;
  if (!a.is_measured()) return without_dates(figures);
  figures.row.uptime = a.uptime;
  figures.row.measured = core::measured_share(a);
  figures.row.share = judgement.credit.share;
  return figures;
}

Result<Figures> judged(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                       const CycleTerms& terms, billing::Charges& charges, Instant now) {
  const auto judgement =
      judge(ledger, settings, terms, charges.of(settings.charged(), terms.cycle.month), now);
  if (!judgement) return judgement.error();
  return figures_of(*judgement);
}

// Months between those that were seen.
std::vector<Month> between(const std::vector<Month>& seen, const core::Zone& zone) {
  std::vector<Month> unseen;
  for (std::size_t i = 1; i < seen.size(); ++i) {
    for (Month month = zone.month_after(seen[i - 1], 1); month < seen[i];
         month = zone.month_after(month, 1)) {
      unseen.push_back(month);
    }
  }
  return unseen;
}

// The newest seals by month. Of months of which nothing was seen ledgers have seals that were made
// when silence was sealed too: they stay there, and say nothing.
Result<std::map<Month, Figures>> sealed_months(const std::vector<record::Seal>& seals,
                                               const config::AgreementSettings& settings,
                                               const std::vector<Month>& seen) {
  std::map<Month, Figures> months;
  for (const record::Seal& seal : seals) {
    auto figures = figures_of(seal, settings);
    if (!figures) return figures.error();
    months.insert_or_assign(seal.month, *std::move(figures));
  }
  std::erase_if(months, [&](const auto& one) {
    return is_unmeasured(*one.second.row.seal) &&
           !std::binary_search(seen.begin(), seen.end(), one.first);
  });
  return months;
}

// Adds the months that are over and not sealed; of those that are, which are to be sealed again.
Result<void> add_unsealed(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                          const core::Zone& zone, billing::Charges& charges, Instant now,
                          std::map<Month, Figures>& months, ClaimRows& rows) {
  const auto due = months_to_seal(ledger, settings.agreement.id, zone, now, core::Millis(0), false);
  if (!due) return due.error();
  std::size_t so_far = 0;
  for (auto one = due->rbegin(); one != due->rend(); ++one) {
    const auto terms = cycle_terms(settings, one->month);
    if (!terms) {
      if (rows.unjudged++ == 0) rows.why_unjudged = terms.error();
    } else if (const auto known = months.find(one->month); known != months.end()) {
      known->second.row.due = terms->cycle.span.end + kSealGrace;
    } else if (so_far++ >= kMostJudged) {
      ++rows.older;
    } else {
      auto figures = judged(ledger, settings, *terms, charges, now);
      if (!figures) return figures.error();
      months.emplace(one->month, *std::move(figures));
    }
  }
  return {};
}

}  // namespace

Result<ClaimRows> claim_rows(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                             billing::Charges& charges, Instant now) {
  const auto seals = ledger.seals(settings.agreement.id);
  if (!seals) return seals.error();
  const auto events = ledger.claim_events(settings.agreement.id);
  if (!events) return events.error();

  const auto zone = zone_at(settings, now);
  if (!zone) return zone.error();
  const auto seen = months_seen(ledger, settings.agreement.id, *zone);
  if (!seen) return seen.error();

  auto sealed = sealed_months(*seals, settings, *seen);
  if (!sealed) return sealed.error();
  std::map<Month, Figures>& months = *sealed;
  ClaimRows rows;
  rows.unseen = between(*seen, *zone);
  if (auto done = add_unsealed(ledger, settings, *zone, charges, now, months, rows); !done) {
    return done.error();
  }
  std::vector<record::ClaimGround> grounds;
  for (const auto& [month, figures] : months) grounds.push_back(figures.ground);
  for (record::ClaimLife& life : record::claim_lives(grounds, *events, now)) {
    const auto known = months.find(life.ground.month);
    record::ClaimMonth row = known == months.end() ? record::ClaimMonth() : known->second.row;
    row.life = std::move(life);
    rows.rows.push_back(std::move(row));
  }
  return rows;
}

Result<record::ClaimMonth> claim_row(ledger::Ledger& ledger,
                                     const config::AgreementSettings& settings,
                                     billing::Charges& charges, Month month, Instant now) {
  const auto seals = ledger.seals(settings.agreement.id);
  if (!seals) return seals.error();
  const auto events = ledger.claim_events(settings.agreement.id);
  if (!events) return events.error();

  Figures figures;
  if (const record::Seal* seal = newest_seal(*seals, month)) {
    auto sealed = figures_of(*seal, settings);
    if (!sealed) return sealed.error();
    figures = *std::move(sealed);
  } else {
    const auto terms = cycle_terms(settings, month);
    if (!terms) return terms.error();
    auto unsealed = judged(ledger, settings, *terms, charges, now);
    if (!unsealed) return unsealed.error();
    figures = *std::move(unsealed);
  }
  figures.row.life = record::claim_life(figures.ground, *events, now);
  return std::move(figures.row);
}

}  // namespace recoup::judge
