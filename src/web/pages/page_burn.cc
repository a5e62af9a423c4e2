#include "web/pages/page_burn.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/figures.h"
#include "core/text.h"
#include "report/budget_words.h"
#include "report/html_text.h"
#include "report/svg.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

using core::Burn;
using core::BurnDay;
using core::Ratio;

// In CSS pixels.
constexpr int kTop = 20;
constexpr int kHeight = 190;
constexpr int kAxis = 24;
// What the paths count in: both ways of the plane that they are drawn on.
constexpr std::int64_t kPlane = 100'000;

// A loss in percent, with three digits that say something, cut.
std::string loss_text(const Ratio& loss) {
  constexpr int kDigits = 3;
  constexpr int kMost = 12;
  Ratio size = loss * Ratio(100, 1);
  int digits = kDigits;
  for (Ratio small = size; small > Ratio() && small < Ratio(1, 10) && digits < kMost; ++digits) {
    small *= Ratio(10, 1);
  }
  return size.to_shortest(digits) + " %";
}

std::int64_t across(core::Instant at, const core::Interval& cycle) {
  return (at - cycle.begin).count() * kPlane / cycle.length().count();
}

// Scale puts a loss at its height; its top is a little above the highest of them.
class Scale {
 public:
  explicit Scale(const Burn& burn) : top_(burn.allowed) {
    if (!burn.days.empty()) top_ = std::max(top_, burn.days.back().total);
    top_ = top_ == Ratio() ? Ratio(1, 1) : top_ * Ratio(10, 9);
  }

  // From the top, in parts of the plane.
  std::int64_t down(const Ratio& loss) const {
    return kPlane -
           std::stoll(
               (*core::share_of(loss, top_) * Ratio(kPlane, 1)).to_decimal(0, core::Rounding::cut));
  }
  // The same in pixels below the picture's top.
  int pixels(const Ratio& loss) const {
    return kTop + static_cast<int>(down(loss) * kHeight / kPlane);
  }

 private:
  Ratio top_;
};

Html paths(const Burn& burn, const Scale& scale) {
  std::string line = fmt::format("M0 {}", kPlane);
  for (const BurnDay& day : burn.days) {
    line += fmt::format("L{} {}", across(day.end, burn.cycle), scale.down(day.total));
  }
  const std::int64_t last = burn.days.empty() ? 0 : across(burn.days.back().end, burn.cycle);
  return Html(
      "<svg y=\"{}\" width=\"100%\" height=\"{}\" viewBox=\"0 0 {} {}\" "
      "preserveAspectRatio=\"none\">\n<path class=\"area\" d=\"{}L{} {}Z\"/>\n"
      "<path class=\"even\" vector-effect=\"non-scaling-stroke\" d=\"M0 {}L{} {}\"/>\n"
      "<path class=\"burnt\" vector-effect=\"non-scaling-stroke\" d=\"{}\"/>\n</svg>\n",
      kTop, kHeight, kPlane, kPlane, line, last, kPlane, kPlane, kPlane, scale.down(burn.allowed),
      line);
}

// The line that must not be passed, and where the loss is now.
Html marks(const Burn& burn, const Scale& scale) {
  const int limit = scale.pixels(burn.allowed);
  const BurnDay* last = burn.days.empty() ? nullptr : &burn.days.back();
  const bool late = last != nullptr && across(last->end, burn.cycle) > kPlane / 2;
  Html svg(
      "<line class=\"limit\" x1=\"0\" x2=\"100%\" y1=\"{0}.5\" y2=\"{0}.5\"/>\n"
      "<text class=\"{1}\" x=\"{2}\" y=\"{3}\">{4} may be lost</text>\n",
      limit, late ? Html("from") : "to", late ? Html("0") : "100%", limit - 5,
      loss_text(burn.allowed));
  if (last == nullptr) return svg;
  const std::string x = report::percent_of(last->end - burn.cycle.begin, burn.cycle.length());
  // Beside the line's end, and not where the other label is.
  int y = scale.pixels(last->total);
  svg += Html("<circle class=\"now\" cx=\"{}\" cy=\"{}\" r=\"4\"/>\n", x, y);
  if (y > kTop + kHeight - 12) y -= 4;
  return svg + Html("<text class=\"now {}\" x=\"{}\" dx=\"{}\" y=\"{}\">{} lost</text>\n",
                    late ? Html("to") : "from", x, late ? -9 : 9, y - (late ? 7 : 5),
                    loss_text(last->total));
}

