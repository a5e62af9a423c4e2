#include "sources/logs/shown.h"

#include <fmt/format.h>

#include "record/redact.h"

namespace recoup::sources {
namespace {

constexpr std::size_t kEscapeSize = 4;

// Cut where a word ends: half of a secret may not look like one any more.
std::string_view cut(std::string_view raw, std::size_t most) {
  if (raw.size() <= most) return raw;
  const auto word_end = raw.find_last_of(" /\t", most);
  return raw.substr(0, word_end == std::string_view::npos ? 0 : word_end);
}

}  // namespace

std::string shown(std::string_view raw, std::size_t most) {
  return printable(record::redact(cut(raw, most)), most);
}

std::string printable(std::string_view raw, std::size_t most) {
  std::string text;
  for (const char c : raw) {
    const bool is_plain = c >= ' ' && c <= '~';
    if (text.size() + (is_plain ? 1 : kEscapeSize) > most) break;
    if (is_plain) {
      text += c;
    } else {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

}  // namespace recoup::sources
