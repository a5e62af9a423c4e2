#include "web/http/target.h"

#include <algorithm>
#include <charconv>

namespace recoup::web {
namespace {

// A blank or a control character.
bool must_be_encoded(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }

std::string decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    char c = text.front();
    std::size_t length = 1;
    unsigned char byte = 0;
    if (c == '%' && text.size() > 2) {
      const auto [end, code] = std::from_chars(text.data() + 1, text.data() + 3, byte, 16);
      if (code == std::errc() && end == text.data() + 3) {
        c = static_cast<char>(byte);
        length = 3;
      }
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    out += c;
    text.remove_prefix(length);
  }
  return out;
}

std::map<std::string, std::string> query_of(std::string_view text) {
  std::map<std::string, std::string> query;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    if (!pair.empty()) query.emplace(decoded(pair.substr(0, equals), true), decoded(value, true));
  }
  return query;
}

}  // namespace

core::Result<Target> parse_target(std::string_view target) {
  if (std::any_of(target.begin(), target.end(), must_be_encoded)) {
    return core::Error{"the address holds a character that must be percent-encoded"};
  }
  if (target.find("%00") != std::string_view::npos) {
    return core::Error{"the address holds %00, which is in no name"};
  }
  const auto mark = std::min(target.find('?'), target.size());
  return Target{decoded(target.substr(0, mark), false),
                query_of(target.substr(std::min(mark + 1, target.size())))};
}

}  // namespace recoup::web
