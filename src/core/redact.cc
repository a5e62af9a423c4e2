#include "core/redact.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace recoup::core {
namespace {

// One find: what stands in [begin, end) of the text is replaced.
struct Find {
  std::size_t begin;
  std::size_t end;
};

constexpr std::string_view kMask = "****";
constexpr auto npos = std::string_view::npos;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool alnum(char c) { return digit(c) || upper(c) || lower(c); }
bool hex(char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool base64(char c) { return alnum(c) || c == '+' || c == '/'; }
bool beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool local_part(char c) {
  return alnum(c) || c == '.' || c == '_' || c == '+' || c == '-' || beyond_ascii(c);
}
bool host(char c) { return alnum(c) || c == '.' || c == '-' || beyond_ascii(c); }
bool name(char c) { return alnum(c) || c == '-' || c == '_'; }
char to_lower(char c) { return upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

template <typename Is>
std::size_t run_end(std::string_view text, std::size_t at, Is is) {
  while (at < text.size() && is(text[at])) ++at;
  return at;
}

template <typename Is>
bool starts_run(std::string_view text, std::size_t at, Is is) {
  return at == 0 || !is(text[at - 1]);
}

// Whether `text` has `word` at `at`, in any case; `word` is in lower case.
bool has_word(std::string_view text, std::size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, char b) { return a == to_lower(b); });
}

bool all_hex(std::string_view text) { return std::all_of(text.begin(), text.end(), hex); }

// How long the escape is that begins at `at`: "%3A" in a URL, "\n" or "\u003d" in JSON; 0 if none.
std::size_t escape_length(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at, 6);
  if (rest.size() >= 3 && rest[0] == '%' && all_hex(rest.substr(1, 2))) return 3;
  if (rest.size() == 6 && rest.starts_with("\\u") && all_hex(rest.substr(2))) return 6;
  return rest.size() >= 2 && rest[0] == '\\' && lower(rest[1]) ? 2 : 0;
}

// Whether the letters and digits before `at` are an escape and not a word.
bool after_escape(std::string_view text, std::size_t at) {
  for (const std::size_t length : {2u, 3u, 6u}) {
    if (at >= length && escape_length(text, at - length) == length) return true;
  }
  return false;
}

// Whether a word may begin at `at`.
bool word_begins(std::string_view text, std::size_t at) {
  return at == 0 || !alnum(text[at - 1]) || after_escape(text, at);
}

bool word_ends(std::string_view text, std::size_t at) {
  return at >= text.size() || !alnum(text[at]);
}

// --- matchers: each says what it finds at `at`, where a word or a number begins ---------------

// Where the value of a named secret ends. A quoted value ends with the quote it began with, which
// has a backslash where JSON stands inside JSON.
std::size_t value_end(std::string_view text, std::size_t at, std::string_view quote,
                      bool whole_line) {
  if (quote.empty()) {
    const auto stop = text.find_first_of(whole_line ? "\"'\r\n" : " \t\r\n\"'&;,)]}<>", at);
    const std::size_t end = std::min(stop, text.size());
    return end > at && text[end - 1] == '\\' ? end - 1 : end;
  }
  for (; at < text.size(); ++at) {
    if (text.substr(at).starts_with(quote)) return at;
    if (text[at] == '\\') ++at;
  }
  return text.size();
}

// A quote at `at`, with the backslash before it if there is one; else nothing.
std::string_view quote_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("\\\"")) return rest.substr(0, 2);
  if (rest.starts_with('"') || rest.starts_with('\'')) return rest.substr(0, 1);
  return {};
}

bool names_secret(std::string_view word) {
  std::string plain;
  for (const char c : word) {
    if (alnum(c)) plain += to_lower(c);
  }
  static constexpr std::array<std::string_view, 16> kEndings{
      "signature",    "securitytoken",   "sessiontoken",  "accesstoken",
      "refreshtoken", "idtoken",         "authtoken",     "secretaccesskey",
      "secretkey",    "accesskeysecret", "clientsecret",  "password",
      "passwd",       "apikey",          "authorization", "cookie"};
  return plain == "token" || plain == "secret" ||
         std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return plain.ends_with(ending); });
}

