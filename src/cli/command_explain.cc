#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/print_standing.h"
#include "cli/system_clock.h"
#include "cli/terminal.h"
#include "cli/workspace.h"
#include "monitor/explain.h"

namespace recoup::cli {
namespace {

using core::Ratio;
using monitor::Explanation;

std::string to_text(core::IntervalState state) {
  switch (state) {
    case core::IntervalState::measured: return "measured";
    case core::IntervalState::silent: return "silent: no Request was made";
    case core::IntervalState::excluded: return "excluded";
    case core::IntervalState::ahead: return "ahead: it has not begun";
  }
  return {};
}

std::string fraction(const Ratio& value) {
  return fmt::format("{}/{} = {}", value.numerator(), value.denominator(), percent(value));
}

void print_requests(const core::IntervalPart& part) {
  std::string text =
      fmt::format("{}, of which {} Errors", grouped(part.requests), grouped(part.errors));
  if (part.requests > 0) {
    text += ": Availability " +
            fraction(Ratio::whole(part.requests - part.errors) / Ratio::whole(part.requests));
  }
  say("  Requests   " + text);
}

void print_outcomes(const Explanation& about) {
  if (about.outcomes.empty()) return;
  Table table({"OUTCOME", "COUNT", "COUNTS AS", "BECAUSE"});
  for (const auto& one : about.outcomes) {
    table.add({core::to_text(one.outcome), grouped(one.count),
               std::string(core::to_text(one.counts_as.verdict)), one.counts_as.clause});
  }
  table.print();
}

void print_missed(const Explanation& about) {
  if (about.part().missed == 0) return;
  say(fmt::format("  missed     {} probes were due and not sent: our own fault, not counted",
                  grouped(about.part().missed)));
  for (const core::Gap& gap : about.gaps) {
    say(fmt::format("    {} of them from {} to {}: Recoup did not run (a probe every {})",
                    grouped(gap.due(about.span)), core::to_text(gap.span.begin),
                    core::to_text(gap.span.end), core::to_text(gap.every)));
  }
}

void print_evidence(const Explanation& about) {
  if (about.evidence.empty()) return;
  say("  evidence");
  Table table({"AT", "OUTCOME", "TOOK", "REQUEST ID", "PEER", "DETAIL"});
  for (const core::Evidence& one : about.evidence) {
    table.add({core::to_text(one.at), core::to_text(one.outcome),
               fmt::format("{} ms", one.duration.count()), one.request_id, one.peer, one.detail});
  }
  table.print();
  const std::uint64_t more = about.evidence_in_all - about.evidence.size();
  if (more > 0) say(fmt::format("  and {} more", grouped(more)));
}

void print(const Explanation& about) {
  const core::Assessment& a = about.standing.assessment;
  say(title(about.standing));
  say(fmt::format("  interval   {} to {}, number {} of {} in {}", core::to_text(about.span.begin),
                  core::to_text(about.span.end), grouped(about.index + 1), grouped(a.parts.size()),
                  core::to_text(a.cycle.month)));
  say("  state      " + to_text(about.part().state));
  print_requests(about.part());
  print_outcomes(about);
  print_missed(about);
  for (const core::ExclusionWindow& window : about.exclusions) {
    say(fmt::format("  excluded   {} to {}: {}", core::to_text(window.span.begin),
                    core::to_text(window.span.end), window.reason));
  }
  say("  verdict    " + about.why);
  say(fmt::format("  its loss   {} of the month's uptime; the month lost {}", fraction(about.loss),
                  percent(Ratio(1, 1) - a.uptime)));
  print_evidence(about);
}

}  // namespace

Exit explain(const ExplainOptions& options) {
  const auto settings = load(options.config);
  if (!settings) return complain(settings.error(), kWrongWords);
  const auto agreement = pick(*settings, options.agreement);
  if (!agreement) return complain(agreement.error(), kWrongWords);
  const auto ledger = open(*settings);
  if (!ledger) return complain(ledger.error(), kCouldNot);
  const auto about = monitor::explain(**ledger, **agreement, options.at, SystemClock().wall());
  if (!about) return complain(about.error(), kCouldNot);
  print(*about);
  return kDone;
}

}  // namespace recoup::cli
