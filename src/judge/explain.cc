#include "judge/explain.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/figures.h"
#include "core/text.h"
#include "core/weights.h"
#include "judge/outcome_counts.h"
#include "record/redact.h"

namespace recoup::judge {
namespace {

using core::IntervalPart;
using core::IntervalState;
using core::Ratio;
using core::Result;

// "6.666666666666 % is more than 5 %".
std::string compared(const IntervalPart& part, const Ratio& threshold) {
  const Ratio rate = *core::error_rate(part.requests, part.errors);
  return fmt::format("{} % is {}more than {} %", core::short_percent(rate),
                     rate > threshold ? "" : "not ", core::short_percent(threshold));
}

// Why a measured interval is lost, or is not; one function a family.
struct WhyMeasured {
  const Explanation& about;
  const IntervalPart part = about.part();

  std::string operator()(const core::MeanOfIntervals&) const { return errors(); }

  std::string operator()(const core::RequestRatio& family) const {
    if (about.repeats == 0) return errors();
    return fmt::format("{}; {} more repeat one of the same outcome within {} and are left out",
                       errors(), about.repeats, core::to_text(core::Millis(family.repeats)));
  }

  std::string operator()(const core::BadWindows& family) const {
    const Ratio rate = *core::error_rate(part.requests, part.errors);
    if (!part.lost && rate > family.more_than) {
      return fmt::format("not lost: an error rate of {}, but in fewer than {} windows in a row",
                         compared(part, family.more_than), family.at_least / family.window);
    }
    return fmt::format("{}lost: an error rate of {}", part.lost ? "" : "not ",
                       compared(part, family.more_than));
  }

  std::string operator()(const core::AllFailed& family) const {
    if (part.lost) return "lost: every Request met an Error";
    if (part.requests > 0 && part.requests == part.errors) {
      return fmt::format("not lost: every Request met an Error, but of {} it takes {}",
                         part.requests, family.minimum_requests);
    }
    return fmt::format("not lost: {} of {} Requests did not meet an Error",
                       part.requests - part.errors, part.requests);
  }

  std::string operator()(const core::DowntimeRuns& family) const {
    const auto& run = about.run;
    if (!run) return "not lost: an error rate of " + compared(part, family.more_than);
    const std::string found =
        fmt::format("the {} consecutive minutes above {} % from {} to {} with {} Requests",
                    run->minutes(), core::short_percent(family.more_than),
                    core::to_text(run->span.begin), core::to_text(run->span.end), run->requests);
    if (part.lost) return "lost: it belongs to a Downtime Period, " + found;
    if (run->minutes() < static_cast<std::size_t>(family.at_least.count())) {
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

// The same where the time of several resources is summed, and each is lost or not by itself.
std::string why_of_resources(const Explanation& about) {
  const core::Version& version = *about.judgement.version;
  const auto& resources = about.judgement.assessment.resources;
  std::vector<std::string> lost;
  for (const core::ResourceShare& one : resources) {
    if (one.parts[about.index].below_100()) lost.push_back(record::redact(one.name));
  }
  if (lost.empty()) {
    return fmt::format("not lost: for none of the {} {} by its own Requests", resources.size(),
                       version.summed_over);
  }
  return fmt::format("lost: for {} of {} {}, each by its own Requests: {}", lost.size(),
                     resources.size(), version.summed_over, core::listed(lost, "and"));
}

std::string why(const Explanation& about) {
  const core::Formula& formula = about.judgement.version->formula;
  const bool left_out = about.judgement.version->excluded == core::Excluded::left_out;
  switch (about.part().state) {
    case IntervalState::measured:
      if (!about.judgement.assessment.resources.empty()) return why_of_resources(about);
      return std::visit(WhyMeasured{about}, formula);
    case IntervalState::excluded:
      return std::holds_alternative<core::RequestRatio>(formula)
                 ? "not lost: an exclusion touches it, so that its Requests are not counted"
             : left_out
                 ? "not lost: an exclusion touches it, so that it is none of those that count"
                 : "not lost: an exclusion touches it, so that it counts as 100 % available";
    case IntervalState::ahead: return "not lost: it has not begun yet";
    case IntervalState::silent: break;
  }
  const auto* mean = std::get_if<core::MeanOfIntervals>(&formula);
  if (mean != nullptr && mean->silent == core::Silent::left_out) {
    return "not lost: no Request was made, and the contract leaves it out of the mean";
  }
  return "not lost: no Request was made, which counts as available";
}

Result<void> add_evidence(ledger::EvidenceStore& ledger, std::size_t top, Explanation& about) {
  return ledger.evidence(about.judgement.agreement.id, about.span,
                         [&](const record::Evidence& one) {
                           ++about.evidence_in_all;
                           if (about.evidence.size() < top) about.evidence.push_back(redacted(one));
                         });
}

// What was seen in the interval, as the contract's version judges it.
Result<void> add_seen(ledger::TallyStore& ledger, Explanation& about) {
  const auto tallies = ledger.tallies(about.judgement.agreement.id, about.span);
  if (!tallies) return tallies.error();
  about.gaps = tallies->gaps();
  std::uint64_t errors = 0;
  for (const auto& [outcome, count] : outcome_counts(*tallies, about.span)) {
    about.outcomes.push_back({outcome, count, core::classify(*about.judgement.version, outcome)});
    if (about.outcomes.back().counts_as.verdict == core::Verdict::error) errors += count;
  }
  std::stable_sort(about.outcomes.begin(), about.outcomes.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  about.repeats = errors - about.part().errors;
  return {};
}

}  // namespace

record::Evidence redacted(record::Evidence record) {
  record.detail = record::redact(record.detail);
  if (!record.peer.empty()) record.peer = record::kRedacted;
  return record;
}

Result<Explanation> explain(ledger::Ledger& ledger, const config::AgreementSettings& settings,
                            core::Instant at, std::size_t top, core::Instant now) {
  const auto month = month_at(settings, at);
  if (!month) return month.error();
  const auto terms = cycle_terms(settings, *month);
  if (!terms) return terms.error();
  const core::Cycle& cycle = terms->cycle;
  if (!cycle.span.contains(at)) {
    return core::Error{fmt::format("expected an instant from {} to {}, in which the service was "
                                   "used, got {}",
                                   core::to_text(cycle.span.begin), core::to_text(cycle.span.end),
                                   core::to_text(at)),
                       settings.agreement.id};
  }
  auto judgement = judge(ledger, settings, *terms, std::optional<core::Charge>(), now);
  if (!judgement) return judgement.error();

  Explanation about;
  about.judgement = *std::move(judgement);
  const core::Assessment& a = about.judgement.assessment;
  about.index = static_cast<std::size_t>((at - cycle.span.begin) / a.interval);
  about.span = a.interval_at(about.index);
  if (auto done = add_seen(ledger, about); !done) return done.error();
  if (auto done = add_evidence(ledger, top, about); !done) return done.error();
  for (const auto& window : about.judgement.agreement.exclusions) {
    if (window.span.overlaps(about.span)) about.exclusions.push_back(window);
  }
  const core::Formula& formula = about.judgement.version->formula;
  about.loss = core::Weights(formula, a).cost(about.part());
  about.run = run_of(formula, a, about.index);
  about.why = why(about);
  return about;
}

}  // namespace recoup::judge
