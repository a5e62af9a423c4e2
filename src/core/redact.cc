#include "core/redact.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/redact_addresses.h"

namespace recoup::core {
namespace {

using namespace scan;

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

// A word as a name: "X-Amz-Signature" and "x_amz_signature" are the same.
std::string plain(std::string_view word) {
  std::string letters;
  for (const char c : word) {
    if (alnum(c)) letters += to_lower(c);
  }
  return letters;
}

bool names_secret(std::string_view word) {
  const std::string letters = plain(word);
  static constexpr std::array<std::string_view, 16> kEndings{
      "signature",    "securitytoken",   "sessiontoken",  "accesstoken",
      "refreshtoken", "idtoken",         "authtoken",     "secretaccesskey",
      "secretkey",    "accesskeysecret", "clientsecret",  "password",
      "passwd",       "apikey",          "authorization", "cookie"};
  return letters == "token" || letters == "secret" ||
         std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return letters.ends_with(ending); });
}

// Who made a request, as CloudTrail, ActionTrail and audit logs call it.
bool names_principal(std::string_view word) {
  const std::string letters = plain(word);
  static constexpr std::array<std::string_view, 6> kEndings{
      "username", "principal", "principalid", "rolesessionname", "principalemail", "principalname"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return letters.ends_with(ending); });
}

// The value in secretAccessKey=…, "sessionToken": "…", X-Amz-Signature=…, Authorization: …, where
// `names` says so of the name.
std::optional<Find> named_value(std::string_view text, std::size_t at,
                                bool (*names)(std::string_view)) {
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
  if (!names(word)) return std::nullopt;
  next = run_end(text, next, [](char c) { return c == ' '; });
  const std::string_view quote = quote_at(text, next);
  next += quote.size();
  const bool header = has_word(text, at, "authorization") || word.ends_with("ookie");
  const std::size_t end = value_end(text, next, quote, header);
  if (end == next) return std::nullopt;
  return Find{next, end};
}

std::optional<Find> named_secret(std::string_view text, std::size_t at) {
  return named_value(text, at, names_secret);
}

std::optional<Find> named_principal(std::string_view text, std::size_t at) {
  return named_value(text, at, names_principal);
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
constexpr std::array<Matcher, 14> kMatchers{{{"named secret", named_secret},
                                             {"name of a principal", named_principal},
                                             {"bearer token", bearer},
                                             {"ARN", arn},
                                             {"key alias", alias},
                                             {"key id", key_id},
                                             {"access key id", access_key},
                                             {"account id", account},
                                             {"e-mail address", email},
                                             {"IPv6 address", ipv6},
                                             {"IPv4 address", ipv4},
                                             {"signature", signature},
                                             {"JSON web token", json_web_token},
                                             {"secret key or token", secret_or_token}}};

struct Found {
  Find span;
  std::string_view kind;
};

std::optional<Found> find_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  const bool begins = word_begins(text, at);
  // Inside a word only an account id is looked for: "logs123456789012".
  if (!begins && !digit(text[at])) return std::nullopt;
  for (const Matcher& matcher : kMatchers) {
    if (!begins && matcher.find != account) continue;
    if (const auto found = matcher.find(text, at)) return Found{*found, matcher.kind};
  }
  return std::nullopt;
}

}  // namespace

std::string redact(std::string_view text, Redactions* counts) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    // What follows an escape comes first: the "3D" of "%3D" could be taken for the secret's begin.
    const std::size_t escape = escape_length(text, at);
    auto found = escape == 0 ? std::nullopt : find_at(text, at + escape);
    if (!found) found = find_at(text, at);
    const std::size_t next = found ? found->span.begin : at + 1;
    shown.append(text.substr(at, next - at));
    if (found) shown.append(kRedacted);
    at = found ? found->span.end : next;
    // What is masked already ("password=****") is not found a second time.
    if (found && counts != nullptr && text.substr(next, at - next) != kRedacted) {
      ++(*counts)[found->kind];
    }
  }
  return shown;
}

}  // namespace recoup::core
