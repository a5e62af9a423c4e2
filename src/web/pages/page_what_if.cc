#include <fmt/format.h>

#include "core/text.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_judgement.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

using report::paragraph;

Html options(const MonthView& view, const std::string& under, bool own) {
  Html html;
  for (const ContractName& contract : view.contracts) {
    if (contract.own != own) continue;
    html += Html("<option{}>{}</option>\n", contract.words == under ? Html(" selected") : "",
                 contract.words);
  }
  if (html.empty()) return {};
  return Html("<optgroup label=\"{}\">\n{}</optgroup>\n",
              own ? Html("Its own contract") : "Other contracts", html);
}

Html form(const MonthView& view, const std::string& under) {
  return Html(
      "<form class=\"filter\" method=\"get\" action=\"{}#what-if\">\n"
      "<label for=\"under\">Contract</label>\n<select id=\"under\" name=\"under\">\n{}{}</select>\n"
      "<button type=\"submit\">Compare</button>\n</form>\n",
      month_address(view.id(), view.month()), options(view, under, true),
      options(view, under, false));
}

std::string title(const core::Judgement& judgement) {
  return fmt::format("{}@{}", judgement.rule->id, core::to_text(judgement.version->date()));
}

Html deadline(const core::Judgement& judgement) {
  const auto end = judgement.assessment.first_deadline();
  return end && gives_credit(judgement) ? Html(deadline_text(end->safe)) : "&ndash;";
}

std::string share(const core::Judgement& judgement) {
  return core::short_percent(judgement.credit.share) + " %";
}

Html budget(const core::Judgement& judgement) {
  const BudgetText text = budget_text(judgement);
  return text.number + " " + text.unit;
}

std::string lost_intervals(const core::Judgement& judgement) {
  return core::counted(judgement.assessment.totals.below_100,
                       report::words_of(judgement.version->formula).noun);
}

Html comparison(const core::Judgement& own, const core::Judgement& other) {
  report::HtmlTable table("verdicts", "The same evidence, judged twice",
                          {{"Figure"}, {"its own: " + title(own)}, {title(other)}});
  const auto row = [&](const Html& name, auto show) {
    const Html a = show(own);
    const Html b = show(other);
    table.row({name, a, b}, a == b ? "" : "marked");
  };
  row("State", [](auto& s) { return state_tag_html(s); });
  row("Uptime", [](auto& s) { return uptime_html(s); });
  row("Committed", [](auto& s) { return s.version->commitment_text + " %"; });
  row("Service Credit", share);
  row("Amount", [](auto& s) { return credit_html(s); });
  row("Claim before", deadline);
  row("Budget left", budget);
  row("Lost", lost_intervals);
  row("Requests", [](auto& s) { return core::grouped(s.assessment.totals.requests); });
  row("Errors", [](auto& s) { return core::grouped(s.assessment.totals.errors); });
  return table.scrolling("loose");
}

Html verdicts(const Site& site, const MonthView& view, const std::string& under) {
  const auto other = site.records->judgement_under(view.id(), view.month(), under);
  if (!other) {
    return paragraph("It could not be judged: " + report::outside_html(other.error().message) + ".",
                     "fault");
  }
  if (!*other) {
    return paragraph(
        Html("No contract is called {}: choose one from the list.", report::outside_html(under)),
        "fault");
  }
  return comparison(*view.judgement, ***other);
}

}  // namespace

Html what_if_section(const Site& site, const MonthView& view, const std::string& under) {
  if (site.records == nullptr || view.contracts.empty()) return {};
  Html html = paragraph(
      "What the same evidence would come to under another contract, or another version "
      "of this one.");
  html += form(view, under);
  if (!under.empty()) html += verdicts(site, view, under);
  return report::section("what-if", "What if", html);
}

}  // namespace recoup::web
