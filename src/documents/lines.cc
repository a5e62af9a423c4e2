#include "documents/lines.h"

#include <algorithm>

namespace recoup::documents {

std::size_t character_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length > text.size()) return 1;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 1;
  }
  return length;
}

Lines::Lines(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool ascii = std::all_of(line.begin(), line.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    lines_.push_back({line, ascii});
  }
}

std::string_view Lines::operator[](int line) const {
  return line >= 1 && line <= count() ? lines_[static_cast<std::size_t>(line) - 1].text
                                      : std::string_view();
}

std::size_t Lines::byte_of(const Line& line, int column) {
  const auto skipped = static_cast<std::size_t>(std::max(column, 1) - 1);
  if (line.ascii) return std::min(skipped, line.text.size());
  std::string_view rest = line.text;
  for (std::size_t i = 0; i < skipped && !rest.empty(); ++i) {
    rest.remove_prefix(character_length(rest));
  }
  return line.text.size() - rest.size();
}

std::string_view Lines::slice(const Span& span) const {
  if (span.line < 1 || span.line > count()) return {};
  const Line& line = lines_[static_cast<std::size_t>(span.line) - 1];
  const std::size_t begin = byte_of(line, span.column);
  const std::size_t end =
      span.end_line > span.line ? line.text.size() : byte_of(line, span.end_column);
  return line.text.substr(begin, std::max(begin, end) - begin);
}

}  // namespace recoup::documents