// The value in secretAccessKey=…, "sessionToken": "…", X-Amz-Signature=…, Authorization: ….
std::optional<Find> named_secret(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongestName = 64;
  if (!starts_run(text, at, name) && !after_escape(text, at)) return std::nullopt;
  std::size_t next = run_end(text, at, name);
  const std::string_view word = text.substr(at, next - at);
  if (word.size() < 5 || word.size() > kLongestName) return std::nullopt;
  next += quote_at(text, next).size();
  if (next < text.size() && text[next] == ' ') ++next;
  if (next >= text.size()) return std::nullopt;
  if (has_word(text, next, "%3d")) {
    next += 3;
  } else if (text[next] == '=' || text[next] == ':') {
    ++next;
  } else {
    return std::nullopt;
  }
  if (!names_secret(word)) return std::nullopt;
  next = run_end(text, next, [](char c) { return c == ' '; });
  const std::string_view quote = quote_at(text, next);
  next += quote.size();
  const bool header = has_word(text, at, "authorization") || word.ends_with("ookie");
  const std::size_t end = value_end(text, next, quote, header);
  if (end == next) return std::nullopt;
  return Find{next, end};
}

std::optional<Find> bearer(std::string_view text, std::size_t at) {
  constexpr std::size_t kShortest = 16;
  if (!has_word(text, at, "bearer ")) return std::nullopt;
  const std::size_t begin = at + 7;
  const std::size_t end = run_end(text, begin, [](char c) {
    return base64(c) || c == '=' || c == '.' || c == '_' || c == '-' || c == '~';
  });
  if (end - begin < kShortest) return std::nullopt;
  return Find{begin, end};
}

// "arn:" stays, so that a reader sees what stood there.
std::optional<Find> arn(std::string_view text, std::size_t at) {
  const std::size_t colon = has_word(text, at, "arn:") ? 1 : has_word(text, at, "arn%3a") ? 3 : 0;
  if (colon == 0) return std::nullopt;
  const std::size_t begin = at + 3 + colon;
  const std::size_t end =
      std::min(text.find_first_of(" \t\r\n\"'`\\&;()[]{}<>|", begin), text.size());
  if (end == begin) return std::nullopt;
  return Find{begin, end};
}

std::optional<Find> alias(std::string_view text, std::size_t at) {
  const std::size_t slash = has_word(text, at, "alias/")     ? 1
                            : has_word(text, at, "alias%2f") ? 3
                                                             : 0;
  if (slash == 0) return std::nullopt;
  const std::size_t begin = at + 5 + slash;
  const std::size_t end = run_end(
      text, begin, [](char c) { return name(c) || c == '/' || c == ':' || c == '%' || c == '.'; });
  if (end == begin) return std::nullopt;
  return Find{at, end};
}

// A UUID, or the id of a multi-Region key: "mrk-" and 32 hexadecimal digits.
std::optional<Find> key_id(std::string_view text, std::size_t at) {
  if (has_word(text, at, "mrk-")) {
    const std::size_t end = run_end(text, at + 4, hex);
    if (end - at == 36 && word_ends(text, end)) return Find{at, end};
    return std::nullopt;
  }
  static constexpr std::array<std::size_t, 5> kGroups{8, 4, 4, 4, 12};
  std::size_t next = at;
  for (const std::size_t group : kGroups) {
    if (group != kGroups.front() && (next >= text.size() || text[next++] != '-'))
      return std::nullopt;
    if (text.size() - next < group || !all_hex(text.substr(next, group))) return std::nullopt;
    next += group;
  }
  if (!word_ends(text, next)) return std::nullopt;
  return Find{at, next};
}

// AKIA…, ASIA… and their kin at AWS; LTAI… at Alibaba Cloud.
std::optional<Find> access_key(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 13> kPrefixes{
      "AKIA", "ASIA", "AROA", "AIDA", "AGPA", "AIPA", "ANPA",
      "ANVA", "ABIA", "ACCA", "APKA", "ASCA", "LTAI"};
  constexpr std::size_t kShortest = 16;
  const std::string_view prefix = text.substr(at, 4);
  if (std::find(kPrefixes.begin(), kPrefixes.end(), prefix) == kPrefixes.end()) return std::nullopt;
  const std::size_t end = run_end(text, at, alnum);
  if (end - at < kShortest) return std::nullopt;
  return Find{at, end};
}

