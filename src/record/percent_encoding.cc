#include "record/percent_encoding.h"

#include <charconv>

namespace recoup::record {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string percent_decoded(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    char c = text.front();
    std::size_t length = 1;
    if (c == '%' && text.size() > 2) {
      unsigned char byte = 0;
      const char* const end = text.data() + 3;
      const auto [stopped, code] = std::from_chars(text.data() + 1, end, byte, 16);
      if (code == std::errc() && stopped == end) {
        c = static_cast<char>(byte);
        length = 3;
      }
    } else if (c == '+' && plus == Plus::blank) {
      c = ' ';
    }
    out += c;
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace recoup::record
