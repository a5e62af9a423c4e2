#include "web/pages/page_latency.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/text.h"
#include "report/html_text.h"
#include "web/pages/page_month.h"

namespace recoup::web {
namespace {

using core::Ratio;
using record::Histogram;

constexpr std::size_t kMostProbes = 50;
constexpr std::size_t kBuckets = Histogram::kBoundsMs.size() + 1;

std::string bound_text(std::size_t bucket) {
  if (bucket + 1 == kBuckets) return "over " + bound_text(bucket - 1);
  const auto ms = Histogram::kBoundsMs[bucket];
  if (ms < 1000) return fmt::format("{} ms", ms);
  return ms % 1000 == 0 ? fmt::format("{} s", ms / 1000)
                        : fmt::format("{}.{} s", ms / 1000, ms % 1000 / 100);
}

// The buckets as bars, from the fastest.
Html bars(const Histogram& histogram) {
  constexpr std::uint64_t kHigh = 26;
  constexpr int kEach = 8;
  const auto& counts = histogram.counts();
  const std::uint64_t most = *std::max_element(counts.begin(), counts.end());
  Html svg(
      "<svg class=\"spark\" aria-hidden=\"true\" focusable=\"false\" width=\"{}\" height=\"{}\">",
      kEach * kBuckets, kHigh + 1);
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (counts[i] == 0) continue;
    const std::uint64_t high = std::max<std::uint64_t>(1, counts[i] * kHigh / most);
    svg += Html("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}: {}</title></rect>",
                kEach * i, kHigh - high, kEach - 1, high, bound_text(i), core::grouped(counts[i]));
  }
  return svg + Html("<line x1=\"0\" x2=\"100%\" y1=\"{0}.5\" y2=\"{0}.5\"/></svg>", kHigh);
}

}  // namespace

Html within_html(const Histogram& histogram, const Ratio& share) {
  const Ratio wanted = share * Ratio::whole(histogram.count());
  if (histogram.count() == 0) return "&ndash;";
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    so_far += histogram.counts()[i];
    if (Ratio::whole(so_far) >= wanted) return bound_text(i);
  }
  return bound_text(kBuckets - 1);
}

Html latency_section(const MonthView& view) {
  if (!view.running) return {};
  report::HtmlTable table("percentiles",
                          "The time within which so many answers came, since the service started",
                          {{"Probe"},
                           {"Answers", true},
                           {"50 %", true},
                           {"95 %", true},
                           {"99 %", true},
                           {"99.9 %", true},
                           {"Spread"}});
  std::size_t probes = 0;
  for (const record::ProbeCounts& probe : view.snapshot->probes) {
    if (probe.agreement != view.id() || ++probes > kMostProbes) continue;
    std::vector<Html> cells{report::outside_html(probe.probe),
                            core::grouped(probe.duration.count())};
    for (const Ratio& share : {Ratio(1, 2), Ratio(95, 100), Ratio(99, 100), Ratio(999, 1000)}) {
      cells.push_back(within_html(probe.duration, share));
    }
    cells.push_back(bars(probe.duration));
    table.row(cells);
  }
  if (probes == 0) {
    return report::section("latency", "How fast answers come",
                           report::paragraph("It has no probes: a log says what was answered, and "
                                             "the counts of it not how fast."));
  }
  Html html = table.scrolling();
  if (probes > kMostProbes) {
    html += report::paragraph(
        fmt::format("These are {} of {} probes.", kMostProbes, core::grouped(probes)), "note");
  }
  return report::section("latency", "How fast answers come", html);
}

}  // namespace recoup::web
