#pragma once

#include <bit>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

// The first white space in [p, end); the end where there is none. Words are of any length, so that
// a look at byte after byte guesses wrong at the end of nearly every one.
inline const char* find_space(const char* p, const char* end) {
#ifdef __SSE2__
  constexpr int kLane = 16;
  const auto same = [](__m128i bytes, int c) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(static_cast<char>(c)));
  };
  const auto within = [](__m128i bytes, int first, int last) {
    const __m128i from_first = _mm_sub_epi8(bytes, _mm_set1_epi8(static_cast<char>(first)));
    const __m128i most = _mm_set1_epi8(static_cast<char>(last - first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from_first, most), from_first);
  };
  for (; end - p >= kLane; p += kLane) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i spaces =
        _mm_or_si128(_mm_or_si128(within(bytes, 0x09, 0x0d), within(bytes, 0x1c, 0x20)),
                     _mm_or_si128(same(bytes, 0x85), same(bytes, 0xa0)));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(spaces));
    if (found != 0) return p + std::countr_zero(found);
  }
#endif
  while (p != end && !is_space(*p)) ++p;
  return p;
}

// The next word of what is left of a line, which begins behind it afterwards; empty at its end.
inline std::string_view take_word(std::string_view& rest) {
  const char* p = rest.data();
  const char* const end = p + rest.size();
  while (p != end && is_space(*p)) ++p;
  const char* const begin = p;
  p = find_space(p, end);
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
    if (quote == begin || quote[-1] != '\\') return quote;
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
