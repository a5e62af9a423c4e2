#include <fmt/format.h>

#include "cli/print_explanation.h"
#include "cli/print_judgement.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "core/figures.h"
#include "core/text.h"

namespace recoup::cli {
namespace {

using core::Ratio;
using judge::Costs;

// After the point of a percentage point: a Request of millions shows.
constexpr int kCostPlaces = 12;
// After the point of a share of the loss or the budget.
constexpr int kSharePlaces = 2;

std::string points(const Ratio& cost) {
  return (cost * Ratio::whole(100)).to_decimal(kCostPlaces, core::Rounding::cut);
}

std::string share(const std::optional<Ratio>& part) {
  if (!part) return "";
  return (*part * Ratio::whole(100)).to_decimal(kSharePlaces, core::Rounding::cut) + " %";
}

std::string period_line(const Costs& costs) {
  const core::Judgement& judgement = costs.judgement;
  const auto* day = std::get_if<core::Date>(&costs.period);
  return labelled(
      day ? "day" : "month",
      fmt::format("{}, {}: {} to {}, {} intervals of {}",
                  day ? core::to_text(*day) : core::to_text(std::get<core::Month>(costs.period)),
                  judgement.zone.name(), core::to_text(costs.span.begin),
                  core::to_text(costs.span.end), core::grouped(costs.end - costs.first),
                  core::to_text(core::Millis(judgement.assessment.interval))));
}

std::string run_text(const std::optional<judge::Run>& run) {
  if (!run) return "";
  return fmt::format("{} minutes from {}", core::grouped(run->minutes()),
                     core::to_text(run->span.begin));
}

void print_intervals(const Costs& costs) {
  if (costs.intervals.empty()) {
    say("  no interval in it takes from the uptime");
    return;
  }
  say(prose(
      fmt::format("  the costliest {} of its {} lost intervals, in percentage points of the "
                  "month's uptime",
                  core::grouped(costs.intervals.size()), core::grouped(costs.totals.below_100))));
  TextTable table({"BEGIN", Column("REQUESTS").right().goes(2), Column("ERRORS").right(),
                   Column("AVAILABILITY").right().goes(3), Column("POINTS").right().goes(1),
                   Column("OF ALL LOSS").right(), Column("MOSTLY").cut_to(20),
                   Column("DOWNTIME PERIOD").goes(4)});
  for (const judge::CostlyInterval& one : costs.intervals) {
    const core::IntervalPart part = costs.judgement.assessment.parts[one.index];
    table.add({core::to_text(one.span.begin), core::grouped(part.requests),
               core::grouped(part.errors), brief_percent(*core::availability(part)),
               points(one.cost), share(costs.share_of_loss(one.cost)),
               fmt::format("{} ({})", core::to_text(one.mostly), core::grouped(one.mostly_errors)),
               run_text(one.run)});
  }
  table.print();
}

void print_outcomes(const Costs& costs) {
  if (costs.outcomes.empty()) return;
  TextTable table({Column("OUTCOME").cut_to(20), Column("COUNT").right(), "COUNTS AS",
                   Column("EXCLUDED").right().goes(2), Column("POINTS").right().goes(1),
                   Column("OF ALL LOSS").right()});
  for (const judge::OutcomeCost& one : costs.outcomes) {
    const bool costly = one.cost > Ratio();
    table.add({core::to_text(one.outcome), core::grouped(one.count),
               std::string(core::to_text(one.counts_as.verdict)),
               one.excluded > 0 ? core::grouped(one.excluded) : "", costly ? points(one.cost) : "",
               costly ? share(costs.share_of_loss(one.cost)) : ""});
  }
  table.print();
}

void print_loss(const Costs& costs) {
  if (!costs.judgement.assessment.is_measured()) {
    return say(labelled("its loss", "not known: no Request of the month was measured"));
  }
  std::string text = percent(costs.loss) + " of the month's uptime";
  if (std::holds_alternative<core::Date>(costs.period)) {
    text += fmt::format("; the month lost {}", percent(costs.month_loss));
    if (costs.month_loss > Ratio()) {
      text += fmt::format(", {} of it on this day", share(costs.share_of_loss(costs.loss)));
    }
  }
  say(labelled("its loss", text));
  const auto of_budget = costs.share_of_budget(costs.loss);
  say(labelled("budget",
               fmt::format("{} may be lost in a month{}", brief_percent(costs.budget),
                           of_budget ? ": its loss is " + share(of_budget) + " of that" : "")));
}

}  // namespace

void print_costs(const Costs& costs) {
  say(prose(title(costs.judgement)));
  say(period_line(costs));
  print_intervals(costs);
  print_loss(costs);
  print_counts(costs.totals, costs.end - costs.first);
  print_exclusions(costs.exclusions);
  print_outcomes(costs);
}

}  // namespace recoup::cli
