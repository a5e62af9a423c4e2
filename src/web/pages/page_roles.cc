#include "web/pages/page_roles.h"

#include <algorithm>

#include "report/html_text.h"

namespace recoup::web {
namespace {

using record::Holder;
using record::Role;
using report::Html;

Html who_html(const Holder& holder) {
  return Html("process {} on {}", holder.process, report::outside_html(holder.host));
}

Html judge_html(const std::vector<Holder>& holders) {
  const auto judge = std::find_if(holders.begin(), holders.end(),
                                  [](const Holder& one) { return one.vantage.empty(); });
  if (judge == holders.end()) {
    return "<strong class=\"bad\">No process seals and tells:</strong> start one with "
           "<code>recoup run --role judge</code>.";
  }
  if (!judge->lives) {
    return Html(
        "<strong class=\"bad\">No process seals and tells</strong> since {} ended: start "
        "one with <code>recoup run --role judge</code>.",
        who_html(*judge));
  }
  return Html("The judge is {}.", who_html(*judge));
}

Html role_html(const report::Snapshot& snapshot) {
  if (snapshot.role == Role::prober) {
    return report::paragraph(Html("This process counts from {}, and judges nothing. ",
                                  report::outside_html(snapshot.vantage)) +
                                 judge_html(snapshot.holders) +
                                 " The pages of agreements are there.",
                             "note");
  }
  if (snapshot.leads) return {};
  return report::paragraph("This process shows what is judged. " + judge_html(snapshot.holders),
                           "note");
}

Html row_html(const Holder& holder) {
  const Html vantage =
      holder.vantage.empty() ? Html("the judge") : report::outside_html(holder.vantage);
  return Html(
      "<tr><th scope=\"row\">{}</th>\n<td data-label=\"Process\"><div>{}</div></td>\n"
      "<td data-label=\"Since\"><div>{}</div></td>\n"
      "<td data-label=\"State\"><div>{}</div></td></tr>\n",
      vantage, who_html(holder), report::instant_html(holder.since),
      holder.lives ? Html("lives") : Html("<strong class=\"bad\">ended</strong>"));
}

}  // namespace

Html roles_html(const report::Snapshot& snapshot) {
  Html html = role_html(snapshot);
  const auto living =
      std::count_if(snapshot.holders.begin(), snapshot.holders.end(),
                    [](const Holder& one) { return one.lives && !one.vantage.empty(); });
  if (snapshot.role == Role::all && living < 2) return html;
  if (snapshot.holders.empty()) return html;
  Html rows;
  for (const Holder& one : snapshot.holders) rows += row_html(one);
  return html + report::section(
                    "processes", "Processes",
                    Html("<table class=\"rows\">\n<caption class=\"hidden\">Who records for which "
                         "vantage point, and who judges</caption>\n<thead><tr><th "
                         "scope=\"col\">Vantage point</th><th scope=\"col\">Process</th><th "
                         "scope=\"col\">Since</th><th scope=\"col\">State</th></tr></thead>\n"
                         "<tbody>\n{}</tbody>\n</table>\n",
                         rows));
}

}  // namespace recoup::web
