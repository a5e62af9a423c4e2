#include "cli/print_standing.h"

#include <fmt/format.h>

#include "cli/terminal.h"

namespace recoup::cli {
namespace {

constexpr int kDigits = 12;

std::string percent(const core::Ratio& share) {
  return (share * core::Ratio::whole(100)).to_decimal(kDigits, core::Rounding::cut) + " %";
}

std::string title(const core::Standing& standing) {
  std::string text = fmt::format("{}: {}", standing.agreement.id, standing.rule->service);
  if (!standing.agreement.region.empty()) text += ", " + standing.agreement.region;
  text += fmt::format(" ({}, version of {})", standing.rule->id,
                      core::to_text(standing.version->effective));
  if (standing.agreement.practice) text += " - PRACTICE DATA";
  return text;
}

std::string verdict(const core::Standing& standing) {
  const core::Assessment& a = standing.assessment;
  if (a.met) return a.complete ? "commitment met" : "commitment met so far";
  return a.complete ? "COMMITMENT NOT MET" : "COMMITMENT NOT MET even if the rest is perfect";
}

void print_counts(const core::Totals& t, std::size_t intervals) {
  say(fmt::format("  intervals  {}: {} measured, {} silent, {} excluded, {} ahead; {} below 100 %",
                  grouped(intervals), grouped(t.measured), grouped(t.silent), grouped(t.excluded),
                  grouped(t.ahead), grouped(t.below_100)));
  say(
      fmt::format("  Requests   {}, of which {} Errors; not counted: {} without an answer, {} "
                  "unattributed, {} probes missed",
                  grouped(t.requests), grouped(t.errors), grouped(t.not_requests),
                  grouped(t.unattributed), grouped(t.missed)));
}

void print_credit(const core::Standing& standing) {
  const core::Credit& credit = standing.credit;
  if (credit.amount && credit.share > core::Ratio()) {
    say(fmt::format("  credit     {} of {} ({}) = {}",
                    (credit.share * core::Ratio::whole(100)).to_shortest(kDigits) + " %",
                    core::to_text(credit.charge->amount), credit.charge->from,
                    core::to_text(*credit.amount)));
  }
  say(fmt::format("  {}  {}", credit.eligible ? "eligible " : "no claim ", credit.reason));
  if (!credit.eligible) return;
  if (standing.assessment.deadline) {
    say(fmt::format("  deadline   {} (safe reading), {} (literal reading)",
                    core::to_text(standing.assessment.deadline->safe),
                    core::to_text(standing.assessment.deadline->literal)));
  }
  const std::string month = core::to_text(standing.assessment.cycle.month);
  say(fmt::format("  next       recoup claim --agreement {} --month {} --out claim-{}",
                  standing.agreement.id, month, month));
}

}  // namespace

void print_standing(const core::Standing& standing) {
  const core::Assessment& a = standing.assessment;
  say(title(standing));
  say(fmt::format("  cycle      {} from {} to {}{}", core::to_text(a.cycle.month),
                  core::to_text(a.cycle.span.begin), core::to_text(a.cycle.span.end),
                  a.complete ? "" : ", still running"));
  say(fmt::format("  uptime     {} of {} % promised: {}", percent(a.uptime),
                  standing.version->commitment_text, verdict(standing)));
  say(fmt::format("  bounds     {} to {} if the missed probes had failed or been served",
                  percent(a.lower), percent(a.upper)));
  print_counts(a.totals, a.parts.size());
  if (a.smallest_loss) {
    say(fmt::format("  resolution one Error in the best sampled interval costs {}",
                    percent(*a.smallest_loss)));
  }
  print_credit(standing);
}

}  // namespace recoup::cli
