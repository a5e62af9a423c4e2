#include "report/zoom.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/figures.h"
#include "core/text.h"
#include "report/html_text.h"
#include "report/svg.h"

namespace recoup::report {
namespace {

constexpr std::size_t kMostBars = 288;
// In CSS pixels: a chart of Requests above one of Errors, and the hours below.
constexpr int kChart = 84;
constexpr int kGap = 30;
constexpr int kAxis = 22;
constexpr int kChartTop = 18;

struct Bar {
  core::Interval span;
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t lost = 0;  // intervals
};

std::size_t an_hour(const core::Assessment& a) {
  return static_cast<std::size_t>(std::max<std::int64_t>(1, 60 / a.interval.count()));
}

// The intervals from an hour before to an hour after, in as many bars as can be told apart.
std::vector<Bar> bars_of(const core::Assessment& a, const Outage& outage) {
  const std::size_t around = an_hour(a);
  const std::size_t first = outage.first < around ? 0 : outage.first - around;
  const std::size_t end = std::min(a.parts.size(), outage.last + around + 1);
  const std::size_t each = (end - first + kMostBars - 1) / kMostBars;
  std::vector<Bar> bars;
  for (const auto& [i, part] : a.parts) {
    if (i < first) continue;
    if (i == end) break;
    if ((i - first) % each == 0) bars.push_back({a.interval_at(i)});
    Bar& bar = bars.back();
    bar.span.end = a.interval_at(i).end;
    bar.requests += part.requests;
    bar.errors += part.errors;
    bar.lost += part.below_100() ? 1 : 0;
  }
  return bars;
}

// The height of a bar; what is there at all shows.
std::uint64_t height(std::uint64_t value, std::uint64_t most) {
  if (value == 0) return 0;
  return std::max<std::uint64_t>(1, value * kChart / most);
}

// One chart: bars on a line, and what the highest stands for.
Html chart(const std::vector<Bar>& bars, std::uint64_t Bar::*value, std::string_view name,
           int top) {
  const core::Instant begin = bars.front().span.begin;
  const core::Millis axis = bars.back().span.end - begin;
  std::uint64_t most = 1;
  for (const Bar& bar : bars) most = std::max(most, bar.*value);
  Html svg(
      "<g class=\"chart {0}\" transform=\"translate(0 {1})\">\n<text class=\"name\" x=\"0\" "
      "y=\"-7\">{0} in {2}, {3} at most</text>\n"
      "<line x1=\"0\" x2=\"100%\" y1=\"0.5\" y2=\"0.5\"/>\n",
      name, top, length_text(bars.front().span.length()), core::grouped(most));
  for (const Bar& bar : bars) {
    const std::uint64_t high = height(bar.*value, most);
    if (high == 0) continue;
    const core::Millis from = bar.span.begin - begin;
    // A little over its end: bars that adjoin leave no line between them, however they are rounded.
    const core::Millis to = std::min(axis, bar.span.end - begin + axis / 2000);
    svg += Html(
        "<rect{} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}: {}, {}</title></rect>\n",
        bar.lost > 0 ? Html(" class=\"lost\"") : "", percent_of(from, axis),
        kChart - static_cast<int>(high), percent_between(from, to, axis), high,
        instant_text(bar.span.begin), core::counted(bar.requests, "Request"),
        core::counted(bar.errors, "Error"));
  }
  return svg + Html("<line class=\"base\" x1=\"0\" x2=\"100%\" y1=\"{0}.5\" y2=\"{0}.5\"/>\n</g>\n",
                    kChart);
}

// The finest step whose marks do not touch on a telephone.
core::Millis step_of(core::Millis axis) {
  using std::chrono::minutes;
  constexpr std::array<minutes, 11> kSteps{
      minutes(5),   minutes(10),  minutes(15),   minutes(30),   minutes(60),   minutes(180),
      minutes(360), minutes(720), minutes(1440), minutes(4320), minutes(10080)};
  const auto* step = std::find_if(kSteps.begin(), kSteps.end() - 1,
                                  [&](minutes candidate) { return axis / candidate < 6; });
  return *step;
}

// A label at an end of the axis stands inside of it.
Html edge(core::Instant at, const core::Interval& span) {
  const core::Millis near = span.length() / 25;
  if (at - span.begin < near) return " class=\"first\"";
  return span.end - at < near ? Html(" class=\"last\"") : Html();
}

// Marks at round times: the hour, or the day where a mark is a midnight.
Html time_axis(const core::Interval& span, int top) {
  const core::Millis step = step_of(span.length());
  core::Instant at(span.begin.time_since_epoch() / step * step);
  if (at < span.begin) at += step;
  Html svg("<g class=\"times\" transform=\"translate(0 {})\">\n", top);
  for (; at <= span.end; at += step) {
    const std::string text = core::to_text(at);
    const bool midnight = text.substr(11, 5) == "00:00";
    svg += Html(
        "<line x1=\"{0}\" x2=\"{0}\" y1=\"0\" y2=\"5\"/><text{1} x=\"{0}\" y=\"17\">{2}</text>\n",
        percent_of(at - span.begin, span.length()), edge(at, span),
        midnight ? text.substr(5, 5) : text.substr(11, 5));
  }
  return svg + "</g>\n";
}

}  // namespace

std::vector<Outage> outages_of(const core::Assessment& a) {
  std::vector<Outage> outages;
  for (const auto& [i, part] : a.parts) {
    if (!part.lost) continue;
    if (outages.empty() || i - outages.back().last > an_hour(a)) outages.push_back({i, i});
    Outage& outage = outages.back();
    outage.last = i;
    ++outage.lost;
    outage.requests += part.requests;
    outage.errors += part.errors;
    outage.loss += core::error_millionths(part.requests, part.errors);
  }
  std::stable_sort(outages.begin(), outages.end(),
                   [](const Outage& x, const Outage& y) { return x.loss > y.loss; });
  return outages;
}

Html zoom_svg(const core::Assessment& a, const Outage& outage, const std::string& id_prefix,
              const std::string& noun) {
  const std::vector<Bar> bars = bars_of(a, outage);
  const core::Interval span{bars.front().span.begin, bars.back().span.end};
  const core::Interval lost{a.interval_at(outage.first).begin, a.interval_at(outage.last).end};
  constexpr int kErrors = kChartTop + kChart + kGap;
  Html svg(
      "<svg class=\"zoom\" role=\"img\" aria-labelledby=\"{0}-title\" "
      "aria-describedby=\"{0}-desc\" width=\"100%\" height=\"{1}\">\n"
      "<title id=\"{0}-title\">Requests and Errors around {2}</title>\n"
      "<desc id=\"{0}-desc\">{2}: {3} lost, with {4} and {5}. Each bar is {6}.</desc>\n",
      id_prefix, kErrors + kChart + kAxis, span_text(lost), core::counted(outage.lost, noun),
      core::counted(outage.requests, "Request"), core::counted(outage.errors, "Error"),
      length_text(bars.front().span.length()));
  svg += chart(bars, &Bar::requests, "Requests", kChartTop);
  svg += chart(bars, &Bar::errors, "Errors", kErrors);
  return svg + time_axis(span, kErrors + kChart) + "</svg>\n";
}

}  // namespace recoup::report