// Twelve digits, also as the console shows them: "1234-5678-9012".
std::optional<Find> account(std::string_view text, std::size_t at) {
  if (!starts_run(text, at, digit) && !after_escape(text, at)) return std::nullopt;
  std::size_t end = run_end(text, at, digit);
  if (end - at == 4) {
    for (int group = 0; group < 2; ++group) {
      if (end >= text.size() || text[end] != '-') return std::nullopt;
      const std::size_t begin = end + 1;
      end = run_end(text, begin, digit);
      if (end - begin != 4) return std::nullopt;
    }
    if (end < text.size() && text[end] == '-') return std::nullopt;
    return Find{at, end};
  }
  if (end - at != 12) return std::nullopt;
  return Find{at, end};
}

std::optional<Find> email(std::string_view text, std::size_t at) {
  if (!starts_run(text, at, local_part) && !after_escape(text, at)) return std::nullopt;
  const std::size_t sign = run_end(text, at, local_part);
  if (sign == at || sign >= text.size()) return std::nullopt;
  const std::size_t begin = text[sign] == '@'             ? sign + 1
                            : has_word(text, sign, "%40") ? sign + 3
                                                          : 0;
  if (begin == 0) return std::nullopt;
  std::size_t end = run_end(text, begin, host);
  while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  const std::string_view domain = text.substr(begin, end - begin);
  const std::size_t dot = domain.rfind('.');
  if (dot == npos || dot == 0 || digit(domain.back())) return std::nullopt;
  return Find{at, end};
}

// Four numbers up to 255 with `separator` between them; where they end.
std::optional<std::size_t> four_octets(std::string_view text, std::size_t at, char separator) {
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0 && (at >= text.size() || text[at++] != separator)) return std::nullopt;
    int value = 0;
    std::size_t length = 0;
    for (; at < text.size() && digit(text[at]); ++at) {
      if (++length > 3) return std::nullopt;
      value = value * 10 + (text[at] - '0');
    }
    if (length == 0 || value > 255) return std::nullopt;
  }
  return at;
}

// "10.0.0.1", and the host name that EC2 makes of it: "ip-10-0-0-1".
std::optional<Find> ipv4(std::string_view text, std::size_t at) {
  if (has_word(text, at, "ip-")) {
    const auto end = four_octets(text, at + 3, '-');
    if (end && word_ends(text, *end)) return Find{at, *end};
    return std::nullopt;
  }
  if (!digit(text[at])) return std::nullopt;
  if (at >= 2 && text[at - 1] == '.' && digit(text[at - 2])) return std::nullopt;
  const auto end = four_octets(text, at, '.');
  if (!end) return std::nullopt;
  return Find{at, *end};
}

