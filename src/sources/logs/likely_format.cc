#include "sources/logs/likely_format.h"

#include <algorithm>
#include <array>

#include "sources/logs/format.h"

namespace recoup::sources {
namespace {

// The words of a line, as many as are looked at.
std::vector<std::string_view> words(std::string_view line) {
  constexpr std::size_t kMost = 16;
  std::vector<std::string_view> words;
  while (words.size() < kMost) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) break;
    const std::size_t end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

bool is_cloudfront(std::string_view line) {
  return line.starts_with("#Version: 1.") || line.starts_with("#Fields: date time x-edge-location");
}

bool is_s3(std::string_view line) {
  constexpr std::size_t kOwner = 64;
  const auto word = words(line);
  return word.size() > 8 && word[0].size() == kOwner &&
         word[0].find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         word[2].starts_with('[');
}

bool is_cloudtrail(std::string_view line) {
  return line.starts_with('{') &&
         (line.find("\"Records\"") < 16 || line.find("\"eventVersion\"") != std::string_view::npos);
}

bool is_json(std::string_view line) { return line.starts_with('{') || line.starts_with("[{"); }

// What is known and not read.
struct Shape {
  bool (*fits)(std::string_view line);
  const char* name;
};

// What is more particular comes first.
constexpr std::array<Shape, 4> kShapes{{{is_cloudfront, "a CloudFront standard log"},
                                        {is_s3, "an S3 server access log"},
                                        {is_cloudtrail, "a CloudTrail log file"},
                                        {is_json, "JSON lines"}}};

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
    if (std::any_of(lines.begin(), lines.end(), shape.fits)) return {shape.name, {}};
  }
  return {};
}

}  // namespace recoup::sources
