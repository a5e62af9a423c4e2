#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

// How the matchers of redact() look at a text. For redact*.cc alone.
namespace recoup::record::scan {

// One find: what stands in [begin, end) of the text is replaced.
struct Find {
  std::size_t begin;
  std::size_t end;
};

inline constexpr auto npos = std::string_view::npos;

// Letters and digits are those of ASCII, whatever the locale.
inline bool digit(char c) { return c >= '0' && c <= '9'; }
inline bool upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool alnum(char c) { return digit(c) || upper(c) || lower(c); }
inline bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
inline bool base64(char c) { return alnum(c) || c == '+' || c == '/'; }
inline bool beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
inline bool local_part(char c) {
  return alnum(c) || c == '.' || c == '_' || c == '+' || c == '-' || beyond_ascii(c);
}
inline bool host(char c) { return alnum(c) || c == '.' || c == '-' || beyond_ascii(c); }
inline bool name(char c) { return alnum(c) || c == '-' || c == '_'; }
inline char to_lower(char c) { return upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// Where the run of such characters ends that begins at `at`.
template <typename Is>
std::size_t run_end(std::string_view text, std::size_t at, Is is) {
  while (at < text.size() && is(text[at])) ++at;
  return at;
}

// Whether such a run would begin at `at`, and not before.
template <typename Is>
bool starts_run(std::string_view text, std::size_t at, Is is) {
  return at == 0 || !is(text[at - 1]);
}

// Whether `text` has `word` at `at`, in any case; `word` is in lower case.
inline bool has_word(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, char b) { return a == to_lower(b); });
}

inline bool all_hex(std::string_view text) { return std::all_of(text.begin(), text.end(), hex); }

// How long the escape is that begins at `at`: "%3A" in a URL, "\n" or "\u003d" in JSON; 0 if none.
inline std::size_t escape_length(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at, 6);
  if (rest.size() >= 3 && rest[0] == '%' && all_hex(rest.substr(1, 2))) return 3;
  if (rest.size() == 6 && rest.starts_with("\\u") && all_hex(rest.substr(2))) return 6;
  return rest.size() >= 2 && rest[0] == '\\' && lower(rest[1]) ? 2 : 0;
}

// Whether the letters and digits before `at` are an escape and not a word.
inline bool after_escape(std::string_view text, std::size_t at) {
  for (const std::size_t length : {2u, 3u, 6u}) {
    if (at >= length && escape_length(text, at - length) == length) return true;
  }
  return false;
}

// Whether a word may begin at `at`.
inline bool word_begins(std::string_view text, std::size_t at) {
  return at == 0 || !alnum(text[at - 1]) || after_escape(text, at);
}

inline bool word_ends(std::string_view text, std::size_t at) {
  return at >= text.size() || !alnum(text[at]);
}

}  // namespace recoup::record::scan
