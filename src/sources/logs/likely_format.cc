#include "sources/logs/likely_format.h"

#include <algorithm>
#include <array>

#include "sources/logs/format.h"

namespace recoup::sources {
namespace {

bool is_cloudtrail(std::string_view line) {
  return line.starts_with('{') &&
         (line.find("\"Records\"") < 16 || line.find("\"eventVersion\"") != std::string_view::npos);
}

bool is_json(std::string_view line) {
  return line.starts_with('{') && line.find(':') != std::string_view::npos;
}

// What is no format of lines, or is read only with the names of its fields.
struct Shape {
  bool (*fits)(std::string_view line);
  const char* name;
  const char* format = "";
};

// What is more particular comes first.
constexpr std::array<Shape, 2> kShapes{
    {{is_cloudtrail, "a CloudTrail log file", kTrailFormat}, {is_json, "JSON lines", "json"}}};

}  // namespace

LikelyFormat likely_format(const std::vector<std::string>& lines, const FormatOptions& options) {
  const Format* best = nullptr;
  std::ptrdiff_t most = 0;
  for (const Format* format : formats()) {
    const auto fits = [&](const std::string& line) { return format->fits(line, options); };
    const auto count = std::count_if(lines.begin(), lines.end(), fits);
    if (count > most) best = format;
    most = std::max(most, count);
  }
  if (best != nullptr) return {std::string(best->what), best->name};
  for (const Shape& shape : kShapes) {
    if (std::any_of(lines.begin(), lines.end(), shape.fits)) return {shape.name, shape.format};
  }
  return {};
}

}  // namespace recoup::sources
