#include "record/series.h"

#include <array>
#include <utility>

namespace recoup::record {
namespace {

constexpr std::array<std::pair<SeriesKind, std::string_view>, 5> kKinds{
    {{SeriesKind::probe, "probe"},
     {SeriesKind::file, "log"},
     {SeriesKind::stream, "stream"},
     {SeriesKind::query, "query"},
     {SeriesKind::sdk, "sdk"}}};

}  // namespace

std::string_view to_text(SeriesKind kind) { return kKinds[static_cast<std::size_t>(kind)].second; }

std::optional<SeriesKind> parse_series_kind(std::string_view text) {
  for (const auto& [kind, name] : kKinds) {
    if (text == name) return kind;
  }
  return std::nullopt;
}

}  // namespace recoup::record