bool is_ipv6(std::string_view text) {
  in6_addr address;
  return text.find_first_not_of(":.") != npos &&
         inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

// How far an address could reach: eight colons at most, and never three in a row.
std::string_view ipv6_window(std::string_view text) {
  int colons = 0;
  std::size_t end = 0;
  for (; end < text.size() && end < INET6_ADDRSTRLEN; ++end) {
    const char c = text[end];
    if (!hex(c) && c != ':' && c != '.') break;
    if (c == ':' && (++colons > 8 || text.substr(0, end).ends_with("::"))) break;
  }
  return text.substr(0, colons < 2 ? 0 : end);
}

// The longest address that begins here: what follows it may be a port or the sentence's end.
std::optional<Find> ipv6(std::string_view text, std::size_t at) {
  const std::size_t length = ipv6_window(text.substr(at)).size();
  for (std::size_t end = length; end > 1; --end) {
    const char next = at + end < text.size() ? text[at + end] : ' ';
    if (alnum(next)) continue;  // in the middle of a number or a word
    if (is_ipv6(text.substr(at, end))) return Find{at, at + end};
  }
  return std::nullopt;
}

// What a signature of AWS looks like without its name: 64 hexadecimal digits.
std::optional<Find> signature(std::string_view text, std::size_t at) {
  if (!hex(text[at])) return std::nullopt;
  const std::size_t end = run_end(text.substr(0, std::min(text.size(), at + 65)), at, hex);
  if (end - at != 64 || !word_ends(text, end)) return std::nullopt;
  return Find{at, end};
}

bool mixed(std::string_view text, bool with_digit) {
  return std::any_of(text.begin(), text.end(), upper) &&
         std::any_of(text.begin(), text.end(), lower) &&
         (!with_digit || std::any_of(text.begin(), text.end(), digit));
}

// What a secret key looks like without its name: 40 characters of base64. A long run of base64 with
// a random-looking stretch in it is a token; a path of the same length has short names in it.
std::optional<Find> secret_or_token(std::string_view text, std::size_t at) {
  constexpr std::size_t kSecret = 40;
  constexpr std::size_t kToken = 64;
  constexpr std::size_t kStretch = 24;
  const auto part = [](char c) { return base64(c) || c == '_' || c == '-'; };
  if (!starts_run(text, at, part) && !after_escape(text, at)) return std::nullopt;
  const std::size_t end = run_end(text, at, part);
  const std::string_view run = text.substr(at, end - at);
  if (run.size() == kSecret) {
    const bool random = run.find_first_of("0123456789+") != npos && run.find_first_of("-_") == npos;
    return random && mixed(run, false) ? std::optional(Find{at, end}) : std::nullopt;
  }
  if (run.size() < kToken) return std::nullopt;
  for (std::size_t begin = 0; begin < run.size();) {
    const std::size_t next = std::min(run.find_first_of("/-_", begin), run.size());
    if (next - begin >= kStretch && mixed(run.substr(begin, next - begin), true)) {
      return Find{at, run_end(text, end, [](char c) { return c == '='; })};
    }
    begin = next + 1;
  }
  return std::nullopt;
}

// JSON Web Tokens: base64url with dots, "eyJ" being the begin of '{"'.
std::optional<Find> json_web_token(std::string_view text, std::size_t at) {
  constexpr std::size_t kShortest = 20;
  if (!text.substr(at).starts_with("eyJ")) return std::nullopt;
  const std::size_t end = run_end(text, at, [](char c) { return name(c) || c == '.' || c == '='; });
  if (end - at < kShortest) return std::nullopt;
  return Find{at, end};
}

struct Matcher {
  std::string_view kind;
  std::optional<Find> (*find)(std::string_view text, std::size_t at);
};

// In this order: what holds others comes first. Each one looks at a bounded number of characters,
// or only begins where a run of its own characters begins, so the whole is linear.
constexpr std::array<Matcher, 13> kMatchers{{{"named secret", named_secret},
                                             {"bearer token", bearer},
                                             {"arn", arn},
                                             {"alias", alias},
                                             {"key id", key_id},
                                             {"access key id", access_key},
                                             {"account id", account},
                                             {"e-mail address", email},
                                             {"IPv6 address", ipv6},
                                             {"IPv4 address", ipv4},
                                             {"signature", signature},
                                             {"json web token", json_web_token},
                                             {"secret or token", secret_or_token}}};

std::optional<Find> find_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  if (!word_begins(text, at)) {
    // Inside a word only an account id is looked for: "logs123456789012".
    return digit(text[at]) ? account(text, at) : std::nullopt;
  }
  for (const Matcher& matcher : kMatchers) {
    if (const auto found = matcher.find(text, at)) return found;
  }
  return std::nullopt;
}

}  // namespace

std::string redact(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    // What follows an escape comes first: the "3D" of "%3D" could be taken for the secret's begin.
    const std::size_t escape = escape_length(text, at);
    auto found = escape == 0 ? std::nullopt : find_at(text, at + escape);
    if (!found) found = find_at(text, at);
    const std::size_t next = found ? found->begin : at + 1;
    shown.append(text.substr(at, next - at));
    if (found) shown.append(kMask);
    at = found ? found->end : next;
  }
  return shown;
}

}  // namespace recoup::core
