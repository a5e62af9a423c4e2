#pragma once

#include <cstring>
#include <string_view>

#include "sources/logs/formats/lines.h"

// What the lines of most logs are made of: digits, words, quotes. Whole formats are read by these
// at a gigabyte a second, so they are here and not behind a call.
namespace recoup::sources {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline int two_digits(const char* p) { return (p[0] - '0') * 10 + (p[1] - '0'); }

inline std::string_view text_between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// The number that three digits are; -1 where they are none.
inline int status_of(std::string_view text) {
  if (text.size() != 3 || !is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[2])) return -1;
  return two_digits(text.data()) * 10 + (text[2] - '0');
}

// The next word of what is left of a line, which begins behind it afterwards; empty at its end.
inline std::string_view take_word(std::string_view& rest) {
  const char* p = rest.data();
  const char* const end = p + rest.size();
  while (p != end && is_space(*p)) ++p;
  const char* const begin = p;
  while (p != end && !is_space(*p)) ++p;
  rest = text_between(p, end);
  return text_between(begin, p);
}

inline const char* find_quote(const char* p, const char* end) {
  return p == end
             ? nullptr
             : static_cast<const char*>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
}

// The first quote in [begin, end) that no backslash escapes.
inline const char* closing_quote(const char* begin, const char* end) {
  for (const char* quote = find_quote(begin, end); quote != nullptr;
       quote = find_quote(quote + 1, end)) {
    const char* first = quote;
    while (first != begin && first[-1] == '\\') --first;
    if ((quote - first) % 2 == 0) return quote;
  }
  return nullptr;
}

// What stands in the quotes that begin the rest of a line behind white space, and is taken from it;
// empty, and nothing taken, where there are none.
inline std::string_view take_quoted(std::string_view& rest) {
  const char* p = rest.data();
  const char* const end = p + rest.size();
  while (p != end && is_space(*p)) ++p;
  if (p == end || *p != '"') return {};
  const char* const quote = closing_quote(p + 1, end);
  if (quote == nullptr) return {};
  rest = text_between(quote + 1, end);
  return text_between(p + 1, quote);
}

// "-" stands for nothing.
inline std::string_view or_nothing(std::string_view text) {
  return text == "-" ? std::string_view() : text;
}

inline bool has_value(std::string_view text) { return !or_nothing(text).empty(); }

// Whether it is the User-Agent of our own probes.
inline bool is_own_agent(std::string_view agent) { return agent.starts_with("recoup/"); }

}  // namespace recoup::sources
