#include "judge/votes.h"

#include <map>
#include <set>

#include "core/assess.h"

namespace recoup::judge {
namespace {

using core::Result;

// Intervals in which a vantage point heard nothing are few, or its way out was down all the time:
// so many of them are looked at more closely.
constexpr std::size_t kMostLookedAt = 500;
// From how long before the cycle a clock that was set back may have shown it.
constexpr std::chrono::days kLongestStepBack{366};

core::SeenFrom& of(std::map<std::string, core::SeenFrom>& all, const std::string& vantage) {
  core::SeenFrom& seen = all[vantage];
  seen.vantage = vantage;
  return seen;
}

std::vector<core::SeenFrom> values(const std::map<std::string, core::SeenFrom>& all) {
  std::vector<core::SeenFrom> list;
  for (const auto& [vantage, seen] : all) list.push_back(seen);
  return list;
}

// Whether nothing else was answered there either.
Result<void> look_elsewhere(ledger::TallyStore& ledger, const core::Judgement& judgement,
                            std::map<std::string, core::SeenFrom>& all) {
  std::size_t looked_at = 0;
  for (const core::Interval& span :
       core::unheard_intervals(*judgement.version, judgement.assessment.cycle.span, values(all))) {
    if (looked_at++ == kMostLookedAt) break;
    const auto elsewhere = ledger.probed_elsewhere(judgement.agreement.id, span);
    if (!elsewhere) return elsewhere.error();
    for (const record::SourceTallies& one : *elsewhere) {
      const auto known = all.find(one.vantage);
      if (known != all.end()) known->second.elsewhere.merge(one.tallies);
    }
  }
  return {};
}

}  // namespace

Result<bool> is_seen_from_several(ledger::TallyStore& ledger, const core::Judgement& judgement) {
  const auto sources = ledger.sources(judgement.agreement.id, judgement.assessment.cycle.span);
  if (!sources) return sources.error();
  std::set<std::string> vantages;
  for (const record::SeenSource& one : *sources) {
    if (one.log.kind == record::SeriesKind::probe) vantages.insert(one.vantage);
  }
  return vantages.size() > 1;
}

Result<std::optional<core::Votes>> votes(ledger::TallyStore& ledger,
                                         const std::vector<record::SourceTallies>& sources,
                                         const core::Judgement& judgement,
                                         const core::VoteRule& rule, core::Instant now) {
  const core::Interval& cycle = judgement.assessment.cycle.span;
  std::map<std::string, core::SeenFrom> all;
  for (const record::SourceTallies& one : sources) {
    if (one.source.kind == record::SeriesKind::probe)
      of(all, one.vantage).tallies.merge(one.tallies);
  }
  if (all.size() < 2) return std::optional<core::Votes>();
  const auto gaps = ledger.probe_gaps(judgement.agreement.id, cycle);
  if (!gaps) return gaps.error();
  for (const auto& [vantage, gap] : *gaps) {
    const auto known = all.find(vantage);
    if (known != all.end()) known->second.tallies.add_gap(gap);
  }
  // A step back is kept at the time that the clock was set to.
  const auto steps = ledger.clock_steps({cycle.begin - kLongestStepBack, cycle.end});
  if (!steps) return steps.error();
  for (const record::ClockStep& step : *steps) {
    const auto known = all.find(step.vantage);
    if (known != all.end()) known->second.shown_twice.push_back(step.shown_twice());
  }
  if (auto done = look_elsewhere(ledger, judgement, all); !done) return done.error();
  core::Votes counted = core::votes_on(*judgement.version, cycle, values(all), rule);
  for (core::Votes::From& from : counted.vantages) {
    const core::Assessment alone =
        core::assess(*judgement.version, judgement.zone, judgement.assessment.cycle,
                     all.at(from.vantage).tallies, judgement.agreement.exclusions, now);
    if (alone.is_measured()) from.uptime = alone.uptime;
  }
  return std::optional(std::move(counted));
}

Result<std::optional<core::Votes>> votes(ledger::TallyStore& ledger,
                                         const core::Judgement& judgement,
                                         const core::VoteRule& rule, core::Instant now) {
  const auto several = is_seen_from_several(ledger, judgement);
  if (!several) return several.error();
  if (!*several) return std::optional<core::Votes>();
  const auto sources =
      ledger.tallies_by_source(judgement.agreement.id, judgement.assessment.cycle.span);
  if (!sources) return sources.error();
  return votes(ledger, *sources, judgement, rule, now);
}

}  // namespace recoup::judge
