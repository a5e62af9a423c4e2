#include <algorithm>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/text.h"
#include "report/budget_words.h"
#include "report/html_text.h"
#include "report/measured_words.h"
#include "report/words.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_judgement.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

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

// What was not looked at kept no promise: how much was looked at stands beside every uptime.
Html measured_clause(const core::Judgement& judgement) {
  return Html("measured {} of the time", report::measured_time(judgement.assessment));
}

// Where hardly anything was looked at: what that came to, and no word of a promise.
Html hardly_measured(const MonthView& view) {
  const core::Judgement& judgement = *view.judgement;
  const std::uint64_t lost = judgement.assessment.totals.below_100;
  return Html("In {}, {} was {}{}, and lost {} of that: <strong>{}</strong>, not less than {}.",
              report::month_name(view.month()), subject_html(judgement), measured_clause(judgement),
              view.running ? Html(" so far") : Html(),
              lost == 0 ? Html("nothing") : Html(core::counted(lost, view.words.noun)),
              uptime_html(judgement), promised(judgement));
}

Html sentence(const MonthView& view) {
  const core::Judgement& judgement = *view.judgement;
  const std::string month = report::month_name(view.month());
  const Html uptime = uptime_html(judgement);
  const Html so_far = view.running ? Html(" so far") : Html();
  switch (report::state_of(judgement)) {
    case report::State::silent:
      return Html("In {}, {} was not measured{}.", month, subject_html(judgement),
                  view.running ? Html(" yet") : "");
    case report::State::met:
      if (report::is_hardly_measured(judgement)) return hardly_measured(view);
      return Html("In {}{}, {} {} its promise: <strong>{}</strong>, not less than {}, {}.", month,
                  so_far, subject_html(judgement), view.running ? Html("keeps") : "kept", uptime,
                  promised(judgement), measured_clause(judgement));
    case report::State::below:
      return Html(
          "In {} so far, {} is at <strong class=\"bad\">{}</strong>, less than the "
          "{} that its contract commits to.",
          month, subject_html(judgement), uptime, promised(judgement));
    case report::State::certain: break;
  }
  return Html(
      "In {}{}, {} {} <strong class=\"bad\">{}</strong>, less than the {} that its "
      "contract commits to.",
      month, so_far, subject_html(judgement), view.running ? Html("is at") : "had", uptime,
      promised(judgement));
}

// What goes with a sentence that says that the commitment is missed.
Html consequence(const MonthView& view) {
  const core::Judgement& judgement = *view.judgement;
  const report::State state = report::state_of(judgement);
  if (state != report::State::below && state != report::State::certain) return {};
  Html text;
  if (state == report::State::below) {
    text = "What is not over yet can still lift it.";
  } else {
    // A log that is imported later may hold more Requests of intervals that are over.
    if (view.running) {
      text = Html(
          "By what was read of the {}s until {}, nothing that is still to come can lift it "
          "to that. ",
          view.words.noun, moment_html(view.assessment().closed_until, judgement.zone));
    }
    text += credit_words(judgement);
  }
  if (!view.assessment().is_measured()) return text;
  return text + Html(" Measured: {} of the time{}.", report::measured_time(view.assessment()),
                     view.running ? Html(" so far") : Html());
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
  const core::Judgement& judgement = *view.judgement;
  if (!judgement.assessment.is_measured()) return figure_html("Budget", "&ndash;", "not known");
  const report::BudgetWords words = report::budget_words(judgement);
  return figure_html(
      "Budget",
      words.overspent ? Html("<span class=\"bad\">{}</span>", words.left) : Html(words.left),
      words.of + left_bar_html(judgement));
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

}  // namespace

Html verdict_html(const MonthView& view) {
  const core::Agreement& agreement = view.judgement->agreement;
  Html html;
  if (agreement.practice) html += paragraph(report::kPracticeNote, "practice");
  Html about("<b>{}</b>, {}", id_html(agreement.id), report::month_name(view.month()));
  if (!agreement.account.empty()) {
    about += ", account " + account_html(agreement.account, view.snapshot->mask_accounts);
  }
  html += paragraph(state_tag_html(*view.judgement) + " " + about, "about");
  html += Html("<h1 class=\"verdict\">{}{}</h1>\n", sentence(view), uncounted_sentence(view));
  if (const Html more = consequence(view); !more.empty()) html += paragraph(more, "lead");
  return html;
}

Html figures_html(const MonthView& view) {
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
  html += figure_html(
      "Measured",
      view.assessment().is_measured() ? report::measured_time(view.assessment()) + " of the time"
                                      : "nothing",
      Html("{} of {}{}", core::grouped(totals.measured),
           core::counted(view.assessment().parts.size() - totals.ahead, view.words.noun),
           view.running ? Html(" so far") : ""));
  html += figure_html("Errors", core::grouped(totals.errors),
                      "of " + core::counted(totals.requests, "Request"));
  return html + deadline_figure(view) + "</dl>\n";
}

}  // namespace recoup::web
