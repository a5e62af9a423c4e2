#include "cli/terminal.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/text.h"
#include "record/redact.h"

namespace recoup::cli {
namespace {

// Of text in UTF-8.
bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// What the command line says of standard output.
struct Output {
  std::optional<bool> colours;  // nothing: as it is a terminal
  bool wide = false;
};

Output& chosen_output() {
  static Output words;
  return words;
}

std::string environment_text(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? "" : value;
}

// What COLUMNS says, where that is a width.
std::optional<std::size_t> width_by_columns() {
  const std::string text = environment_text("COLUMNS");
  if (text.empty() || text.size() > 4) return std::nullopt;
  std::size_t width = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    width = width * 10 + static_cast<std::size_t>(c - '0');
  }
  return width;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

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

core::Result<void> set_colours(const std::string& name) {
  if (name == "auto") {
    chosen_output().colours.reset();
  } else if (name == "always" || name == "never") {
    chosen_output().colours = name == "always";
  } else {
    return core::Error{fmt::format("expected auto, always or never, got '{}'", name)};
  }
  return {};
}

bool has_colours() {
  if (chosen_output().colours) return *chosen_output().colours;
  return isatty(STDOUT_FILENO) == 1 && environment_text("NO_COLOR").empty();
}

std::string painted(Paint paint, std::string_view text) {
  constexpr int kCodes[] = {0, 1, 2, 32, 33, 31};
  if (paint == Paint::none || text.empty() || !has_colours()) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", kCodes[static_cast<std::size_t>(paint)], text);
}

void set_wide() { chosen_output().wide = true; }

std::optional<std::size_t> output_width() {
  constexpr std::size_t kUsual = 80, kLeast = 20;
  if (chosen_output().wide || isatty(STDOUT_FILENO) != 1) return std::nullopt;
  winsize size{};
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return std::max(kLeast,
                  is_known ? std::size_t{size.ws_col} : width_by_columns().value_or(kUsual));
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

std::string wrapped(std::string_view text, std::size_t width, std::optional<std::size_t> hanging) {
  const auto indent = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t inner = hanging.value_or(indent + 4);
  const std::string further = '\n' + std::string(inner, ' ');
  std::string out(text.substr(0, indent));
  std::size_t column = indent;
  bool first = true;
  for (text.remove_prefix(indent); !text.empty();) {
    auto end = text.find(' ');
    // A number keeps its sign.
    while (end != std::string_view::npos && text.substr(end + 1).starts_with('%')) {
      end = text.find(' ', end + 1);
    }
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!first && column + 1 + width_of(word) > width) {
      out.erase(out.find_last_not_of(' ') + 1);
      out += further;
      column = inner;
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

std::size_t line_width() {
  constexpr std::size_t kUsual = 100;
  return std::min(kUsual, output_width().value_or(kUsual));
}

std::string wrapped(std::string_view text) { return wrapped(text, line_width()); }

std::string labelled(std::string_view label, std::string_view words) {
  constexpr std::size_t kWordsAt = 13;
  const std::string text = fmt::format("  {:<10} {}", label, words);
  const auto width = output_width();
  return width ? wrapped(text, *width, kWordsAt) : text;
}

std::string prose(std::string_view text) {
  const auto width = output_width();
  if (!width) return std::string(text);
  std::string out;
  while (true) {
    const auto end = text.find('\n');
    out += wrapped(text.substr(0, end), *width);
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string aside(std::string_view text, std::size_t indent) {
  const std::string blanks(indent, ' ');
  const auto width = output_width();
  return width ? wrapped(blanks + std::string(text), *width, indent + 2) : blanks + wrapped(text);
}

}  // namespace recoup::cli
