#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "claim/page/html_sections.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/measured_words.h"
#include "report/words.h"
#include "web/pages/page_judgement.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

const record::ClaimMonth* find(const std::vector<record::ClaimMonth>& claims, core::Month month) {
  const auto found =
      std::find_if(claims.begin(), claims.end(),
                   [&](const record::ClaimMonth& each) { return each.life.ground.month == month; });
  return found == claims.end() ? nullptr : &*found;
}

Html beside(const MonthView& view, std::optional<core::Month> month, std::string_view rel) {
  if (!month) return "<span></span>\n";
  const bool before = rel == "prev";
  return Html("<a rel=\"{}\" href=\"{}\">{}<span>{}</span>{}</a>\n", rel,
              month_address(view.id(), *month), before ? Html("&larr; ") : "",
              report::month_name(*month), before ? Html() : " &rarr;");
}

// What the provider gave, where that is known; else what can be asked for.
Html credit(const record::ClaimMonth& month) {
  const record::ClaimLife& life = month.life;
  if (life.credited) return claim::money_html(*life.credited);
  const bool reached = month.share && *month.share > core::Ratio();
  return life.ground.amount && reached ? claim::money_html(*life.ground.amount) : "";
}

// Of the months between the two, one row: nobody measured them.
void add_unmeasured(report::HtmlTable& table, const core::Zone& zone, core::Month older,
                    core::Month newer) {
  const core::Month first = zone.month_after(older, 1);
  const core::Month last = zone.month_after(newer, -1);
  if (last < first) return;
  std::uint64_t count = 1;
  for (core::Month month = first; month < last; month = zone.month_after(month, 1)) ++count;
  const std::string names =
      first == last ? report::month_name(first)
                    : fmt::format("{} to {}", report::month_name(first), report::month_name(last));
  table.row({names, "", "", "",
             fmt::format("{} without any measurement",
                         core::counted(count, zone.cycles().calendar == core::Calendar::month
                                                  ? "month"
                                                  : "billing cycle")),
             ""});
}

// The running month is in the list whether it was measured or not.
bool is_measured(const MonthView& view, core::Month month) {
  if (month != view.months.back()) return true;
  const auto& judgements = view.snapshot->judgements;
  return std::any_of(judgements.begin(), judgements.end(), [&](const auto& each) {
    return each->agreement.id == view.id() && each->assessment.is_measured();
  });
}

// Never without how much of the time it was measured.
Html uptime_of(const MonthView& view, const record::ClaimMonth& month) {
  if (!month.uptime) return {};
  Html html = report::uptime_text(*view.judgement->version, *month.uptime);
  if (month.measured)
    html += Html("<br><small>measured {}</small>", report::measured_time(*month.measured));
  return html;
}

std::vector<Html> cells(const MonthView& view, core::Month month) {
  const std::string name = report::month_name(month);
  std::vector<Html> cells{month == view.month() ? Html("<b>{}</b>", name)
                                                : link_html(month_address(view.id(), month), name)};
  const record::ClaimMonth* known = find(view.claims, month);
  if (known == nullptr) {
    const bool runs = month == view.months.back();
    cells.insert(cells.end(), {"", "", "", runs ? Html("still running") : "not known", ""});
    return cells;
  }
  const record::ClaimLife& life = known->life;
  cells.push_back(uptime_of(view, *known));
  cells.push_back(known->requests ? core::grouped(*known->requests) : "");
  cells.push_back(credit(*known));
  cells.emplace_back(record::to_text(life.state));
  cells.push_back(report::is_open(life) && life.ground.deadline
                      ? deadline_text(next_deadline(*life.ground.deadline, view.snapshot->at))
                      : "");
  return cells;
}

// `newer` is the month before the first of them in the list, which has the newest first.
Html table(const MonthView& view, std::span<const core::Month> months,
           std::optional<core::Month> newer, std::string_view id, std::string_view caption) {
  report::HtmlTable table(id, caption,
                          {{"Month"},
                           {"Uptime, %", true},
                           {"Requests", true},
                           {"Credit", true},
                           {"Claim"},
                           {"Claim before"}});
  for (const core::Month month : months) {
    if (newer && is_measured(view, *newer))
      add_unmeasured(table, view.judgement->zone, month, *newer);
    newer = month;
    const record::ClaimMonth* known = find(view.claims, month);
    table.row(cells(view, month), known != nullptr && known->life.warn ? "marked" : "");
  }
  return table.scrolling();
}

}  // namespace

const record::ClaimMonth* MonthView::claim() const { return find(claims, month()); }

const record::ClaimLife* MonthView::life() const {
  if (const record::ClaimMonth* known = claim()) return &known->life;
  return nullptr;
}

Html month_pager_html(const MonthView& view) {
  std::optional<core::Month> before;
  std::optional<core::Month> after;
  for (const core::Month month : view.months) {
    if (month < view.month()) before = month;
    if (month > view.month() && !after) after = month;
  }
  if (!before && !after) return {};
  return "<nav class=\"pager\" aria-label=\"Months\">\n" + beside(view, before, "prev") +
         beside(view, after, "next") + "</nav>\n";
}

Html months_section(const MonthView& view) {
  constexpr std::size_t kOpen = 12;
  if (view.months.empty()) return {};
  const Html years = report::paragraph(
      link_html(year_address(view.id(), view.month()), "Twelve months as pictures"));
  const std::vector<core::Month> newest_first(view.months.rbegin(), view.months.rend());
  const std::span all(newest_first);
  Html html = table(view, all.first(std::min(kOpen, all.size())), std::nullopt, "recent-months",
                    "What became of each month, the newest first");
  if (all.size() > kOpen) {
    html +=
        Html("<details>\n<summary>{} before</summary>\n{}</details>\n",
             core::counted(all.size() - kOpen, "month"),
             table(view, all.subspan(kOpen), all[kOpen - 1], "earlier-months", "Earlier months"));
  }
  return report::section("months", "Months", html + years);
}

}  // namespace recoup::web
