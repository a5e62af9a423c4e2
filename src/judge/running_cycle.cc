#include "judge/running_cycle.h"

#include <algorithm>
#include <utility>

#include "core/assess.h"
#include "judge/provider_incidents.h"

namespace recoup::judge {
namespace {

using core::Instant;
using core::Result;

constexpr core::Millis kReadAnew = std::chrono::minutes(10);

}  // namespace

Result<std::shared_ptr<const core::Judgement>> RunningCycle::refresh(ledger::Ledger& ledger,
                                                                     billing::Charges& charges,
                                                                     Instant now) {
  const bool stale =
      !terms_ || terms_->zone.month_of(now) != terms_->cycle.month || now - started_ >= kReadAnew;
  // A wall clock that was set back begins minutes anew that were closed.
  if (stale || now < started_ || now < settled_until_) {
    if (auto done = start(ledger, charges, now); !done) return done.error();
  }
  if (auto done = settle(ledger, now); !done) return done.error();

  const core::Interval open{settled_until_, terms_->cycle.span.end};
  const auto recent = ledger.tallies(settings_->agreement.id, open);
  if (!recent) return recent.error();
  const auto kept = ledger.exclusions(settings_->agreement.id);
  if (!kept) return kept.error();
  core::Counts all = *settled_;
  all.add(*recent);
  if (auto few = all.check_total(); !few) return few.error();
  core::Judgement judgement =
      judgement_of(*settings_, *terms_, all, &*beside_, *kept,
                   charges.of(settings_->charged(), terms_->cycle.month), now);
  judgement.other_readings = others_;
  judgement.incidents = core::see_incidents(judgement.assessment, incidents_);
  return std::make_shared<const core::Judgement>(std::move(judgement));
}

void RunningCycle::note_written(Instant oldest) {
  if (oldest < settled_until_) terms_.reset();
}

Result<void> RunningCycle::start(ledger::Ledger& ledger, billing::Charges& charges, Instant now) {
  const auto month = month_at(*settings_, now);
  if (!month) return month.error();
  auto terms = cycle_terms(*settings_, *month);
  if (!terms) return terms.error();
  terms_ = *std::move(terms);
  others_.clear();
  settled_.emplace(*terms_->version, terms_->cycle.span);
  beside_.emplace(*terms_->version, terms_->cycle.span);
  settled_until_ = terms_->cycle.span.begin;
  started_ = now;
  auto incidents = incidents_of(ledger, settings_->agreement, *settings_->rule, terms_->cycle.span);
  if (!incidents) return incidents.error();
  incidents_ = *std::move(incidents);
  if (settings_->rule->other_readings(*month).empty()) return {};
  auto others = judge_other_readings(ledger, *settings_, *month,
                                     charges.of(settings_->charged(), *month), now);
  if (!others) return others.error();
  others_ = *std::move(others);
  return {};
}

Result<void> RunningCycle::settle(ledger::TallyStore& ledger, Instant now) {
  const Instant closed = std::chrono::floor<std::chrono::minutes>(now - core::kClosedAfter);
  const core::Interval span{settled_until_, std::min(closed, terms_->cycle.span.end)};
  if (span.empty()) return {};
  const auto part = ledger.tallies(settings_->agreement.id, span);
  if (!part) return part.error();
  settled_->add(*part);
  settled_->pack();
  if (auto done = beside_->add(ledger, settings_->agreement.id, span); !done) {
    terms_.reset();  // half of it may have been added
    return done.error();
  }
  settled_until_ = span.end;
  return {};
}

}  // namespace recoup::judge
