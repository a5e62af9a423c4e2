#include <algorithm>

#include <fmt/format.h>

#include "core/figures.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/picture.h"
#include "report/words.h"
#include "report/zoom.h"
#include "web/pages/page_lists.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

using report::paragraph;

core::Interval span_of(const core::Assessment& a, const report::Outage& outage) {
  return {a.interval_at(outage.first).begin, a.interval_at(outage.last).end};
}

std::string lost_words(const MonthView& view, const report::Outage& outage) {
  return fmt::format("{} lost: {} failed of {}.", core::counted(outage.lost, view.words.noun),
                     core::grouped(outage.errors), core::counted(outage.requests, "Request"));
}

Html with_local(const core::Interval& span, const core::Zone& zone) {
  Html html = report::span_text(span);
  if (is_utc(zone)) return html;
  return html + Html(" <small class=\"local\">(from {})</small>", local_text(span.begin, zone));
}

Html figure(const MonthView& view, const report::Outage& outage) {
  const core::Assessment& a = view.assessment();
  return Html(
      "<figure>\n<figcaption><p><b>{}</b></p>\n<p class=\"note\">{}</p></figcaption>\n"
      "{}</figure>\n",
      with_local(span_of(a, outage), view.judgement->zone), lost_words(view, outage),
      report::zoom_svg(a, outage, "outage", view.words.noun));
}

// Whether it goes on: one is over when an hour passed without loss.
Html state_of_last(const MonthView& view, const report::Outage& last) {
  const core::Instant now = view.snapshot->at;
  const core::Interval span = span_of(view.assessment(), last);
  if (now - span.end < std::chrono::hours(1)) {
    return paragraph(Html("<strong class=\"bad\">There is one now</strong>, since {}:",
                          moment_html(span.begin, view.judgement->zone)));
  }
  return paragraph(Html("None now. The last one ended {} ({} ago):",
                        moment_html(span.end, view.judgement->zone), age_text(now - span.end)));
}

}  // namespace

Html picture_section(const MonthView& view) {
  const core::Assessment& a = view.assessment();
  const std::string month = month_address(view.id(), view.month());
  const report::PictureOptions options{
      "month", [&](core::Date date) { return month + "/" + core::to_text(date); }};
  const auto minutes = std::max<std::int64_t>(a.interval.count(), 5);
  Html html(
      "<figure>\n{}<output class=\"readout\"></output>\n<figcaption>{}</figcaption>\n</figure>\n",
      report::picture_svg(a, view.judgement->zone, options),
      report::picture_legend(a, view.words.noun, options));
  html += Html("<details>\n<summary>The month as a table</summary>\n{}</details>\n",
               report::picture_table(a, view.judgement->zone, view.words.noun, options));
  html += paragraph(
      Html("A row is a day of the zone {} and leads to its figures, a cell is {} minutes{}; at the "
           "right, lost {}s of the day.",
           view.judgement->zone.name(), minutes,
           a.interval.count() < minutes ? Html(", of which it shows the worst") : "",
           view.words.noun),
      "note");
  return report::section("month", "The month", html);
}

Html incident_section(const MonthView& view) {
  const std::vector<report::Outage> outages = report::outages_of(view.assessment());
  const std::string title = view.running ? "The current incident" : "The worst incident";
  if (!view.assessment().is_measured()) {
    return report::section("incident", title, paragraph(kNotMeasured));
  }
  if (outages.empty()) {
    Html text = view.running ? Html("None now, and none this month.") : "There was none.";
    if (view.assessment().uncounted.total() > 0) {
      text += " <a href=\"#uncounted\">Failures that are not counted</a> make none.";
    }
    return report::section("incident", title, paragraph(text));
  }
  const auto last = std::max_element(outages.begin(), outages.end(),
                                     [](auto& x, auto& y) { return x.last < y.last; });
  const report::Outage& shown = view.running ? *last : outages.front();
  Html html = view.running ? state_of_last(view, shown) : "";
  html += figure(view, shown);
  if (outages.size() > 1) {
    html += paragraph(fmt::format("{} in the month; lost {}s at most an hour apart are one.",
                                  core::counted(outages.size(), "incident"), view.words.noun),
                      "note");
  }
  return report::section("incident", title, html);
}

Html lost_table(const MonthView& view, const core::Interval& span, std::size_t most,
                DayLinks links) {
  const core::Assessment& a = view.assessment();
  const core::Zone& zone = view.judgement->zone;
  std::vector<report::Column> columns{{"Begin (UTC)"}};
  if (!is_utc(zone)) columns.push_back({zone.name()});
  columns.insert(columns.end(), {{"Requests", true}, {"Errors", true}, {"Availability", true}});
  report::HtmlTable table("lost-list", fmt::format("Every {}", view.words.listed), columns);
  std::size_t rows = 0;
  for (const auto& [i, part] : a.parts) {
    if (rows == most) break;
    const core::Instant begin = a.interval_at(i).begin;
    if (!part.lost || !span.contains(begin)) continue;
    ++rows;
    std::string at = report::instant_text(begin);
    at.resize(at.size() - 4);
    const core::Date date(std::chrono::floor<std::chrono::days>(begin + zone.offset_at(begin)));
    std::vector<Html> cells{
        links == DayLinks::yes ? link_html(day_address(view.id(), view.month(), date), at) : at};
    if (!is_utc(zone)) {
      std::string there = local_text(begin, zone);
      there.resize(there.size() - zone.name().size() - 1);
      cells.push_back(there);
    }
    cells.insert(cells.end(),
                 {core::grouped(part.requests), core::grouped(part.errors),
                  (*core::availability(part) * core::Ratio(100, 1)).to_shortest(4) + " %"});
    table.row(cells);
  }
  return table.scrolling();
}

Html lost_section(const MonthView& view) {
  constexpr std::size_t kMost = 50;
  const std::uint64_t lost = view.assessment().totals.below_100;
  const std::string title = fmt::format("Lost {}s", view.words.noun);
  if (!view.assessment().is_measured()) {
    return report::section("lost", title, paragraph(kNotMeasured));
  }
  if (lost == 0) {
    return report::section("lost", title, paragraph("None: nothing took from the uptime."));
  }
  Html html;
  if (lost > kMost) {
    html += paragraph(
        Html("The first {} of {}. All of a day are on its page; {}.", kMost, core::grouped(lost),
             link_html(fmt::format("/api/v1{}/assessments/{}/intervals?state=lost&limit=10000",
                                   agreement_address(view.id()), core::to_text(view.month())),
                       "all of them for a program")));
  }
  html += lost_table(view, view.assessment().cycle.span, kMost, DayLinks::yes);
  return report::section("lost", title, html);
}

}  // namespace recoup::web
