#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "record/redact.h"
#include "report/html_text.h"
#include "report/measured_words.h"
#include "report/picture.h"
#include "web/pages/page_frame.h"
#include "web/pages/page_judgement.h"
#include "web/pages/page_next.h"
#include "web/pages/pages.h"

namespace recoup::web {
namespace {

constexpr int kMonths = 12;

using Known = std::shared_ptr<const core::Judgement>;

// What is known of one month of the year; of one of which nothing is, why.
struct Tile {
  core::Month month;
  Known judgement = {};
  std::string why = {};
};

Tile tile_of(const Call& call, core::Month month, const std::vector<core::Month>& seen) {
  if (month == call.running_month()) return {month, call.agreement};
  if (std::find(seen.begin(), seen.end(), month) == seen.end()) return {month, {}, "not measured"};
  auto judgement = call.site.records->judgement(call.id(), month);
  if (!judgement) return {month, {}, judgement.error().message};
  if (!*judgement) return {month, {}, "no version of its contract is known"};
  return {month, **judgement};
}

Html tile_html(const std::string& id, const Tile& tile) {
  const std::string name = report::month_name(tile.month);
  if (tile.judgement == nullptr) {
    return Html("<li class=\"none\"><b>{}</b> <small>{}</small></li>\n", name,
                report::outside_html(tile.why));
  }
  const core::Judgement& judgement = *tile.judgement;
  const core::Assessment& a = judgement.assessment;
  const report::FormulaWords words = report::words_of(*judgement.version);
  report::PictureOptions options{"m" + core::to_text(tile.month), {}};
  options.small = true;
  const std::uint64_t lost = a.totals.below_100;
  return Html(
      "<li><a href=\"{}\"><b>{}</b></a> {}\n{}<small>{}, measured {} of the time, {} lost</small>"
      "</li>\n",
      month_address(id, tile.month), name, state_tag_html(judgement),
      report::picture_svg(a, judgement.zone, options), uptime_html(judgement),
      report::measured_time(a), lost == 0 ? "nothing" : core::counted(lost, words.noun));
}

// Nothing where the query names no month.
std::optional<core::Month> last_of(const Call& call) {
  const std::string until = query_of(call.request, "until");
  if (until.empty()) return call.running_month();
  const auto month = core::parse_month(until);
  if (!month || *month < std::chrono::year(1970) / 1) return std::nullopt;
  return std::min(*month, call.running_month());
}

Html year_pager(const Call& call, core::Month first, core::Month last,
                const std::vector<core::Month>& seen) {
  const core::Zone& zone = call.agreement->zone;
  Html html = "<nav class=\"pager\" aria-label=\"Years\">\n";
  html +=
      !seen.empty() && seen.front() < first
          ? Html("<a rel=\"prev\" href=\"{}\">&larr; before {}</a>\n",
                 year_address(call.id(), zone.month_after(first, -1)), report::month_name(first))
          : "<span></span>\n";
  html +=
      last < call.running_month()
          ? Html("<a rel=\"next\" href=\"{}\">after {} &rarr;</a>\n",
                 year_address(call.id(), zone.month_after(last, kMonths)), report::month_name(last))
          : "<span></span>\n";
  return html + "</nav>\n";
}

// What the looks of all the pictures mean, once: of all their intervals together.
Html year_legend(const std::vector<Tile>& tiles) {
  core::Assessment all;
  std::string noun;
  for (const Tile& tile : tiles) {
    if (tile.judgement == nullptr) continue;
    for (const core::IntervalRun& run : tile.judgement->assessment.parts.runs()) {
      all.parts.append(run.part, run.count);
    }
    noun = report::words_of(*tile.judgement->version).noun;
  }
  if (noun.empty()) return {};
  const auto drawn = std::find_if(tiles.begin(), tiles.end(),
                                  [](const Tile& tile) { return tile.judgement != nullptr; });
  return report::picture_legend(all, noun, {"m" + core::to_text(drawn->month), {}});
}

}  // namespace

Response year_page(const Call& call) {
  if (call.site.records == nullptr) return needs_ledger();
  const std::string& id = call.id();
  const auto last = last_of(call);
  if (!last) {
    return problem_page(400, "That is no month.",
                        Html("Months are written like 2026-10. {}",
                             link_html(agreement_address(id), "The running month")));
  }
  const auto seen = call.site.records->months(id);
  if (!seen) {
    return problem_page(503, "The months cannot be read now.",
                        report::outside_html(seen.error().message));
  }
  const core::Zone& zone = call.agreement->zone;
  const core::Month first = zone.month_after(*last, 1 - kMonths);
  std::vector<Tile> tiles;
  for (int i = 0; i < kMonths; ++i) {
    tiles.push_back(tile_of(call, zone.month_after(first, i), *seen));
  }
  Frame frame;
  frame.title = fmt::format("{}, twelve months", record::redact(id));
  frame.crumbs = {{id_html(id), agreement_address(id)}, {"Twelve months", ""}};
  // Each look judges a year: nobody needs that every minute.
  frame.again = std::chrono::minutes(10);
  frame.main = year_pager(call, first, *last, *seen) + claims_list(*call.snapshot, id, {});
  frame.main += Html("<h1 class=\"title\">{} to {}</h1>\n", report::month_name(first),
                     report::month_name(*last));
  frame.main += report::paragraph(Html("{}. A row is a day; a month's name leads to its figures.",
                                       subject_html(*call.agreement)),
                                  "note");
  frame.main += "<ol class=\"year\">\n";
  for (const Tile& tile : tiles) frame.main += tile_html(id, tile);
  frame.main += "</ol>\n" + year_legend(tiles);
  return framed(frame);
}

}  // namespace recoup::web
