#include "web/pages/page_agreement.h"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "core/figures.h"
#include "core/text.h"
#include "record/redact.h"
#include "report/html_text.h"
#include "report/picture.h"
#include "report/picture_days.h"
#include "report/zoom.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_lists.h"
#include "web/pages/page_next.h"
#include "web/pages/pages.h"

namespace recoup::web {
namespace {

using report::Look;
using report::paragraph;
using report::PictureDay;

std::string day_text(core::Date date) {
  constexpr std::array<std::string_view, 7> kWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
  return fmt::format("{}, {}", kWeekdays[std::chrono::weekday(date).c_encoding()],
                     core::to_text(date));
}

// One day among those of its month.
struct DayView {
  const MonthView& month;
  const std::vector<PictureDay>& days;
  std::size_t index;
  core::Interval span;  // of the day, as far as the cycle goes

  const PictureDay& day() const { return days[index]; }
  std::uint64_t count(Look look) const { return day().intervals[static_cast<std::size_t>(look)]; }
};

Html pager(const DayView& view) {
  const auto beside = [&](std::size_t index, std::string_view rel) {
    const core::Date date = view.days[index].date;
    const bool before = rel == "prev";
    return Html("<a rel=\"{}\" href=\"{}\">{}{}{}</a>\n", rel,
                day_address(view.month.id(), view.month.month(), date),
                before ? Html("&larr; ") : "", core::to_text(date), before ? Html() : " &rarr;");
  };
  Html html = "<nav class=\"pager\" aria-label=\"Days\">\n";
  html += view.index > 0 ? beside(view.index - 1, "prev") : "<span></span>\n";
  html += view.index + 1 < view.days.size() ? beside(view.index + 1, "next") : "<span></span>\n";
  return html + "</nav>\n";
}

Html figures(const DayView& view) {
  const PictureDay& day = view.day();
  const std::string& noun = view.month.words.noun;
  const std::uint64_t all =
      std::accumulate(day.intervals.begin(), day.intervals.end(), std::uint64_t{0});
  Html html = "<dl class=\"figures\">\n";
  html += figure_html("Lost", core::counted(day.lost, noun), "of " + core::grouped(all));
  const core::Ratio lost =
      core::loss_in(view.span, view.month.judgement->version->formula, view.month.assessment());
  html += figure_html("Taken from the month", (lost * core::Ratio(100, 1)).to_shortest(9) + " %",
                      "of its uptime");
  html += figure_html("Errors", core::grouped(day.errors),
                      "of " + core::counted(day.requests, "Request"));
  html += figure_html("Silent", core::counted(view.count(Look::silent), noun), "without a Request");
  if (view.count(Look::excluded) > 0) {
    html += figure_html("Excluded", core::counted(view.count(Look::excluded), noun), "taken out");
  }
  if (view.count(Look::ahead) > 0) {
    html += figure_html("Ahead", core::counted(view.count(Look::ahead), noun), "not begun yet");
  }
  return html + "</dl>\n";
}

// The worst outage that reaches into the day, from close up.
Html outage(const DayView& view) {
  const core::Assessment& a = view.month.assessment();
  for (const report::Outage& each : report::outages_of(a)) {
    const core::Interval span{a.interval_at(each.first).begin, a.interval_at(each.last).end};
    if (!span.overlaps(view.span)) continue;
    return report::section("outage", "The worst of it",
                           paragraph(report::span_text(span)) +
                               Html("<figure>\n{}</figure>\n",
                                    report::zoom_svg(a, each, "outage", view.month.words.noun)));
  }
  return {};
}

Html lost(const DayView& view) {
  const std::string title = fmt::format("Lost {}s", view.month.words.noun);
  if (view.day().lost == 0) {
    return report::section("lost", title, paragraph("None: nothing took from the uptime."));
  }
  constexpr std::size_t kMost = 1500;  // a day has no more minutes
  return report::section("lost", title, lost_table(view.month, view.span, kMost, DayLinks::no));
}

Html evidence(const Site& site, const DayView& view) {
  constexpr std::string_view kTitle = "Failed requests";
  const MonthView& month = view.month;
  if (site.records == nullptr) return {};
  const auto page = site.records->evidence(month.id(), view.span, {view.span.begin}, kDayEvidence);
  if (!page) {
    return report::section(
        "evidence", kTitle,
        paragraph("They could not be read: " + report::outside_html(page.error().message) + ".",
                  "fault"));
  }
  if (page->records.empty()) {
    return report::section("evidence", kTitle,
                           paragraph("There is no record of a failed request."));
  }
  Html html = evidence_table(counting_of(*month.judgement), page->records);
  if (page->next) {
    html += paragraph(
        Html("These are the first {}. {}", kDayEvidence,
             link_html(evidence_address(month.id(), month.month(), *page->next), "What follows")));
  }
  return report::section("evidence", kTitle, html);
}

Html strip(const DayView& view) {
  const core::Assessment& a = view.month.assessment();
  const core::Zone& zone = view.month.judgement->zone;
  const report::PictureOptions options{"day", {}};
  core::Assessment of_day = a;
  of_day.parts = {};
  for (const auto& [i, part] : a.parts) {
    if (view.span.contains(a.interval_at(i).begin)) of_day.parts.append(part);
  }
  return Html("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n",
              report::day_svg(a, zone, view.day().date, options),
              report::picture_legend(of_day, view.month.words.noun, options));
}

// What each cell of the picture stands for, for keys, fingers and ears: neighbours that are alike
// are one line.
Html every(const DayView& view) {
  const core::Assessment& a = view.month.assessment();
  report::HtmlTable table("every-interval", "Neighbours that are alike are one line",
                          {{"From (UTC)"},
                           {"To"},
                           {"What"},
                           {"Intervals", true},
                           {"Requests in each", true},
                           {"Errors in each", true}});
  std::size_t first = 0;
  core::IntervalPart part;
  std::size_t count = 0;
  const auto close = [&] {
    if (count == 0) return;
    const core::Interval span{a.interval_at(first).begin, a.interval_at(first + count - 1).end};
    const std::string begin = report::instant_text(span.begin);
    const std::string end = report::instant_text(span.end);
    table.row({begin.substr(11, 5), end.substr(11, 5), report::look_words(report::look_of(part)),
               core::grouped(count), core::grouped(part.requests), core::grouped(part.errors)},
              part.lost ? "marked" : "");
  };
  for (const auto& [i, each] : a.parts) {
    if (!view.span.contains(a.interval_at(i).begin)) continue;
    if (count > 0 && report::look_of(each) == report::look_of(part) &&
        each.requests == part.requests && each.errors == part.errors) {
      ++count;
      continue;
    }
    close();
    first = i;
    part = each;
    count = 1;
  }
  close();
  return Html("<details>\n<summary>Every {} of the day as a table</summary>\n{}</details>\n",
              view.month.words.noun, table.scrolling());
}

// What was lost, and its worst from close up beside it.
Html losses(const DayView& view) {
  const Html beside = outage(view);
  if (beside.empty()) return lost(view);
  return Html("<div class=\"pair\">\n<div>\n{}</div>\n<div>\n{}</div>\n</div>\n", lost(view),
              beside);
}

}  // namespace

Response day_page(const Call& call) {
  const auto named = core::parse_date(call.path.name);
  if (!named) return refuse_page(call, Refusal::no_path);
  const core::Date date = *named;
  auto found = view_of(call);
  if (auto* page = std::get_if<Response>(&found)) return *std::move(page);
  const MonthView& month = std::get<MonthView>(found);
  const std::vector<PictureDay> days =
      report::picture_days(month.assessment(), month.judgement->zone);
  const auto day =
      std::find_if(days.begin(), days.end(), [&](auto& each) { return each.date == date; });
  if (day == days.end()) {
    return problem_page(404, fmt::format("{} is no day of this month.", core::to_text(date)),
                        link_html(month_address(month.id(), month.month()), "The whole month"));
  }
  const core::Interval cycle = month.assessment().cycle.span;
  const DayView view{month,
                     days,
                     static_cast<std::size_t>(day - days.begin()),
                     {std::max(day->day.begin, cycle.begin), std::min(day->day.end, cycle.end)}};
  Frame frame;
  frame.title = fmt::format("{}, {}", record::redact(month.id()), core::to_text(date));
  frame.crumbs = {{id_html(month.id()), agreement_address(month.id())},
                  {report::month_name(month.month()), month_address(month.id(), month.month())},
                  {core::to_text(date), ""}};
  if (!month.running) frame.again = std::chrono::seconds(60);
  frame.main = pager(view) + claims_list(*call.snapshot, month.id(), {});
  frame.main += Html("<h1 class=\"title\">{}</h1>\n", day_text(date));
  frame.main += paragraph(fmt::format("{}, a day of the zone {}", report::span_text(view.span),
                                      month.judgement->zone.name()),
                          "note");
  frame.main +=
      strip(view) + every(view) + figures(view) + losses(view) + evidence(call.site, view);
  return framed(frame);
}

}  // namespace recoup::web