Html days_axis(const Burn& burn, const core::Zone& zone) {
  constexpr unsigned kEach = 5;
  Html svg("<line class=\"base\" x1=\"0\" x2=\"100%\" y1=\"{0}.5\" y2=\"{0}.5\"/>\n",
           kTop + kHeight);
  const core::Instant first_day = burn.cycle.begin + zone.offset_at(burn.cycle.begin);
  auto day = std::chrono::floor<std::chrono::days>(first_day);
  for (;; day += std::chrono::days(1)) {
    const core::Date date(day);
    const core::Instant at = std::max(zone.begin_of(date), burn.cycle.begin);
    if (at >= burn.cycle.end) return svg;
    const auto number = static_cast<unsigned>(date.day());
    if (number != 1 && number % kEach != 0) continue;
    svg += Html(
        "<line x1=\"{0}\" x2=\"{0}\" y1=\"{1}\" y2=\"{2}\"/><text class=\"{3}\" x=\"{0}\" "
        "y=\"{4}\">{5}</text>\n",
        report::percent_of(at - burn.cycle.begin, burn.cycle.length()), kTop + kHeight,
        kTop + kHeight + 5, number == 1 ? Html("from") : "mid", kTop + kHeight + 18, number);
  }
}

std::string share_text(const Burn& burn) {
  const auto share = core::share_of(burn.days.back().total, burn.allowed);
  if (!share) return {};
  if (*share < Ratio(2, 1)) {
    return fmt::format(", {} % of what may be lost in the month",
                       (*share * Ratio(100, 1)).to_shortest(1));
  }
  return fmt::format(", {} times what may be lost in the month",
                     core::grouped(share->to_shortest(1)));
}

std::string summary(const Burn& burn) {
  if (burn.days.empty()) return "Nothing was judged yet.";
  return fmt::format("{} lost{}. All that may be lost is {}.", loss_text(burn.days.back().total),
                     share_text(burn), loss_text(burn.allowed));
}

}  // namespace

Html burn_svg(const Burn& burn, const core::Zone& zone) {
  const Scale scale(burn);
  Html svg(
      "<svg class=\"burn\" role=\"img\" aria-labelledby=\"burn-title\" "
      "aria-describedby=\"burn-desc\" width=\"100%\" height=\"{}\">\n"
      "<title id=\"burn-title\">The loss of the month against what may be lost</title>\n"
      "<desc id=\"burn-desc\">{}</desc>\n",
      kTop + kHeight + kAxis, summary(burn));
  return svg + days_axis(burn, zone) + paths(burn, scale) + marks(burn, scale) + "</svg>\n";
}

Html burn_table(const Burn& burn) {
  report::HtmlTable table("burn-days", "The loss by day, in percent of the month",
                          {{"Day"}, {"Lost", true}, {"In all", true}, {"Even share", true}});
  for (const BurnDay& day : burn.days) {
    table.row(
        {core::to_text(day.date), loss_text(day.lost), loss_text(day.total), loss_text(day.even)},
        day.lost > Ratio() ? "marked" : "");
  }
  return table.scrolling();
}

Html burn_section(const MonthView& view) {
  if (!view.assessment().is_measured()) {
    return report::section("budget", "The budget", report::paragraph(kNotMeasured));
  }
  const Burn burn =
      core::burn_of(*view.judgement->version, view.judgement->zone, view.assessment());
  const report::BudgetWords words = report::budget_words(*view.judgement);
  Html html = report::paragraph(Html("<strong{}>{}</strong>: {}. {}",
                                     words.overspent ? Html(" class=\"bad\"") : "", words.left,
                                     words.of, summary(burn)));
  html += Html("<figure>\n{}</figure>\n", burn_svg(burn, view.judgement->zone));
  html += report::paragraph(
      "<span class=\"key burnt\"></span> lost <span class=\"key even\"></span> an even share of "
      "what may be lost <span class=\"key limit\"></span> all of it",
      "legend-line");
  html += Html("<details>\n<summary>The loss by day as a table</summary>\n{}</details>\n",
               burn_table(burn));
  return report::section("budget", "The budget", html);
}

}  // namespace recoup::web
