#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "record/percent_encoding.h"
#include "report/budget_words.h"
#include "report/contract_words.h"
#include "report/html_text.h"
#include "report/words.h"
#include "web/pages/page_judgement.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

using report::paragraph;

std::string under_address(const MonthView& view, const std::string& contract) {
  return fmt::format("{}?under={}#what-if", month_address(view.id(), view.month()),
                     record::percent_encoded(contract));
}

// The contract's own versions, and the other one that is chosen, where one is.
Html own_form(const MonthView& view, const std::string& under) {
  Html own;
  Html other;
  for (const ContractName& contract : view.contracts) {
    const bool chosen = contract.words == under;
    if (!contract.own && !chosen) continue;
    (contract.own ? own : other) +=
        Html("<option{}>{}</option>\n", chosen ? Html(" selected") : "", contract.words);
  }
  if (own.empty() && other.empty()) return {};
  if (!other.empty()) other = Html("<optgroup label=\"Another contract\">\n{}</optgroup>\n", other);
  return Html(
      "<form class=\"filter\" method=\"get\" action=\"{}#what-if\">\n"
      "<label for=\"under\">Version</label>\n<select id=\"under\" name=\"under\">\n{}{}</select>\n"
      "<button type=\"submit\">Compare</button>\n</form>\n",
      month_address(view.id(), view.month()), own, other);
}

bool is_found(const ContractName& contract, const std::string& lower) {
  return !contract.own && (core::lower_case(contract.words).find(lower) != std::string::npos ||
                           core::lower_case(contract.service).find(lower) != std::string::npos);
}

Html found_contracts(const MonthView& view, const std::string& words) {
  constexpr std::size_t kMost = 20;
  if (words.empty()) return {};
  const std::string lower = core::lower_case(words);
  std::vector<Html> items;
  std::size_t all = 0;
  for (const ContractName& contract : view.contracts) {
    if (!is_found(contract, lower) || ++all > kMost) continue;
    items.push_back(Html("{}, {}", link_html(under_address(view, contract.words), contract.words),
                         contract.service));
  }
  if (items.empty()) return paragraph("No contract is like that.");
  Html html = report::list(items);
  if (all > kMost) {
    html += paragraph(fmt::format("These are {} of {}: look for more words.", kMost, all), "note");
  }
  return html;
}

Html other_form(const MonthView& view, const std::string& words) {
  const auto others = std::count_if(view.contracts.begin(), view.contracts.end(),
                                    [](const ContractName& each) { return !each.own; });
  if (others == 0) return {};
  return Html(
      "<h3>Under another contract</h3>\n"
      "<form class=\"filter\" method=\"get\" action=\"{}#what-if\">\n"
      "<label for=\"find-contract\">Contract or service</label>\n"
      "<input type=\"search\" id=\"find-contract\" name=\"contract\" value=\"{}\">\n"
      "<button type=\"submit\">Find</button>\n</form>\n{}",
      month_address(view.id(), view.month()), words, found_contracts(view, words));
}

std::string version_title(const core::Judgement& judgement) {
  return fmt::format("{}@{}", judgement.rule->id, core::to_text(judgement.version->date()));
}

std::string share(const core::Judgement& judgement) {
  return core::short_percent(judgement.credit.share) + " %";
}

// One way to read the month: marked, and said to be so, where it leads to another tier.
void add_reading(const core::Judgement& own, const Html& what, const Html& uptime,
                 const core::Ratio& credit, report::HtmlTable& table) {
  const bool other = credit != own.credit.share;
  table.row({what, uptime, core::short_percent(credit) + " %",
             other ? Html("another") : Html("the same")},
            other ? "marked" : "");
}

// What the words of the contract that can be read in more than one way come to.
Html readings(const core::Judgement& own) {
  if (own.other_readings.empty() && own.otherwise.empty()) return {};
  report::HtmlTable table("readings", "Where the contract can be read in another way",
                          {{"If"}, {"Uptime", true}, {"Credit", true}, {"Tier"}});
  for (const core::Judgement& reading : own.other_readings) {
    add_reading(own, report::version_words(*reading.version), uptime_html(reading),
                reading.credit.share, table);
  }
  for (const core::Otherwise& one : own.otherwise) {
    add_reading(
        own, report::outside_html(one.what),
        one.measured ? Html(report::uptime_text(*own.version, one.uptime) + " %") : "&ndash;",
        one.credit.share, table);
  }
  return table.scrolling("loose");
}

Html deadline(const core::Judgement& judgement) {
  const auto end = judgement.assessment.first_deadline();
  return end && gives_credit(judgement) ? Html(deadline_text(end->safe)) : "&ndash;";
}

Html budget(const core::Judgement& judgement) {
  if (!judgement.assessment.is_measured()) return "&ndash;";
  return Html(report::budget_words(judgement).left);
}

std::string lost_intervals(const core::Judgement& judgement) {
  return core::counted(judgement.assessment.totals.below_100,
                       report::words_of(judgement.version->formula).noun);
}

// A mark at all that differs would say nothing: what counts is whether another tier is reached.
Html comparison(const core::Judgement& own, const core::Judgement& other) {
  report::HtmlTable table("verdicts", "The same evidence, judged twice",
                          {{"Figure"}, {"its own: " + version_title(own)}, {version_title(other)}});
  const auto row = [&](const Html& name, auto show) { table.row({name, show(own), show(other)}); };
  row("State", [](auto& s) { return state_tag_html(s); });
  row("Uptime", [](auto& s) { return uptime_html(s); });
  row("Committed", [](auto& s) { return s.version->commitment_text + " %"; });
  table.row({"Service Credit", share(own), share(other)},
            own.credit.share == other.credit.share ? "" : "marked");
  row("Amount", [](auto& s) { return credit_html(s); });
  row("Claim before", deadline);
  row("Budget", budget);
  row("Lost", lost_intervals);
  row("Requests", [](auto& s) { return core::grouped(s.assessment.totals.requests); });
  row("Errors", [](auto& s) { return core::grouped(s.assessment.totals.errors); });
  return table.scrolling("loose");
}

Html verdicts(Records& records, const MonthView& view, const std::string& under) {
  const auto other = records.judgement_under(view.id(), view.month(), under);
  if (!other) {
    return paragraph("It could not be judged: " + report::outside_html(other.error().message) + ".",
                     "fault");
  }
  if (!*other) {
    return paragraph(Html("No contract is called {}: find one below.", report::outside_html(under)),
                     "fault");
  }
  return comparison(*view.judgement, ***other);
}

}  // namespace

Html what_if_section(const Call& call, const MonthView& view) {
  if (call.site.records == nullptr || view.contracts.empty()) return {};
  const std::string under = query_of(call.request, "under");
  Html html =
      paragraph("What the same evidence would come to. Marked is what would lead to another tier.");
  html += readings(*view.judgement) + own_form(view, under);
  if (!under.empty()) html += verdicts(*call.site.records, view, under);
  html += other_form(view, query_of(call.request, "contract"));
  return report::section("what-if", "What if", html);
}

}  // namespace recoup::web
