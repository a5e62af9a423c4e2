#include <algorithm>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_judgement.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

using record::ClaimState;
using report::paragraph;

Html promised(const core::Judgement& judgement) {
  return Html("<strong>{} %</strong>", judgement.version->commitment_text);
}

// "A Service Credit of 184.50 USD is due": what the credit comes to, as far as is known.
Html credit_words(const core::Judgement& judgement) {
  const core::Credit& credit = judgement.credit;
  if (!gives_credit(judgement)) {
    const bool enough =
        !judgement.assessment.complete && credit.amount && credit.share > core::Ratio();
    return enough ? "The contract gives no credit that small."
                  : Html("There is no credit: {}.", report::outside_html(credit.reason));
  }
  const std::string when =
      judgement.assessment.complete ? "is due" : "is due when the month is over";
  return Html("A Service Credit of <strong>{}</strong> {}.", credit_html(judgement), when);
}

// What was not looked at kept no promise: how much was, where that is not all.
Html as_far_as_measured(const core::Judgement& judgement) {
  const core::Totals& totals = judgement.assessment.totals;
  if (totals.silent + totals.excluded == 0) return {};
  return ", by " + measured_text(judgement);
}

Html sentence(const MonthView& view) {
  const core::Judgement& judgement = *view.judgement;
  const std::string month = report::month_name(view.month());
  const Html uptime = uptime_html(judgement);
  switch (report::state_of(judgement)) {
    case report::State::silent:
      return Html("In {}, {} was not measured{}.", month, subject_html(judgement),
                  view.running ? Html(" yet") : "");
    case report::State::met:
      return Html("In {}{}, {} {} its promise: <strong>{}</strong>, not less than {}{}.", month,
                  view.running ? Html(" so far") : "", subject_html(judgement),
                  view.running ? Html("keeps") : "kept", uptime, promised(judgement),
                  as_far_as_measured(judgement));
    case report::State::below:
      return Html(
          "In {} so far, {} is at <strong class=\"bad\">{}</strong>, less than the "
          "{} that its contract commits to. What is not over yet can still lift it.",
          month, subject_html(judgement), uptime, promised(judgement));
    case report::State::certain: break;
  }
  // A log that is imported later may hold more Requests of intervals that are over.
  const Html by =
      view.running
          ? Html(
                " By what was read of the {}s until {}, nothing that is still to "
                "come can lift it to that.",
                view.words.noun, moment_html(view.assessment().closed_until, judgement.zone))
          : "";
  return Html(
      "In {}{}, {} {} <strong class=\"bad\">{}</strong>, less than the {} that its "
      "contract commits to.{} {}",
      month, view.running ? Html(" so far") : "", subject_html(judgement),
      view.running ? Html("is at") : "had", uptime, promised(judgement), by,
      credit_words(judgement));
}

// What the sentence does not know of and a reader must: an outage may hide there.
Html uncounted_sentence(const MonthView& view) {
  const std::string text = uncounted_text(*view.judgement);
  if (text.empty()) return {};
  return Html(" Not counted: <a class=\"bad\" href=\"#uncounted\">{}</a>.", text);
}

Html bounds(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  if (a.lower == a.upper || !a.is_measured()) return {};
  return Html("<br>between {} and {} % by what was not sent",
              report::uptime_text(*judgement.version, a.lower),
              report::uptime_text(*judgement.version, a.upper));
}

Html budget_figure(const MonthView& view) {
  const BudgetText budget = budget_text(*view.judgement);
  return figure_html(view.running ? "Budget left" : "Budget left over", budget.number,
                     budget.unit + used_bar_html(*view.judgement));
}

Html credit_figure(const core::Judgement& judgement) {
  const core::Credit& credit = judgement.credit;
  if (!judgement.assessment.is_measured()) {
    return figure_html("Service Credit", "not known", "nothing was measured");
  }
  if (credit.share == core::Ratio())
    return figure_html("Service Credit", "none", "no tier reached");
  Html more("{} %", core::short_percent(credit.share));
  more += credit.charge ? " of " + claim::money_html(credit.charge->amount)
                        : " of charges that are not known";
  return figure_html("Service Credit",
                     credit.amount ? claim::money_html(*credit.amount) : "not known", more);
}

