#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_month.h"
#include "web/pages/page_standing.h"

namespace recoup::web {
namespace {

using record::ClaimState;
using report::paragraph;

std::string promised(const core::Standing& standing) {
  return fmt::format("<strong>{} %</strong>",
                     report::escape_html(standing.version->commitment_text));
}

// "A Service Credit of 184.50 USD is due": what the credit comes to, as far as is known.
std::string credit_words(const core::Standing& standing) {
  const core::Credit& credit = standing.credit;
  if (!gives_credit(standing)) {
    const bool enough =
        !standing.assessment.complete && credit.amount && credit.share > core::Ratio();
    return enough ? "The contract gives no credit that small."
                  : fmt::format("There is no credit: {}.", report::outside_html(credit.reason));
  }
  const std::string when =
      standing.assessment.complete ? "is due" : "is due when the month is over";
  return fmt::format("A Service Credit of <strong>{}</strong> {}.", credit_html(standing), when);
}

// What was not looked at kept no promise: how much was, where that is not all.
std::string as_far_as_measured(const core::Standing& standing) {
  const core::Totals& totals = standing.assessment.totals;
  if (totals.silent + totals.excluded == 0) return {};
  return ", by " + measured_text(standing);
}

std::string sentence(const MonthView& view) {
  const core::Standing& standing = *view.standing;
  const std::string month = report::month_name(view.month());
  const std::string uptime = uptime_html(standing);
  switch (state_of(standing)) {
    case State::silent:
      return fmt::format("In {}, {} was not measured{}.", month, subject_html(standing),
                         view.running ? " yet" : "");
    case State::met:
      return fmt::format("In {}{}, {} {} its promise: <strong>{}</strong>, not less than {}{}.",
                         month, view.running ? " so far" : "", subject_html(standing),
                         view.running ? "keeps" : "kept", uptime, promised(standing),
                         as_far_as_measured(standing));
    case State::below:
      return fmt::format(
          "In {} so far, {} is at <strong class=\"bad\">{}</strong>, less than the "
          "{} that its contract commits to. What is not over yet can still lift it.",
          month, subject_html(standing), uptime, promised(standing));
    case State::certain: break;
  }
  // A log that is imported later may hold more Requests of intervals that are over.
  const std::string by =
      view.running
          ? fmt::format(
                " By what was read of the {}s until {}, nothing that is still to "
                "come can lift it to that.",
                view.words.noun, moment_html(view.assessment().closed_until, standing.zone))
          : "";
  return fmt::format(
      "In {}{}, {} {} <strong class=\"bad\">{}</strong>, less than the {} that its "
      "contract commits to.{} {}",
      month, view.running ? " so far" : "", subject_html(standing), view.running ? "is at" : "had",
      uptime, promised(standing), by, credit_words(standing));
}

// What the sentence does not know of and a reader must: an outage may hide there.
std::string uncounted_sentence(const MonthView& view) {
  const std::string text = uncounted_text(*view.standing);
  if (text.empty()) return {};
  return fmt::format(" Not counted: <a class=\"bad\" href=\"#uncounted\">{}</a>.", text);
}

std::string figure(std::string_view name, const std::string& value, const std::string& more) {
  return fmt::format("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>\n", name, value, more);
}

std::string bounds(const core::Standing& standing) {
  const core::Assessment& a = standing.assessment;
  if (a.lower == a.upper || !a.is_measured()) return {};
  return fmt::format("<br>between {} and {} % by what was not sent",
                     report::uptime_text(*standing.version, a.lower),
                     report::uptime_text(*standing.version, a.upper));
}

std::string budget_figure(const MonthView& view) {
  const BudgetText budget = budget_text(*view.standing);
  return figure(view.running ? "Budget left" : "Budget left over", budget.number,
                budget.unit + used_bar_html(*view.standing));
}

std::string credit_figure(const core::Standing& standing) {
  const core::Credit& credit = standing.credit;
  if (!standing.assessment.is_measured()) {
    return figure("Service Credit", "not known", "nothing was measured");
  }
  if (credit.share == core::Ratio()) return figure("Service Credit", "none", "no tier reached");
  std::string more = fmt::format("{} %", report::short_percent(credit.share));
  more += credit.charge ? " of " + claim::money_html(credit.charge->amount)
                        : std::string(" of charges that are not known");
  return figure("Service Credit", credit.amount ? claim::money_html(*credit.amount) : "not known",
                more);
}

std::string deadline_figure(const MonthView& view) {
  const auto& deadline = view.assessment().deadline;
  if (!deadline || !gives_credit(*view.standing)) return {};
  std::string more;
  const core::Zone& zone = view.standing->zone;
  if (!is_utc(zone)) more = report::escape_html(local_text(deadline->safe, zone)) + "<br>";
  more += deadline->literal == deadline->safe
              ? "by every reading of the contract"
              : fmt::format("{} by its literal reading", deadline_text(deadline->literal));
  return figure("Claim before", deadline_text(deadline->safe), more);
}

std::string figures(const MonthView& view) {
  const core::Standing& standing = *view.standing;
  const core::Totals& totals = view.assessment().totals;
  std::string html = "<dl class=\"figures\">\n";
  html += credit_figure(standing);
  html +=
      figure(view.running ? "Uptime to date" : "Monthly Uptime Percentage", uptime_html(standing),
             fmt::format("committed: {} %{}",
                         report::escape_html(standing.version->commitment_text), bounds(standing)));
  html += budget_figure(view);
  html +=
      figure("Lost",
             view.assessment().is_measured() ? report::counted(totals.below_100, view.words.noun)
                                             : "not known",
             "of " + report::grouped(view.assessment().parts.size()));
  // A figure of a month that was hardly looked at says little: how much of it was is beside it.
  html +=
      figure("Measured", report::counted(totals.measured, view.words.noun),
             fmt::format("of {}{}", report::grouped(view.assessment().parts.size() - totals.ahead),
                         view.running ? " so far" : ""));
  html += figure("Errors", report::grouped(totals.errors),
                 "of " + report::counted(totals.requests, "Request"));
  return html + deadline_figure(view) + "</dl>\n";
}

std::string command(const std::string& words) {
  // A line ends between words alone: many of them have hyphens.
  std::string html = "<code class=\"command\"><span>" + report::escape_html(words);
  for (auto at = html.find(' ', html.find("<span>")); at != std::string::npos;) {
    constexpr std::string_view kBetween = "</span> <span>";
    html.replace(at, 1, kBetween);
    at = html.find(' ', at + kBetween.size());
  }
  return html + "</span></code>";
}

std::string of_month(const MonthView& view) {
  return fmt::format("--agreement {} --month {}", view.id(), core::to_text(view.month()));
}

std::string write_command(const MonthView& view) {
  return command(fmt::format("recoup claim {} --out {}", of_month(view),
                             record::claim_folder(view.id(), view.month())));
}

std::string mark_command(const MonthView& view, std::string_view step) {
  return command(fmt::format("recoup claims mark {} {}", of_month(view), step));
}

// Why nobody can say what the service cost: nothing names it, or what is named does not hold it.
std::string charge_missing(const core::Credit& credit) {
  const std::string& why = credit.charge_error;
  if (!why.empty()) {
    return fmt::format(
        " What the service cost is not known: what is named under <code>[agreement.charges]</code> "
        "does not say it yet ({}).",
        report::outside_html(why.substr(0, why.find('\n'))));
  }
  return " What the service cost is not known: name a bill or a price book under "
         "<code>[agreement.charges]</code> in recoup.toml.";
}

// What is missing before anybody can claim.
std::string lacking(const MonthView& view) {
  const core::Standing& standing = *view.standing;
  std::string text;
  if (!standing.credit.charge && standing.credit.share > core::Ratio()) {
    text += charge_missing(standing.credit);
  }
  if (standing.version->status == core::Status::partial) {
    text +=
        " The contract's text lacks terms that a claim needs; supply them under "
        "<code>[agreement.terms]</code>.";
  }
  return text;
}

std::string next_of_running(const MonthView& view) {
  const core::Standing& standing = *view.standing;
  if (state_of(standing) == State::silent) {
    return "Nothing was measured yet. What will be probed, and what that can show, says " +
           command("recoup check");
  }
  if (!gives_credit(standing)) {
    const std::string uncounted = uncounted_text(standing);
    return uncounted.empty() ? "Nothing to do."
                             : fmt::format("See <a href=\"#uncounted\">why {} {} not counted</a>.",
                                           uncounted, uncounted.starts_with("1 ") ? "is" : "are");
  }
  return fmt::format("Nothing before {}, when the cycle is over. Then: {}{}",
                     moment_html(view.assessment().cycle.span.end, standing.zone),
                     write_command(view), lacking(view));
}

std::string next_of_unmeasured(const MonthView& view) {
  return "Nobody knows what there is to claim. Request logs of the month can still be read: " +
         command(fmt::format("recoup import --agreement {} --format combined FILE", view.id()));
}

std::string next_of_claim(const MonthView& view, const record::ClaimLife& life) {
  const std::string file =
      link_html(month_address(view.id(), view.month()) + "/claim.zip", "the claim");
  switch (life.state) {
    case ClaimState::claimable:
      return fmt::format("Write the claim, or download {}: {}{}", file, write_command(view),
                         lacking(view));
    case ClaimState::written:
      return "Send it to the provider. When that is done: " +
             mark_command(view, "submitted --case ID");
    case ClaimState::submitted:
      return "Wait for the provider. When the credit is there: " +
             mark_command(view, "credited --amount AMOUNT");
    case ClaimState::expired: return "Nothing: the time for a claim is over.";
    case ClaimState::credited: return "Nothing: the provider gave the credit.";
    case ClaimState::refused:
      return "The provider refused it. With new arguments it can be sent again: " +
             mark_command(view, "submitted --case ID");
    case ClaimState::unmeasured: return next_of_unmeasured(view);
    case ClaimState::nothing: break;
  }
  return "Nothing to do: there is nothing to claim.";
}

std::string next(const MonthView& view) {
  if (view.running) return next_of_running(view);
  if (const record::ClaimLife* life = view.life()) return next_of_claim(view, *life);
  if (!view.assessment().is_measured()) return next_of_unmeasured(view);
  if (view.standing->credit.eligible) {
    return "Write the claim: " + write_command(view) + lacking(view);
  }
  return "Nothing to do: there is nothing to claim." + lacking(view);
}

}  // namespace

std::string verdict_html(const MonthView& view) {
  const core::Agreement& agreement = view.standing->agreement;
  std::string html;
  if (agreement.practice) html += paragraph(report::kPracticeNote, "practice");
  std::string about =
      fmt::format("<b>{}</b>, {}", id_html(agreement.id), report::month_name(view.month()));
  if (!agreement.account.empty()) about += ", account " + account_html(agreement.account);
  html += paragraph(state_tag_html(*view.standing) + " " + about, "about");
  html +=
      fmt::format("<h1 class=\"verdict\">{}{}</h1>\n", sentence(view), uncounted_sentence(view));
  html += figures(view);
  html += paragraph("<b>Next:</b> " + next(view), "next");
  for (const std::string& fault : view.faults) html += paragraph(fault, "fault");
  return html;
}

}  // namespace recoup::web
