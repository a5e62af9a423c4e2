#pragma once

#include <cstring>
#include <string_view>

#include "sources/logs/formats/text.h"

// What a line of an access log has, wherever its parts were found.
namespace recoup::sources {

// Host, ident and user stand before the time.
inline bool has_three_words(const char* p, const char* end) {
  // Hardly anybody is known by name: "192.0.2.1 - - ".
  constexpr std::string_view kNobody = " - - ";
  if (end - p > 5 && std::memcmp(end - kNobody.size(), kNobody.data(), kNobody.size()) == 0 &&
      !is_space(*p)) {
    return true;
  }
  int words = 0;
  bool inside = false;
  for (; p != end && words < 3; ++p) {
    const bool in_word = !is_space(*p);
    words += in_word && !inside ? 1 : 0;
    inside = in_word;
  }
  return words >= 3;
}

// Where the size behind a status ends, if " DDD size" stands at `p` and white space, a quote or the
// end follows.
inline const char* status_and_size(const char* p, const char* end) {
  if (end - p < 6 || p[0] != ' ' || !is_digit(p[1]) || !is_digit(p[2]) || !is_digit(p[3]) ||
      p[4] != ' ') {
    return nullptr;
  }
  p += 5;
  if (*p == '-') {
    ++p;
  } else {
    if (!is_digit(*p)) return nullptr;
    while (p != end && is_digit(*p)) ++p;
  }
  return p == end || is_space(*p) || *p == '"' ? p : nullptr;
}

// Whether '" "recoup/…' begins with the quote, which ends the referrer.
inline bool own_agent_behind(const char* quote, const char* end) {
  constexpr std::string_view kOwn = "\" \"recoup/";
  if (end - quote < 4 || quote[3] != 'r') return false;  // as nearly all
  return text_between(quote, end).starts_with(kOwn);
}

// Whether ' "' follows the size.
inline bool has_referrer(const char* size, const char* end) {
  return end - size >= 2 && size[0] == ' ' && size[1] == '"';
}

// Of a quote that status_and_size() follow.
inline int status_behind(const char* quote) {
  return two_digits(quote + 2) * 10 + (quote[4] - '0');
}

}  // namespace recoup::sources
