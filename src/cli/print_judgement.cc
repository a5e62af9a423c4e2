#include "cli/print_judgement.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/print_charge.h"
#include "cli/rule_words.h"
#include "cli/terminal.h"
#include "core/compare.h"
#include "core/text.h"
#include "record/claim_life.h"
#include "report/asides.h"
#include "report/contract_words.h"
#include "report/incident_words.h"
#include "report/otherwise_words.h"
#include "report/robustness_words.h"

namespace recoup::cli {
namespace {

// "8,900 of 8,928 intervals measured": no figure stands without it.
std::string measured(const core::Assessment& a) {
  return fmt::format("{} of {} intervals{} measured", core::grouped(a.totals.measured),
                     core::grouped(a.parts.size() - a.totals.ahead), a.complete ? "" : " so far");
}

std::string verdict(const core::Assessment& a) {
  if (a.met) return a.complete ? "commitment met" : "commitment met so far";
  if (a.complete) return "COMMITMENT NOT MET";
  return a.breach_certain ? "COMMITMENT NOT MET even if the rest is perfect"
                          : "COMMITMENT NOT MET so far; the rest can still lift it";
}

// The verdict catches the eye where there is one.
std::string in_verdicts_colour(std::string line, const core::Assessment& a) {
  const std::string_view words = a.met ? "commitment met" : "COMMITMENT NOT MET";
  const auto at = line.find(words);
  if (at != std::string::npos) {
    line.replace(at, words.size(), painted(a.met ? Paint::good : Paint::bad, words));
  }
  return line;
}

// A breach is certain by the intervals that are closed, and by what was read of these: a log that
// is imported later may hold more of their Requests.
std::string certainty(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  if (a.breach_certain) {
    return fmt::format("certain, by what was read of the intervals until {}",
                       core::to_text(a.closed_until));
  }
  const bool waits =
      !a.met && !std::holds_alternative<core::RequestRatio>(judgement.version->formula);
  return waits ? fmt::format("not certain while what is behind {} is open",
                             core::to_text(a.closed_until))
               : "not certain";
}

// How much more may be lost while the cycle runs, or by how much it is too much.
void print_budget(const core::Judgement& judgement) {
  constexpr int kBudgetPlaces = 6;
  const core::Assessment& a = judgement.assessment;
  const bool of_requests = std::holds_alternative<core::RequestRatio>(judgement.version->formula);
  const bool over = a.budget_left < core::Ratio();
  const std::string what =
      of_requests ? "failed Requests of those so far"
                  : fmt::format("whole intervals of {}", core::to_text(core::Millis(a.interval)));
  say(labelled(
      "budget",
      fmt::format("{} more {} are {}: a breach is {}",
                  (over ? core::Ratio() - a.budget_left : a.budget_left).to_shortest(kBudgetPlaces),
                  what, over ? "lost than may be" : "in it", certainty(judgement))));
}

// What looks like a failure and is in none of the figures above.
void print_uncounted(const core::UncountedFailures& uncounted) {
  constexpr std::size_t kMost = 5;
  if (uncounted.total() == 0) return;
  say(prose(fmt::format("  NOT COUNTED {} of 5xx that are no Errors by the contract:",
                        core::counted(uncounted.total(), "answer"))));
  const std::size_t shown = std::min(kMost, uncounted.outcomes.size());
  for (std::size_t i = 0; i < shown; ++i) {
    say(prose("    " + core::to_text(uncounted.outcomes[i])));
  }
  if (shown < uncounted.outcomes.size()) {
    say(fmt::format("    and {} other outcomes; --json has them",
                    uncounted.outcomes.size() - shown));
  }
}

// Every time a probe was due is accounted for: it was sent, or missed for a reason.
void print_probes(const core::ProbesDue& probes) {
  if (probes.due() == 0) return;
  std::string missed;
  for (const auto reason : core::kNotSents) {
    const std::uint64_t count = probes.missed[static_cast<std::size_t>(reason)];
    if (count != 0)
      missed += fmt::format(", {} missed ({})", core::grouped(count), core::to_text(reason));
  }
  say(labelled("probes", fmt::format("{} due, {} sent{}", core::grouped(probes.due()),
                                     core::grouped(probes.sent), missed)));
}

// The gravest differences with each log that is compared.
void print_comparisons(const core::Assessment& a) {
  constexpr std::size_t kMost = 5;
  for (const core::Comparison& comparison : a.comparisons) {
    std::vector<core::Difference> all = core::differences(a, comparison);
    if (all.empty()) continue;
    const std::size_t count = all.size();
    say(labelled("differing", fmt::format("in {} from the log {}, the most in:",
                                          core::counted(count, "interval"), comparison.log)));
    for (const core::Difference& one : core::worst(std::move(all), kMost)) {
      say(prose(
          fmt::format("    {}  {} and {} counted, {} and {} in it", core::to_text(one.span.begin),
                      core::counted(one.counted.requests, "Request"),
                      core::counted(one.counted.errors, "Error"),
                      core::grouped(one.compared.requests), core::grouped(one.compared.errors))));
    }
    if (count > kMost) say(fmt::format("    and {} others; --json has them", count - kMost));
  }
}

std::string end_text(core::Instant end) {
  return end == core::kOpenEnd ? "now and later" : core::to_text(end);
}

std::string excluded_text(const core::ExclusionWindow& window) {
  return fmt::format("{} to {}: {}", core::to_text(window.span.begin), end_text(window.span.end),
                     window.reason);
}

std::string_view running(const core::Assessment& a) {
  if (a.complete) return "";
  return a.has_begun() ? ", still running" : ", not begun";
}

std::string uptime(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  if (!a.has_begun()) return "nothing to judge: the cycle has not begun";
  if (!a.is_measured()) {
    const auto runs = a.parts.runs();
    const bool seen = std::any_of(runs.begin(), runs.end(), [](const core::IntervalRun& run) {
      return run.part.requests > 0;
    });
    return fmt::format(
        "not measured{}: {}", a.complete ? "" : " yet",
        seen ? "every Request of the cycle is excluded" : "no Request of the cycle is known");
  }
  return fmt::format("{} of {} % promised: {}; {}", percent(a.uptime),
                     judgement.version->commitment_text, verdict(a), measured(a));
}

// Of what was measured alone; bounds where they are apart from the uptime.
void print_bounds(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  if (!a.is_measured()) return;
  if (!a.complete) print_budget(judgement);
  if (a.lower == a.uptime && a.upper == a.uptime) return;
  say(labelled("bounds",
               fmt::format("{} to {} if every {} had failed or been served", percent(a.lower),
                           percent(a.upper), report::not_sent_words(a.totals))));
}

void print_exclusions(const core::Assessment& a) {
  for (const core::ExclusionEffect& effect : a.exclusions) {
    std::string text = excluded_text(effect.window);
    // What silence alone comes to is no figure.
    if (a.is_measured() || effect.uptime_without != core::Ratio(1, 1))
      text += "; without it " + percent(effect.uptime_without);
    if (a.is_measured() && effect.uptime_without > a.uptime) text += ": it lowers the uptime";
    say(labelled("excluded", text));
  }
}

std::string tier(const core::Judgement& judgement) {
  const auto& reached = judgement.assessment.tier;
  return reached ? brief_percent(judgement.version->credits[*reached].credit) : "no credit";
}

std::string amount(const core::Judgement& judgement) {
  const core::Credit& credit = judgement.credit;
  if (!credit.amount) return "no amount known";
  return core::to_text(*credit.amount) + (credit.eligible ? "" : " (no claim)");
}

std::string bare_uptime(const core::Assessment& a) {
  return a.is_measured() ? percent(a.uptime) : "not measured";
}

std::string compared(std::string_view name, const std::string& other, const std::string& own) {
  return other == own ? fmt::format("{} {} by both", name, own)
                      : fmt::format("{} {} instead of {}", name, other, own);
}

// What another reading comes to is said where it comes to something else.
std::vector<std::string> differing_readings(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  core::Judgement differing = judgement;
  std::erase_if(differing.otherwise, [&](const core::Otherwise& one) {
    return one.measured == a.is_measured() && one.uptime == a.uptime && one.tier == a.tier &&
           one.credit.eligible == judgement.credit.eligible;
  });
  return report::otherwise_words(differing);
}

// There is no claim to write.
void print_due(const core::CreditDue& due) {
  say(labelled("automatic", fmt::format("the credit comes by itself: watch the bill until {}{}",
                                        core::to_text(due.by),
                                        due.disputed ? fmt::format(", in a dispute until {}",
                                                                   core::to_text(*due.disputed))
                                                     : "")));
}

void print_credit(const core::Judgement& judgement) {
  const core::Credit& credit = judgement.credit;
  if (credit.charge) {
    say(labelled("charges",
                 fmt::format("{} ({})", exact_text(credit.charge->amount), credit.charge->from)));
  }
  if (credit.amount && credit.share > core::Ratio()) {
    const std::string exact = exact_text(*credit.amount);
    const std::string shown = core::to_text(*credit.amount);
    say(labelled("credit",
                 fmt::format("{} of the charges = {}{}", brief_percent(credit.share), exact,
                             exact == shown ? "" : fmt::format(", cut to {}", shown))));
  }
  if (credit.capped) {
    say(labelled("at most", "the contract credits no more than that for a cycle"));
  }
  say(labelled(credit.eligible ? "eligible" : "no claim", credit.reason));
  if (!credit.eligible) return;
  if (judgement.assessment.due) return print_due(*judgement.assessment.due);
  if (judgement.assessment.not_before) {
    say(labelled("not before",
                 fmt::format("{} ({})", core::to_text(*judgement.assessment.not_before),
                             not_before_in_words(*judgement.version->claim.not_before))));
  }
  if (const std::string first = report::notice_words(judgement); !first.empty()) {
    say(labelled("first", first));
  }
  if (const auto& deadline = judgement.assessment.deadline) {
    const std::string safe = core::to_text(deadline->safe);
    const std::string literal = core::to_text(deadline->literal);
    say(labelled("deadline",
                 safe == literal
                     ? safe
                     : fmt::format("{} (safe reading), {} (literal reading)", safe, literal)));
  }
  const std::string month = core::to_text(judgement.assessment.cycle.month);
  say(fmt::format("  next       recoup claim --agreement {} --month {} --out {}",
                  judgement.agreement.id, month,
                  record::claim_folder(judgement.agreement.id, judgement.assessment.cycle.month)));
}

}  // namespace

std::string title(const core::Judgement& judgement) {
  std::string text = fmt::format("{}: {}", judgement.agreement.id, judgement.rule->service);
  if (!judgement.agreement.region.empty()) text += ", " + judgement.agreement.region;
  text += fmt::format(" ({}, {})", judgement.rule->id, report::version_words(*judgement.version));
  if (judgement.agreement.practice) text += " - PRACTICE DATA";
  return text;
}

void print_counts(const core::Totals& t, std::size_t intervals) {
  say(labelled(
      "intervals",
      fmt::format("{}: {} measured, {} silent, {} excluded, {} ahead; {} below 100 %",
                  core::grouped(intervals), core::grouped(t.measured), core::grouped(t.silent),
                  core::grouped(t.excluded), core::grouped(t.ahead), core::grouped(t.below_100))));
  say(labelled(
      "Requests",
      fmt::format("{}, of which {} Errors; not counted: {} that are none by the contract, "
                  "{} unattributed, {} probes missed{}",
                  core::grouped(t.requests), core::grouped(t.errors), core::grouped(t.not_requests),
                  core::grouped(t.unattributed), core::grouped(t.missed),
                  t.refused == 0
                      ? ""
                      : fmt::format(", {} refused for our own fault", core::grouped(t.refused)))));
}

void print_exclusions(const std::vector<core::ExclusionWindow>& windows) {
  for (const core::ExclusionWindow& window : windows) {
    say(labelled("excluded", excluded_text(window)));
  }
}

std::string difference(const core::Judgement& own, const core::Judgement& other) {
  return fmt::format("difference {}; {}; {}",
                     compared("uptime", bare_uptime(other.assessment), bare_uptime(own.assessment)),
                     compared("tier", tier(other), tier(own)),
                     compared("credit", amount(other), amount(own)));
}

void print_judgement(const core::Judgement& judgement, const std::string& sealed) {
  const core::Assessment& a = judgement.assessment;
  say(prose(title(judgement)));
  if (judgement.version->status == core::Status::partial) {
    say(labelled("contract", status_in_words(*judgement.version)));
  }
  say(labelled("cycle",
               fmt::format("{} from {} to {}{}{}", core::to_text(a.cycle.month),
                           core::to_text(a.cycle.span.begin), core::to_text(a.cycle.span.end),
                           a.cycle.in_part ? ", used in part" : "", running(a))));
  say(in_verdicts_colour(labelled("uptime", uptime(judgement)), a));
  print_bounds(judgement);
  print_counts(a.totals, a.parts.size());
  print_uncounted(a.uncounted);
  for (const std::string& sentence : report::text_asides(judgement)) say(aside(sentence));
  for (const std::string& sentence : report::asides(a)) say(aside(sentence));
  print_comparisons(a);
  print_probes(a.probes);
  print_exclusions(a);
  if (a.smallest_loss) {
    say(labelled("resolution", fmt::format("one Error in the best sampled interval costs {}",
                                           percent(*a.smallest_loss))));
  }
  if (!sealed.empty()) say(labelled("sealed", sealed));
  for (const std::string& sentence : differing_readings(judgement)) say(aside(sentence));
  for (const std::string& sentence : report::robustness_words(judgement)) say(aside(sentence));
  for (const std::string& sentence : report::incident_words(judgement)) say(aside(sentence));
  print_credit(judgement);
}

}  // namespace recoup::cli
