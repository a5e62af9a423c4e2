#include "report/recent_bars.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/text.h"
#include "report/formula_words.h"
#include "report/html_text.h"
#include "report/now.h"

namespace recoup::report {
namespace {

using core::IntervalPart;
using core::IntervalState;

constexpr std::size_t kRecentBars = 60;
constexpr std::size_t kBarStep = 3;  // of the picture's own pixels; a bar is one less
constexpr std::size_t kBarHeight = 18;

enum class BarKind { served, errors, lost, silent, excluded };

// How each is drawn: from where to where, counted from above; and what the words say of it.
struct BarLook {
  std::string_view css;
  std::size_t top, bottom;
  std::string_view words;
};
constexpr std::array<BarLook, 5> kBarLooks{
    {{"served", 9, kBarHeight, "without Errors"},
     {"errors", 4, kBarHeight, "with Errors that cost nothing"},
     {"lost", 0, kBarHeight, "lost"},
     {"silent", 16, kBarHeight, "not measured"},
     {"excluded", 5, 8, "excluded"}}};

BarKind bar_of(const IntervalPart& part) {
  if (part.state == IntervalState::excluded) return BarKind::excluded;
  if (part.below_100()) return BarKind::lost;
  if (part.errors > 0) return BarKind::errors;
  return part.requests > 0 ? BarKind::served : BarKind::silent;
}

std::vector<BarKind> newest_bars(const core::Assessment& a, core::Instant at) {
  std::vector<BarKind> bars;
  if (a.parts.empty()) return bars;
  const std::size_t end = interval_index(a, at) + 1;
  for (std::size_t i = end - std::min(end, kRecentBars); i < end; ++i)
    bars.push_back(bar_of(a.parts[i]));
  return bars;
}

// "The newest 60 intervals of 5 minutes: 58 without Errors, 2 lost"; the last one may not be over.
std::string bars_in_words(const core::Judgement& judgement, const std::vector<BarKind>& bars) {
  const std::string noun = words_of(judgement.version->formula).noun;
  std::string text = "The newest " + core::counted(bars.size(), noun);
  if (noun != "minute") text += " of " + length_text(judgement.assessment.interval);
  char before = ':';
  for (std::size_t kind = 0; kind < kBarLooks.size(); ++kind) {
    const auto count = std::count(bars.begin(), bars.end(), static_cast<BarKind>(kind));
    if (count == 0) continue;
    text += fmt::format("{} {} {}", before, count, kBarLooks[kind].words);
    before = ',';
  }
  return text;
}

// Bars that are alike are one line, which the styles cut into pieces.
Html bar_paths(const std::vector<BarKind>& bars) {
  std::array<std::string, kBarLooks.size()> paths;
  const std::size_t left = (kRecentBars - bars.size()) * kBarStep;
  for (std::size_t begin = 0, end = 0; begin < bars.size(); begin = end) {
    while (end < bars.size() && bars[end] == bars[begin]) ++end;
    const BarLook& look = kBarLooks[static_cast<std::size_t>(bars[begin])];
    const std::size_t doubled = look.top + look.bottom;  // its middle, which may be a half
    paths[static_cast<std::size_t>(bars[begin])] +=
        fmt::format("M{} {}{}h{}", left + begin * kBarStep, doubled / 2,
                    doubled % 2 == 0 ? "" : ".5", (end - begin) * kBarStep);
  }
  Html html;
  for (std::size_t kind = 0; kind < paths.size(); ++kind) {
    if (paths[kind].empty()) continue;
    const BarLook& look = kBarLooks[kind];
    html += Html("<path class=\"{}\" stroke-width=\"{}\" d=\"{}\"/>", look.css,
                 look.bottom - look.top, paths[kind]);
  }
  return html;
}

}  // namespace

Html recent_bars_html(const core::Judgement& judgement, core::Instant at) {
  const std::vector<BarKind> bars = newest_bars(judgement.assessment, at);
  if (bars.empty()) return {};
  return Html(
      "<svg class=\"recent\" role=\"img\" aria-label=\"{0}\" width=\"{1}\" height=\"{2}\" "
      "viewBox=\"0 0 {1} {2}\">{3}</svg>",
      bars_in_words(judgement, bars), kRecentBars * kBarStep, kBarHeight, bar_paths(bars));
}

}  // namespace recoup::report
