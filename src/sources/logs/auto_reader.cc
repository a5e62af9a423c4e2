#include "sources/logs/auto_reader.h"

#include <vector>

#include <fmt/format.h>

#include "sources/logs/formats/lines.h"
#include "sources/logs/likely_format.h"
#include "sources/logs/shown.h"

namespace recoup::sources {
namespace {

// A server may have much to say before its first request.
constexpr std::size_t kEnough = 1 << 16;
constexpr std::size_t kMostLines = 200;
constexpr std::size_t kLongestShown = 200;

std::vector<std::string> first_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < kMostLines) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (lines.empty() && line.starts_with(kByteOrderMark)) {
      line.remove_prefix(kByteOrderMark.size());
    }
    if (!is_blank(line)) lines.emplace_back(line);
  }
  return lines;
}

core::Error none_fits(const std::vector<std::string>& lines, const LikelyFormat& likely) {
  core::Error error{fmt::format("expected a log in one of the formats {}, got lines of none: {}",
                                format_names(), shown(lines.front(), kLongestShown)),
                    "", "name its format with --format; see `recoup import --help`"};
  if (!likely.name.empty()) {
    error.help =
        fmt::format("it looks like {}: import it with --format {}", likely.name, likely.format);
  }
  return error;
}

}  // namespace

core::Result<void> AutoReader::take(std::string_view bytes, Intake& intake) {
  if (reader_) return reader_->take(bytes, intake);
  held_ += bytes;
  const bool has_line = held_.find('\n') != std::string::npos;
  if (held_.size() < (has_line ? kEnough : LineReader::kLongestLine)) return {};
  return choose(intake);
}

core::Result<void> AutoReader::finish(Intake& intake) {
  if (!reader_) {
    if (const auto chosen = choose(intake); !chosen) return chosen;
  }
  return reader_->finish(intake);
}

core::Result<void> AutoReader::choose(Intake& intake) {
  const auto lines = first_lines(held_);
  const Format* format = formats().front();  // any of them finds nothing in nothing
  if (!lines.empty()) {
    const LikelyFormat likely = likely_format(lines, options_);
    format = find_format(likely.format);
    if (format == nullptr) return none_fits(lines, likely);
  }
  if (const auto checked = check_options(*format, options_); !checked) return checked;
  intake.is_of(format->name);
  reader_ = format->reader(options_);
  const auto taken = reader_->take(held_, intake);
  held_ = {};
  return taken;
}

core::Result<std::unique_ptr<Reader>> make_reader(const std::string& format,
                                                  const FormatOptions& options, Intake& intake) {
  if (format == kAutoFormat) {
    return std::unique_ptr<Reader>(std::make_unique<AutoReader>(options));
  }
  const Format* known = find_format(format);
  if (known == nullptr) {
    return core::Error{fmt::format("expected a log format, got '{}'", format), "",
                       fmt::format("the formats are {} and {}", format_names(), kAutoFormat)};
  }
  if (const auto checked = check_options(*known, options); !checked) return checked.error();
  intake.is_of(known->name);
  return known->reader(options);
}

}  // namespace recoup::sources
