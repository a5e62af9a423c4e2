#include "sources/logs/input.h"

#include <cstring>

#include <fmt/format.h>

namespace recoup::sources {
namespace {

constexpr std::size_t kChunk = 1 << 20;
constexpr std::size_t kKeptOfLongLine = 1 << 12;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

LogInput::LogInput(const std::string& path, std::vector<KnownFile> known, OnProgress progress)
    : content_(path, std::move(progress)),
      digest_(std::move(known)),
      buffer_(kLongestLine + kChunk) {}

core::Result<void> LogInput::state() const {
  if (content_.state()) return {};
  core::Error error = content_.state().error();
  if (digest_.bytes() > 0) {
    error.message += fmt::format(", after {} lines and {} bytes", lines_, digest_.bytes());
  }
  return error;
}

bool LogInput::next(Line& line) {
  std::size_t searched = 0;
  for (;;) {
    const std::string_view rest = held();
    const auto* newline =
        static_cast<const char*>(std::memchr(rest.data() + searched, '\n', rest.size() - searched));
    if (newline != nullptr) {
      const auto size = static_cast<std::size_t>(newline - rest.data());
      begin_ += size + 1;
      give(line, rest.substr(0, size));
      return true;
    }
    if (rest.size() > kLongestLine) return cut_line(line);
    searched = rest.size();
    if (fill()) continue;
    if (end_ == begin_ || !content_.state()) return false;
    give(line, held());
    line.open = true;
    begin_ = end_;
    return true;
  }
}

// Brings more content behind what is held; false when there is none.
bool LogInput::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const std::size_t got = content_.read(buffer_.data() + end_, buffer_.size() - end_);
  digest_.update({buffer_.data() + end_, got});
  has_carriage_return_ =
      has_carriage_return_ || std::memchr(buffer_.data() + end_, '\r', got) != nullptr;
  end_ += got;
  return got > 0;
}

// Reads on to the end of a line that does not fit and gives out its beginning.
bool LogInput::cut_line(Line& line) {
  long_line_ = held().substr(0, kKeptOfLongLine);
  for (;;) {
    const std::string_view rest = held();
    if (const auto newline = rest.find('\n'); newline != std::string_view::npos) {
      begin_ += newline + 1;
      break;
    }
    begin_ = end_;
    if (fill()) continue;
    if (!content_.state()) return false;
    break;
  }
  line = {long_line_, ++lines_, true, false};
  return true;
}

void LogInput::give(Line& line, std::string_view text) {
  const bool too_long = text.size() > kLongestLine;
  if (too_long) text = text.substr(0, kKeptOfLongLine);
  while (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  if (lines_ == 0 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  line = {text, ++lines_, too_long, false};
}

}  // namespace recoup::sources
