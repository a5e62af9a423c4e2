#include <algorithm>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/picture.h"
#include "report/zoom.h"

namespace recoup::claim {
namespace {

constexpr std::size_t kMostZooms = 3;

Html outage_figure(const core::Assessment& a, const report::Outage& outage, std::size_t number,
                   const std::string& noun) {
  const core::Interval span{a.interval_at(outage.first).begin, a.interval_at(outage.last).end};
  return Html(
      "<figure>\n<figcaption><h3>{}</h3>\n<p class=\"note\">{} lost: {} failed of {}.</p>"
      "</figcaption>\n{}</figure>\n",
      report::span_text(span), core::counted(outage.lost, noun), core::grouped(outage.errors),
      core::counted(outage.requests, "Request"),
      report::zoom_svg(a, outage, fmt::format("outage-{}", number), noun));
}

}  // namespace

Html month_section(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  const auto minutes = std::max<std::int64_t>(a.interval.count(), 5);
  const std::string per_cell =
      fmt::format("each cell is {} minutes{}", minutes,
                  a.interval.count() < minutes ? " and shows the worst of them" : "");
  Html html = report::paragraph(Html(
      "A row is a day of the zone {}, from 00 to 24 o&#39;clock; {}. At the right: lost {}s of the "
      "day.",
      claim.zone.name(), per_cell, words.noun));
  html += Html("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n",
               report::picture_svg(a, claim.zone), report::picture_legend(a, words.noun));
  html += Html("<details>\n<summary>The same as a table</summary>\n{}</details>\n",
               report::picture_table(a, claim.zone, words.noun));
  return report::section("month", "The month", html);
}

Html outage_section(const Claim& claim, const report::FormulaWords& words) {
  const core::Assessment& a = claim.assessment;
  const std::vector<report::Outage> outages = report::outages_of(a);
  const std::size_t shown = std::min(outages.size(), kMostZooms);
  Html html = report::paragraph(fmt::format(
      "Lost time and an hour around it. Lost {}s that are at most an hour apart stand in one "
      "picture.",
      words.noun));
  for (std::size_t i = 0; i < shown; ++i) html += outage_figure(a, outages[i], i + 1, words.noun);
  std::uint64_t rest = 0;
  for (std::size_t i = shown; i < outages.size(); ++i) rest += outages[i].lost;
  if (rest > 0) {
    html += report::paragraph(
        Html("These are the {} worst of {} such times. In the others {} lost: see <a "
             "href=\"#intervals\">Intervals</a>.",
             shown, core::grouped(outages.size()),
             core::counted(rest, words.noun) + (rest == 1 ? " was" : " were")));
  }
  return report::section("outage", "The lost time", html + incidents_html(claim, words));
}

}  // namespace recoup::claim