Html deadline_figure(const MonthView& view) {
  const auto deadline = view.assessment().first_deadline();
  if (!deadline || !gives_credit(*view.judgement)) return {};
  Html more;
  const core::Zone& zone = view.judgement->zone;
  if (!is_utc(zone)) more = Html("{}<br>", local_text(deadline->safe, zone));
  const std::string last = deadline_text(deadline->literal);
  if (deadline->literal == deadline->safe) {
    more += "by every reading of the contract";
  } else {
    more += view.assessment().notice ? Html("{} for the claim", last)
                                     : Html("{} by its literal reading", last);
  }
  return figure_html(view.assessment().notice ? "Tell of it before" : "Claim before",
                     deadline_text(deadline->safe), more);
}

Html figures(const MonthView& view) {
  const core::Judgement& judgement = *view.judgement;
  const core::Totals& totals = view.assessment().totals;
  Html html = "<dl class=\"figures\">\n";
  html += credit_figure(judgement);
  html += figure_html(
      view.running ? "Uptime to date" : "Monthly Uptime Percentage", uptime_html(judgement),
      Html("committed: {} %{}", judgement.version->commitment_text, bounds(judgement)));
  html += budget_figure(view);
  html += figure_html("Lost",
                      view.assessment().is_measured()
                          ? Html(core::counted(totals.below_100, view.words.noun))
                          : "not known",
                      "of " + core::grouped(view.assessment().parts.size()));
  // A figure of a month that was hardly looked at says little: how much of it was is beside it.
  html += figure_html("Measured", core::counted(totals.measured, view.words.noun),
                      Html("of {}{}", core::grouped(view.assessment().parts.size() - totals.ahead),
                           view.running ? Html(" so far") : ""));
  html += figure_html("Errors", core::grouped(totals.errors),
                      "of " + core::counted(totals.requests, "Request"));
  return html + deadline_figure(view) + "</dl>\n";
}

// A line ends between words alone: many of them have hyphens.
Html command(std::string_view line) {
  std::vector<Html> words;
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    words.emplace_back(word);
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
  return Html("<code class=\"command\"><span>{}</span></code>",
              report::joined(words, "</span> <span>"));
}

std::string of_month(const MonthView& view) {
  return fmt::format("--agreement {} --month {}", view.id(), core::to_text(view.month()));
}

Html write_command(const MonthView& view) {
  return command(fmt::format("recoup claim {} --out {}", of_month(view),
                             record::claim_folder(view.id(), view.month())));
}

Html mark_command(const MonthView& view, std::string_view step) {
  return command(fmt::format("recoup claims mark {} {}", of_month(view), step));
}

// Why nobody can say what the service cost: nothing names it, or what is named does not hold it.
Html charge_missing(const core::Credit& credit) {
  const std::string& why = credit.charge_error;
  if (!why.empty()) {
    return Html(
        " What the service cost is not known: what is named under <code>[agreement.charges]</code> "
        "does not say it yet ({}).",
        report::outside_html(why.substr(0, why.find('\n'))));
  }
  return " What the service cost is not known: name a bill or a price book under "
         "<code>[agreement.charges]</code> in recoup.toml.";
}

// What is missing before anybody can claim.
Html lacking(const MonthView& view) {
  const core::Judgement& judgement = *view.judgement;
  Html text;
  if (!judgement.credit.charge && judgement.credit.share > core::Ratio()) {
    text += charge_missing(judgement.credit);
  }
  if (judgement.version->status == core::Status::partial) {
    text +=
        " The contract's text lacks terms that a claim needs; supply them under "
        "<code>[agreement.terms]</code>.";
  }
  return text;
}

