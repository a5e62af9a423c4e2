#include "monitor/explain.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/formula.h"

namespace recoup::monitor {
namespace {

using core::IntervalPart;
using core::IntervalState;
using core::Ratio;
using core::Result;
using Parts = std::vector<IntervalPart>;

std::string percent(const Ratio& share) {
  return (share * Ratio::whole(100)).to_shortest(12) + " %";
}

// "6.666666666666 % is more than 5 %".
std::string compared(const IntervalPart& part, const Ratio& threshold) {
  const Ratio rate = Ratio::whole(part.errors) / Ratio::whole(part.requests);
  return fmt::format("{} is {}more than {}", percent(rate), rate > threshold ? "" : "not ",
                     percent(threshold));
}

// Run is a stretch of minutes that are each above the threshold: [first, end) of the parts.
struct Run {
  std::size_t first;
  std::size_t end;
  std::uint64_t requests = 0;
};

Run run_around(const Parts& parts, std::size_t index, const Ratio& threshold) {
  const auto above = [&](const IntervalPart& part) {
    return part.state == IntervalState::measured &&
           Ratio::whole(part.errors) / Ratio::whole(part.requests) > threshold;
  };
  if (!above(parts[index])) return {index, index};
  Run run{index, index};
  while (run.first > 0 && above(parts[run.first - 1])) --run.first;
  while (run.end < parts.size() && above(parts[run.end])) ++run.end;
  for (std::size_t i = run.first; i < run.end; ++i) run.requests += parts[i].requests;
  return run;
}

// Why a measured interval is lost, or is not; one function a family.
struct WhyMeasured {
  const Explanation& about;
  const IntervalPart& part = about.part();

  std::string operator()(const core::MeanOfIntervals&) const { return errors(); }

  std::string operator()(const core::RequestRatio& family) const {
    if (about.repeats == 0) return errors();
    return fmt::format("{}; {} more repeat one of the same outcome within {} and are left out",
                       errors(), about.repeats, core::to_text(core::Millis(family.repeats)));
  }

  std::string operator()(const core::BadWindows& family) const {
    return fmt::format("{}lost: an error rate of {}", part.lost ? "" : "not ",
                       compared(part, family.more_than));
  }

  std::string operator()(const core::AllFailed&) const {
    if (part.lost) return "lost: every Request met an Error";
    return fmt::format("not lost: {} of {} Requests did not meet an Error",
                       part.requests - part.errors, part.requests);
  }

  std::string operator()(const core::DowntimeRuns& family) const {
    const core::Assessment& a = about.standing.assessment;
    const Run run = run_around(a.parts, about.index, family.more_than);
    if (run.first == run.end) {
      return "not lost: an error rate of " + compared(part, family.more_than);
    }
    const std::string found = fmt::format(
        "the {} consecutive minutes above {} from {} to {} with {} Requests", run.end - run.first,
        percent(family.more_than), core::to_text(a.interval_at(run.first).begin),
        core::to_text(a.interval_at(run.end - 1).end), run.requests);
    if (part.lost) return "lost: it belongs to a Downtime Period, " + found;
    if (run.end - run.first < static_cast<std::size_t>(family.at_least.count())) {
      return fmt::format("not lost: {} are no Downtime Period: too short, at least {} are needed",
                         found, family.at_least.count());
    }
    return fmt::format(
        "not lost: {} are no Downtime Period: too few Requests, at least {} are needed", found,
        family.minimum_requests);
  }

