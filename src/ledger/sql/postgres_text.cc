#include "ledger/sql/postgres_text.h"

#include <cstdint>

namespace recoup::ledger {
namespace {

// U+10FE00 to U+10FEFF are F4 8F B8 80 to F4 8F BB BF.
constexpr std::size_t kStandInSize = 4;

std::uint8_t at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

bool is_stand_in(std::string_view text, std::size_t i) {
  return i + kStandInSize <= text.size() && at(text, i) == 0xf4 && at(text, i + 1) == 0x8f &&
         at(text, i + 2) >= 0xb8 && at(text, i + 2) <= 0xbb && (at(text, i + 3) & 0xc0) == 0x80;
}

void add_stand_in(std::string& to, std::uint8_t byte) {
  to += "\xf4\x8f";
  to += static_cast<char>(0xb8 | (byte >> 6));
  to += static_cast<char>(0x80 | (byte & 0x3f));
}

// The length of the character that begins there, by the table of RFC 3629; 0 where none does.
std::size_t character_size(std::string_view text, std::size_t i) {
  const std::uint8_t first = at(text, i);
  if (first < 0x80) return first == 0 ? 0 : 1;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || i + size > text.size()) return 0;
  const std::uint8_t second = at(text, i + 1);
  const std::uint8_t least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const std::uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (std::size_t more = 2; more < size; ++more) {
    if ((at(text, i + more) & 0xc0) != 0x80) return 0;
  }
  return size;
}

}  // namespace

std::string to_postgres_text(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = is_stand_in(text, i) ? 0 : character_size(text, i);
    if (size == 0) {
      add_stand_in(kept, at(text, i++));
      continue;
    }
    kept += text.substr(i, size);
    i += size;
  }
  return kept;
}

std::string from_postgres_text(std::string_view kept) {
  std::string text;
  text.reserve(kept.size());
  for (std::size_t i = 0; i < kept.size();) {
    if (!is_stand_in(kept, i)) {
      text += kept[i++];
      continue;
    }
    const int value = (at(kept, i + 2) & 0x03) << 6 | (at(kept, i + 3) & 0x3f);
    text += static_cast<char>(value);
    i += kStandInSize;
  }
  return text;
}

bool is_plain_postgres_text(std::string_view kept) {
  return kept.find("\xf4\x8f") == std::string_view::npos;
}

}  // namespace recoup::ledger