// A credit that comes by itself leaves nothing to write.
Html watch_the_bill(const MonthView& view, const core::CreditDue& due) {
  return Html("The credit comes by itself: watch the bill until {}. When it is there: {}",
              moment_html(due.by, view.judgement->zone),
              mark_command(view, "credited --amount AMOUNT"));
}

Html next_of_running(const MonthView& view) {
  const core::Judgement& judgement = *view.judgement;
  if (report::state_of(judgement) == report::State::silent) {
    return "Nothing was measured yet. What will be probed, and what that can show, says " +
           command("recoup check");
  }
  if (!gives_credit(judgement)) {
    const std::string uncounted = uncounted_text(judgement);
    return uncounted.empty() ? "Nothing to do."
                             : Html("See <a href=\"#uncounted\">why {} {} not counted</a>.",
                                    uncounted, uncounted.starts_with("1 ") ? Html("is") : "are");
  }
  if (const auto& due = view.assessment().due) {
    return Html("Nothing before {}, when the cycle is over. {}",
                moment_html(view.assessment().cycle.span.end, judgement.zone),
                watch_the_bill(view, *due));
  }
  return Html("Nothing before {}, when the cycle is over. Then: {}{}",
              moment_html(view.assessment().cycle.span.end, judgement.zone), write_command(view),
              lacking(view));
}

Html next_of_unmeasured(const MonthView& view) {
  return "Nobody knows what there is to claim. Request logs of the month can still be read: " +
         command(fmt::format("recoup import --agreement {} --format combined FILE", view.id()));
}

Html next_of_claim(const MonthView& view, const record::ClaimLife& life) {
  const Html file = link_html(month_address(view.id(), view.month()) + "/claim.zip", "the claim");
  switch (life.state) {
    case ClaimState::claimable:
      if (const auto& due = view.assessment().due) return watch_the_bill(view, *due);
      return Html("Write the claim, or download {}: {}{}", file, write_command(view),
                  lacking(view));
    case ClaimState::written:
      return "Send it to the provider. When that is done: " +
             mark_command(view, "submitted --case ID");
    case ClaimState::submitted:
      return "Wait for the provider. When the credit is there: " +
             mark_command(view, "credited --amount AMOUNT");
    case ClaimState::overdue:
      return Html(
          "The credit is late. Look for it on the newest bills: {} Where it is not there, ask "
          "the provider, then: {}",
          command("recoup claims reconcile"),
          mark_command(view, life.submitted ? "disputed" : "submitted --case ID"));
    case ClaimState::credited_in_part:
      return "The provider gave less than was asked for. Object to it, then: " +
             mark_command(view, "disputed");
    case ClaimState::disputed:
      return "Wait for the provider. When more of the credit is there, all that was given: " +
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

Html next(const MonthView& view) {
  if (view.running) return next_of_running(view);
  if (const record::ClaimLife* life = view.life()) return next_of_claim(view, *life);
  if (!view.assessment().is_measured()) return next_of_unmeasured(view);
  if (view.judgement->credit.eligible) {
    return "Write the claim: " + write_command(view) + lacking(view);
  }
  return "Nothing to do: there is nothing to claim." + lacking(view);
}

}  // namespace

Html verdict_html(const MonthView& view) {
  const core::Agreement& agreement = view.judgement->agreement;
  Html html;
  if (agreement.practice) html += paragraph(report::kPracticeNote, "practice");
  Html about("<b>{}</b>, {}", id_html(agreement.id), report::month_name(view.month()));
  if (!agreement.account.empty())
    about += ", account " + account_html(agreement.account, view.snapshot->mask_accounts);
  html += paragraph(state_tag_html(*view.judgement) + " " + about, "about");
  html += Html("<h1 class=\"verdict\">{}{}</h1>\n", sentence(view), uncounted_sentence(view));
  html += figures(view);
  html += paragraph("<b>Next:</b> " + next(view), "next");
  for (const Html& fault : view.faults) html += paragraph(fault, "fault");
  return html;
}

}  // namespace recoup::web