  std::string errors() const {
    return fmt::format("{}lost: {} of {} Requests met an Error", part.lost ? "" : "not ",
                       part.errors, part.requests);
  }
};

std::string why(const Explanation& about) {
  const core::Formula& formula = about.standing.version->formula;
  switch (about.part().state) {
    case IntervalState::measured: return std::visit(WhyMeasured{about}, formula);
    case IntervalState::excluded:
      return "not lost: an exclusion touches it, so that it counts as 100 % available";
    case IntervalState::ahead: return "not lost: it has not begun yet";
    case IntervalState::silent: break;
  }
  const auto* mean = std::get_if<core::MeanOfIntervals>(&formula);
  if (mean != nullptr && mean->silent == core::Silent::left_out) {
    return "not lost: no Request was made, and the contract leaves it out of the mean";
  }
  return "not lost: no Request was made, which counts as available";
}

// What the interval takes from the uptime. A Downtime Period loses each of its minutes; elsewhere
// it is what the uptime would gain without the interval's Errors.
Ratio loss_of(const Explanation& about) {
  const core::Formula& formula = about.standing.version->formula;
  const core::Assessment& a = about.standing.assessment;
  if (!about.part().lost) return Ratio();
  if (std::holds_alternative<core::DowntimeRuns>(formula)) return Ratio(1, a.parts.size());
  Parts without = a.parts;
  without[about.index].errors = 0;
  return core::uptime_of(formula, without, core::Reading::as_measured) - a.uptime;
}

// Groups what the ledger saw in the interval by outcome; the most frequent one comes first.
std::vector<ExplainedOutcome> outcomes_of(const core::Version& version,
                                          const core::Tallies& tallies) {
  std::vector<ExplainedOutcome> outcomes;
  for (const core::Outcome& outcome : tallies.outcomes()) {
    outcomes.push_back({outcome, 0, core::classify(version, outcome)});
  }
  for (const auto& row : tallies.rows()) outcomes[row.outcome].count += row.count;
  std::erase_if(outcomes, [](const ExplainedOutcome& one) { return one.count == 0; });
  std::sort(outcomes.begin(), outcomes.end(), [](const auto& a, const auto& b) {
    return a.count != b.count ? a.count > b.count : a.outcome < b.outcome;
  });
  return outcomes;
}

Result<void> add_evidence(ledger::Ledger& ledger, Explanation& about) {
  return ledger.evidence(about.standing.agreement.id, about.span, [&](const core::Evidence& one) {
    ++about.evidence_in_all;
    if (about.evidence.size() < kExplainedEvidence) about.evidence.push_back(one);
  });
}

// What was seen in the interval, as the contract's version judges it.
Result<void> add_seen(ledger::Ledger& ledger, Explanation& about) {
  const auto tallies = ledger.tallies(about.standing.agreement.id, about.span);
  if (!tallies) return tallies.error();
  about.outcomes = outcomes_of(*about.standing.version, *tallies);
  about.gaps = tallies->gaps();
  std::uint64_t errors = 0;
  for (const ExplainedOutcome& one : about.outcomes) {
    if (one.counts_as.verdict == core::Verdict::error) errors += one.count;
  }
  about.repeats = errors - about.part().errors;
  return {};
}

}  // namespace

Result<Explanation> explain(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                            core::Instant at, core::Instant now) {
  const auto month = month_at(settings, at);
  if (!month) return month.error();
  const auto bench = bench_for(settings, *month);
  if (!bench) return bench.error();
  const core::Cycle& cycle = bench->cycle;
  if (!cycle.span.contains(at)) {
    return core::Error{fmt::format("expected an instant from {} to {}, in which the service was "
                                   "used, got {}",
                                   core::to_text(cycle.span.begin), core::to_text(cycle.span.end),
                                   core::to_text(at)),
                       settings.agreement.id};
  }
  auto standing = judge(ledger, settings, *bench, std::optional<core::Charge>(), now);
  if (!standing) return standing.error();

  Explanation about;
  about.standing = *std::move(standing);
  const core::Assessment& a = about.standing.assessment;
  about.index = static_cast<std::size_t>((at - cycle.span.begin) / a.interval);
  about.span = a.interval_at(about.index);
  if (auto done = add_seen(ledger, about); !done) return done.error();
  if (auto done = add_evidence(ledger, about); !done) return done.error();
  for (const auto& window : about.standing.agreement.exclusions) {
    if (window.span.overlaps(about.span)) about.exclusions.push_back(window);
  }
  about.loss = loss_of(about);
  about.why = why(about);
  return about;
}

}  // namespace recoup::monitor
