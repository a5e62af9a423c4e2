#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/compare.h"
#include "core/text.h"
#include "report/asides.h"
#include "report/contract_words.h"
#include "report/html_text.h"
#include "report/otherwise_words.h"
#include "report/robustness_words.h"
#include "report/words.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

std::string_view missed_words(core::NotSent reason) {
  switch (reason) {
    case core::NotSent::late: return "not sent or not waited for: our scheduler was late";
    case core::NotSent::overrun: return "not sent: too many were still in flight";
    case core::NotSent::resources: return "not sent: no descriptor, memory or port";
    case core::NotSent::stopped: return "not sent: the service did not run";
    case core::NotSent::suspended: return "not sent: the machine was suspended";
    case core::NotSent::clock: return "not sent: the wall clock jumped over it";
    case core::NotSent::credentials: return "not sent: no credentials to sign it with";
    case core::NotSent::budget: return "not sent: the month's requests were all sent";
    case core::NotSent::refused:
      return "refused for our own certificate, signature, clock or credentials";
  }
  return "";
}

void probe_rows(const core::ProbesDue& probes, report::HtmlTable& table) {
  if (probes.due() == 0) return;
  table.row({"probes due", core::grouped(probes.due())});
  table.row({"sent", core::grouped(probes.sent)});
  for (const auto reason : core::kNotSents) {
    const std::uint64_t missed = probes.missed[static_cast<std::size_t>(reason)];
    if (missed > 0) table.row({missed_words(reason), core::grouped(missed)});
  }
}

Html bounds_paragraph(const core::Judgement& judgement) {
  const core::Assessment& a = judgement.assessment;
  if (a.totals.is_sure() || !a.is_measured()) return {};
  const core::Ratio& promised = judgement.version->commitment;
  std::string text = fmt::format(
      "Had every {} met an Error, the uptime would be {} %; had each been served, {} %.",
      report::not_sent_words(a.totals), core::percent_text(a.lower), core::percent_text(a.upper));
  const bool decides = (a.lower < promised) != (a.upper < promised);
  text += decides ? " Whether the commitment is met depends on them." : " Both say the same.";
  return report::paragraph(text);
}

Html asides(const core::Judgement& judgement) {
  Html html;
  for (const std::string& sentence : report::text_asides(judgement)) {
    html += report::paragraph(sentence);
  }
  for (const std::string& sentence : report::asides(judgement.assessment)) {
    html += report::paragraph(sentence);
  }
  for (const std::string& sentence : report::otherwise_words(judgement)) {
    html += report::paragraph(sentence);
  }
  for (const std::string& sentence : report::robustness_words(judgement)) {
    html += report::paragraph(sentence);
  }
  return html;
}

// Where logs that are compared saw other than those that are counted, the gravest first.
Html comparisons(const core::Assessment& a) {
  constexpr std::size_t kMost = 10;
  report::HtmlTable table("compared", "Intervals in which a log that is compared differs most",
                          {{"From"},
                           {"Log"},
                           {"Requests counted", true},
                           {"Errors", true},
                           {"Requests in the log", true},
                           {"Errors", true}});
  bool is_empty = true;
  for (const core::Comparison& comparison : a.comparisons) {
    for (const core::Difference& one : core::worst(core::differences(a, comparison), kMost)) {
      is_empty = false;
      table.row({core::to_text(one.span.begin), report::outside_html(comparison.log),
                 core::grouped(one.counted.requests), core::grouped(one.counted.errors),
                 core::grouped(one.compared.requests), core::grouped(one.compared.errors)});
    }
  }
  return is_empty ? Html() : table.scrolling("loose");
}

Html resolution(const core::Assessment& a) {
  if (!a.smallest_loss) return {};
  std::string text = fmt::format("The smallest loss that could have been seen is {} %.",
                                 core::percent_text(*a.smallest_loss));
  if (a.totals.below_100 > 0) {
    text += fmt::format(" The loss rests on {} in {}.",
                        core::counted(a.totals.errors_below_100, "Error"),
                        core::counted(a.totals.below_100, "lost interval"));
  }
  return report::paragraph(text);
}

}  // namespace

Html coverage_section(const MonthView& view) {
  const core::Assessment& a = view.assessment();
  const core::Totals& totals = a.totals;
  report::HtmlTable table("covered", "What counts, and what does not", {{""}, {"", true}});
  table.row(
      {fmt::format("{}s measured", view.words.noun),
       fmt::format("{} of {}", core::grouped(totals.measured), core::grouped(a.parts.size()))});
  table.row({view.words.silent, core::grouped(totals.silent)});
  if (totals.excluded > 0) table.row({"excluded", core::grouped(totals.excluded)});
  if (totals.ahead > 0) table.row({"not begun yet", core::grouped(totals.ahead)});
  table.row({"no Requests under the contract", core::grouped(totals.not_requests)});
  table.row({"error answers that may not be the provider's", core::grouped(totals.unattributed)});
  if (a.refused.all > 0) {
    table.row({"answers that refused our own signature, clock or credentials",
               core::grouped(a.refused.all)});
    table.row({"of these left out, since they would be Errors", core::grouped(totals.refused)});
  }
  probe_rows(a.probes, table);
  return report::section("coverage", "What was measured",
                         table.html() + asides(*view.judgement) + comparisons(a) +
                             bounds_paragraph(*view.judgement) + resolution(a));
}

Html uncounted_section(const MonthView& view) {
  constexpr std::size_t kMost = 20;
  const core::UncountedFailures& uncounted = view.assessment().uncounted;
  if (uncounted.total() == 0) return {};
  report::HtmlTable table("uncounted-list", "Answers of 5xx that are not counted as Errors",
                          {{"Outcome"}, {"Came", true}, {"Why it is not counted"}});
  const std::size_t shown = std::min(kMost, uncounted.outcomes.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const core::UncountedOutcome& one = uncounted.outcomes[i];
    table.row({Html("<code>{}</code>", report::outside_html(core::to_text(one.outcome))),
               core::grouped(one.count), report::outside_html(one.clause)});
  }
  Html html = report::paragraph(
      "The uptime does not know of these. Where they are an outage, see that the probe or the log "
      "says what the contract asks for: <code>recoup check</code> names what is missing.");
  html += table.scrolling("loose");
  if (shown < uncounted.outcomes.size()) {
    html += report::paragraph(
        fmt::format("And {} that came less often.",
                    core::counted(uncounted.outcomes.size() - shown, "other outcome")),
        "note");
  }
  return report::section("uncounted", "Failures that are not counted", html);
}

Html exclusions_section(const MonthView& view) {
  return claim::exclusions_section(*view.judgement, view.words);
}

Html contract_section(const MonthView& view) {
  return claim::contract_section(*view.judgement, view.words);
}

}  // namespace recoup::web
