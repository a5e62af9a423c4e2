#include "cli/terminal.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "core/text.h"
#include "record/redact.h"

namespace recoup::cli {
namespace {

// Of text in UTF-8.
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

}  // namespace

void say(std::string_view line) {
  fmt::print("{}\n", record::visible(line));
  std::fflush(stdout);
}

Exit complain(const core::Error& error, Exit exit) {
  std::string text = error.message;
  // A complaint about a file already has its place and form (config/diagnostic.h).
  if (text.find(": error: ") == std::string::npos) {
    text = fmt::format("{}: error: {}", error.where.empty() ? "recoup" : error.where, text);
  }
  if (!error.help.empty()) text += "\nhelp: " + error.help;
  if (text.back() != '\n') text += '\n';
  fmt::print(stderr, "{}", record::visible(text));
  return exit;
}

ProgressLine::ProgressLine(std::string label)
    : label_(std::move(label)), visible_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (visible_ && shown_percent_ <= 100) fmt::print(stderr, "\r\033[K");
}

bool has_colours() {
  const char* const none = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
  return isatty(STDOUT_FILENO) == 1 && (none == nullptr || *none == '\0');
}

void ProgressLine::show(std::uint64_t done, std::uint64_t all) {
  if (!visible_ || all == 0) return;
  const std::uint64_t percent = done >= all ? 100 : done * 100 / all;
  if (percent == shown_percent_) return;
  shown_percent_ = percent;
  fmt::print(stderr, "\r\033[K{} {} %", label_, percent);
}

std::string percent(const core::Ratio& share) { return core::percent_text(share) + " %"; }

std::string brief_percent(const core::Ratio& share) { return core::short_percent(share) + " %"; }

std::string cut(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  std::size_t begun = 0;
  const auto end = std::find_if(text.begin(), text.end(),
                                [&](char c) { return begins_character(c) && ++begun == width; });
  return std::string(text.begin(), end) + "…";
}

std::string wrapped(std::string_view text, std::size_t width) {
  const auto indent = std::min(text.find_first_not_of(' '), text.size());
  const std::string further = '\n' + std::string(indent + 4, ' ');
  std::string out(text.substr(0, indent));
  std::size_t column = indent;
  bool first = true;
  for (text.remove_prefix(indent); !text.empty();) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!first && column + 1 + width_of(word) > width) {
      out += further;
      column = indent + 4;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width_of(word);
    first = false;
  }
  return out;
}

void TextTable::print() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths[i] == 0) continue;
      line += "  " + row[i] + std::string(widths[i] - width_of(row[i]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    say(line);
  }
}

}  // namespace recoup::cli
