#include "cli/print_explanation.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/print_judgement.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "core/figures.h"
#include "core/text.h"

namespace recoup::cli {
namespace {

using core::Ratio;
using judge::Explanation;

std::string state_in_words(core::IntervalState state) {
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

void print_requests(const Explanation& about) {
  const core::IntervalPart part = about.part();
  std::string text = fmt::format("{}, of which {} Errors", core::grouped(part.requests),
                                 core::grouped(part.errors));
  const auto availability = core::availability(part);
  if (availability) text += ": Availability " + fraction(*availability);
  if (part.state == core::IntervalState::excluded) text += "; excluded: they count as nothing";
  say(labelled("Requests", text));
}

void print_outcomes(const Explanation& about) {
  if (about.outcomes.empty()) return;
  TextTable table({Column("OUTCOME").cut_to(20), Column("COUNT").right(), "COUNTS AS",
                   Column("BECAUSE").broken_to(24)});
  for (const auto& one : about.outcomes) {
    const core::Verdict verdict = one.counts_as.verdict;
    if (about.is_excluded(verdict)) {
      table.add({core::to_text(one.outcome), core::grouped(one.count), "excluded",
                 fmt::format("an exclusion touches the interval; else {}: {}",
                             core::to_text(verdict), one.counts_as.clause)});
    } else {
      table.add({core::to_text(one.outcome), core::grouped(one.count),
                 std::string(core::to_text(verdict)), one.counts_as.clause});
    }
  }
  table.print();
}

std::string_view gap_words(core::NotSent reason) {
  switch (reason) {
    case core::NotSent::suspended: return "the machine was suspended";
    case core::NotSent::clock: return "the wall clock jumped over it";
    default: return "Recoup did not run";
  }
}

void print_missed(const Explanation& about) {
  if (about.part().missed == 0) return;
  say(labelled("missed",
               fmt::format("{} probes were due and not measured: our own fault, not counted",
                           core::grouped(about.part().missed))));
  for (const core::Gap& gap : about.gaps) {
    const std::string what = gap.targets == 1 ? "a probe" : core::counted(gap.targets, "target");
    say(fmt::format("    {} of them from {} to {}: {} ({} every {})",
                    core::grouped(gap.due(about.span)), core::to_text(gap.span.begin),
                    core::to_text(gap.span.end), gap_words(gap.reason), what,
                    core::to_text(gap.every)));
  }
}

// Evidence holds what others sent: nothing in it may steer a terminal.
std::string shown(std::string text) {
  const auto control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  std::replace_if(text.begin(), text.end(), control, '?');
  return text;
}

void print_evidence(const Explanation& about) {
  if (about.evidence_in_all == 0) return;
  say(labelled("evidence", fmt::format("{} of {} records", core::grouped(about.evidence.size()),
                                       core::grouped(about.evidence_in_all))));
  if (about.evidence.empty()) return;
  TextTable table({"AT", Column("OUTCOME").cut_to(12), Column("TOOK").right().goes(2),
                   Column("REQUEST ID").cut_to(12), Column("PEER").goes(3),
                   Column("DETAIL").broken_to(16).goes(1)});
  for (const record::Evidence& one : about.evidence) {
    table.add({core::to_text(one.at), core::to_text(one.outcome),
               fmt::format("{} ms", one.duration.count()), shown(one.request_id), one.peer,
               shown(one.detail)});
  }
  table.print();
}

}  // namespace

void print_explanation(const Explanation& about) {
  const core::Assessment& a = about.judgement.assessment;
  say(prose(title(about.judgement)));
  say(labelled("interval",
               fmt::format("{} to {}, number {} of {} in {}", core::to_text(about.span.begin),
                           core::to_text(about.span.end), core::grouped(about.index + 1),
                           core::grouped(a.parts.size()), core::to_text(a.cycle.month))));
  say(labelled("state", state_in_words(about.part().state)));
  print_requests(about);
  print_outcomes(about);
  print_missed(about);
  print_exclusions(about.exclusions);
  say(labelled("verdict", about.why));
  say(labelled("its loss",
               fmt::format("{} of the month's uptime; the month lost {}", fraction(about.loss),
                           a.is_measured() ? percent(core::loss(a))
                                           : "nothing that was measured: no Request of it was")));
  print_evidence(about);
}

}  // namespace recoup::cli
