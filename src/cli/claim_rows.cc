#include "cli/claim_rows.h"

#include <algorithm>
#include <map>
#include <utility>

#include "monitor/closing.h"
#include "monitor/judge.h"

namespace recoup::cli {
namespace {

using core::Instant;
using core::Month;
using core::Result;

constexpr std::size_t kMostJudged = 60;

// What the row says of the month before its events are known.
struct Figures {
  core::ClaimGround ground;
  claim::ClaimMonth row;
};

Figures of_seal(const core::Seal& seal) {
  return {core::ground_of(seal), {{}, seal, seal.uptime, seal.share, std::nullopt}};
}

Figures of_standing(const core::Standing& standing) {
  const core::Assessment& a = standing.assessment;
  return {
      core::ground_of(standing),
      {{}, std::nullopt, a.uptime, standing.credit.share, a.cycle.span.end + monitor::kSealGrace}};
}

Result<Figures> judged(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                       const monitor::Bench& bench, billing::Charges& charges, Instant now) {
  const auto standing =
      monitor::judge(ledger, settings, bench, charges.of(settings, bench.cycle.month), now);
  if (!standing) return standing.error();
  return of_standing(*standing);
}

// Adds the months that are over and not sealed; of those that are, which are to be sealed again.
Result<void> add_unsealed(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                          billing::Charges& charges, Instant now, std::map<Month, Figures>& months,
                          ClaimRows& rows) {
  const auto zone = monitor::zone_at(settings, now);
  if (!zone) return zone.error();
  const auto due =
      monitor::months_to_seal(ledger, settings.agreement.id, *zone, now, core::Millis(0), false);
  if (!due) return due.error();
  std::size_t so_far = 0;
  for (auto one = due->rbegin(); one != due->rend(); ++one) {
    const auto bench = monitor::bench_for(settings, one->month);
    if (!bench) {
      if (rows.unjudged++ == 0) rows.why_unjudged = bench.error();
    } else if (const auto known = months.find(one->month); known != months.end()) {
      known->second.row.due = bench->cycle.span.end + monitor::kSealGrace;
    } else if (so_far++ >= kMostJudged) {
      ++rows.older;
    } else {
      auto figures = judged(ledger, settings, *bench, charges, now);
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

  std::map<Month, Figures> months;
  for (const core::Seal& seal : *seals) months.insert_or_assign(seal.month, of_seal(seal));
  ClaimRows rows;
  if (auto done = add_unsealed(ledger, settings, charges, now, months, rows); !done) {
    return done.error();
  }
  std::vector<core::ClaimGround> grounds;
  for (const auto& [month, figures] : months) grounds.push_back(figures.ground);
  for (core::ClaimLife& life : core::claim_lives(grounds, *events, now)) {
    const auto known = months.find(life.ground.month);
    claim::ClaimMonth row = known == months.end() ? claim::ClaimMonth() : known->second.row;
    row.life = std::move(life);
    rows.rows.push_back(std::move(row));
  }
  return rows;
}

Result<claim::ClaimMonth> claim_row(ledger::Ledger& ledger,
                                    const config::AgreementSettings& settings,
                                    billing::Charges& charges, Month month, Instant now) {
  const auto seals = ledger.seals(settings.agreement.id);
  if (!seals) return seals.error();
  const auto events = ledger.claim_events(settings.agreement.id);
  if (!events) return events.error();

  Figures figures;
  if (const core::Seal* seal = monitor::newest_seal(*seals, month)) {
    figures = of_seal(*seal);
  } else {
    const auto bench = monitor::bench_for(settings, month);
    if (!bench) return bench.error();
    auto unsealed = judged(ledger, settings, *bench, charges, now);
    if (!unsealed) return unsealed.error();
    figures = *std::move(unsealed);
  }
  figures.row.life = core::claim_life(figures.ground, *events, now);
  return std::move(figures.row);
}

}  // namespace recoup::cli
