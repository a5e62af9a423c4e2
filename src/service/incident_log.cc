#include "service/incident_log.h"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/figures.h"
#include "core/text.h"

namespace recoup::service {
namespace {

using core::Instant;
using core::Judgement;
using core::LossRun;

// Places behind the point that a figure of the log has, cut.
constexpr int kPlaces = 6;

std::string percent_words(const core::Ratio& share) {
  return (share * core::Ratio::whole(100)).to_shortest(kPlaces) + " %";
}

std::string requests_words(const LossRun& run) {
  return fmt::format("{} of {} failed", core::grouped(run.errors),
                     core::counted(run.requests, "Request"));
}

// "it took 0.0019 % of the uptime of 2026-10, 19.29 % of what may be lost; 99.998 % so far".
std::string cost_words(const Judgement& judgement, const core::Ratio& cost) {
  const core::Assessment& a = judgement.assessment;
  const auto of_budget = core::share_of(cost, core::allowed_loss(*judgement.version));
  return fmt::format(
      "took {} of the uptime of {}{}; it is {} so far", percent_words(cost),
      core::to_text(a.cycle.month),
      of_budget ? fmt::format(", {} of what may be lost", percent_words(*of_budget)) : "",
      percent_words(a.uptime));
}

core::Ratio cost_of(const Judgement& judgement, const core::Interval& span) {
  return core::loss_in(span, judgement.version->formula, judgement.assessment);
}

// It is over when an interval behind it is, and nothing was lost in that.
bool goes_on(const LossRun& run, const Judgement& judgement, Instant now) {
  return now < run.span.end + judgement.assessment.interval;
}

// Of runs in order, of which none overlaps another.
bool overlaps_any(const std::vector<LossRun>& runs, const core::Interval& span) {
  const auto next = std::partition_point(
      runs.begin(), runs.end(), [&](const LossRun& one) { return one.span.end <= span.begin; });
  return next != runs.end() && next->span.overlaps(span);
}

void put_in_order(std::vector<LossRun>& runs) {
  std::sort(runs.begin(), runs.end(),
            [](const LossRun& a, const LossRun& b) { return a.span.begin < b.span.begin; });
}

void tell_over(const Judgement& judgement, const LossRun& run, std::string_view what) {
  spdlog::warn("{}: {}: {} to {}, {}; it {}", judgement.agreement.id, what,
               core::to_text(run.span.begin), core::to_text(run.span.end), requests_words(run),
               cost_words(judgement, cost_of(judgement, run.span)));
}

}  // namespace

void IncidentLog::tell(const Judgement& judgement, Instant now) {
  Told& told = told_[judgement.agreement.id];
  tell_incidents(judgement, now, told);
  tell_standing(judgement, told);
}

void IncidentLog::tell_incidents(const Judgement& judgement, Instant now, Told& told) {
  const core::Assessment& a = judgement.assessment;
  const bool first = told.month != a.cycle.month;
  if (!first && !told.open && told.lost == a.totals.below_100) return;
  const std::vector<LossRun> runs = core::loss_runs(a);
  if (first) {
    if (told.open) {
      spdlog::warn("{}: incident since {}: its billing cycle ended with it", judgement.agreement.id,
                   core::to_text(told.open->begin));
    }
    told = {a.cycle.month, 0, {}, std::nullopt, Standing::met};
    for (const LossRun& run : runs) {
      if (!goes_on(run, judgement, now)) told.runs.push_back(run);
    }
  }
  told.lost = a.totals.below_100;
  if (told.open) tell_open(judgement, runs, now, told);
  tell_new(judgement, runs, now, told);
}

// What became of the one that went on.
void IncidentLog::tell_open(const Judgement& judgement, const std::vector<LossRun>& runs,
                            Instant now, Told& told) {
  const auto same = std::find_if(runs.rbegin(), runs.rend(),
                                 [&](const LossRun& run) { return run.span.overlaps(*told.open); });
  if (same == runs.rend()) {
    spdlog::warn("{}: incident since {}: it is no loss any more: excluded, or counted anew",
                 judgement.agreement.id, core::to_text(told.open->begin));
    told.open.reset();
    return;
  }
  told.open = same->span;
  if (goes_on(*same, judgement, now)) return;
  tell_over(judgement, *same, "incident over");
  told.runs.push_back(*same);
  put_in_order(told.runs);
  told.open.reset();
}

void IncidentLog::tell_new(const Judgement& judgement, const std::vector<LossRun>& runs,
                           Instant now, Told& told) {
  std::vector<LossRun> past;
  for (const LossRun& run : runs) {
    const bool known =
        (told.open && told.open->overlaps(run.span)) || overlaps_any(told.runs, run.span);
    if (known) continue;
    if (goes_on(run, judgement, now)) {
      spdlog::warn("{}: incident since {}: {} so far", judgement.agreement.id,
                   core::to_text(run.span.begin), requests_words(run));
      told.open = run.span;
    } else {
      past.push_back(run);
    }
  }
  if (past.size() <= kMostAtOnce) {
    for (const LossRun& run : past) tell_over(judgement, run, "incident became known");
  } else {
    const core::Interval span{past.front().span.begin, past.back().span.end};
    spdlog::warn("{}: {} incidents became known, from {} to {}; what was lost in that time {}",
                 judgement.agreement.id, past.size(), core::to_text(span.begin),
                 core::to_text(span.end), cost_words(judgement, cost_of(judgement, span)));
  }
  told.runs.insert(told.runs.end(), past.begin(), past.end());
  put_in_order(told.runs);
}

// Whether the commitment is met by now, and whether it can be met at all.
void IncidentLog::tell_standing(const Judgement& judgement, Told& told) {
  const core::Assessment& a = judgement.assessment;
  const Standing now = a.met              ? Standing::met
                       : a.breach_certain ? Standing::certain
                                          : Standing::below;
  if (now == told.standing) return;
  const std::string what =
      fmt::format("{} {}", judgement.agreement.id, core::to_text(a.cycle.month));
  const std::string figures = fmt::format("{} of {} % promised", percent_words(a.uptime),
                                          judgement.version->commitment_text);
  switch (now) {
    case Standing::certain:
      spdlog::warn(
          "{}: breach: the commitment cannot be met any more, whatever is still to come: "
          "{}",
          what, figures);
      break;
    case Standing::below:
      spdlog::warn("{}: below its commitment by now, and the rest can still lift it: {}", what,
                   figures);
      break;
    case Standing::met: spdlog::info("{}: keeps its commitment again: {}", what, figures); break;
  }
  told.standing = now;
}

}  // namespace recoup::service
