#include "record/redact.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "record/redact_addresses.h"
#include "record/secret_names.h"

namespace recoup::record {
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

// Who made a request, as CloudTrail, ActionTrail and audit logs call it.
bool names_principal(std::string_view word) {
  std::string letters;
  for (const char c : word) {
    if (alnum(c)) letters += to_lower(c);
  }
  static constexpr std::array<std::string_view, 6> kEndings{
      "username", "principal", "principalid", "rolesessionname", "principalemail", "principalname"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return letters.ends_with(ending); });
}

constexpr std::string_view kAuthorization = "authorization";

// The value in secretAccessKey=…, "sessionToken": "…", X-Amz-Signature=…, Authorization: …, where
// `names` says so of the name.
std::optional<Find> named_value(std::string_view text, std::size_t at,
                                bool (*names)(std::string_view)) {
  constexpr std::size_t kShortestName = 3;
  constexpr std::size_t kLongestName = 64;
  if (!starts_run(text, at, name) && !after_escape(text, at)) return std::nullopt;
  std::size_t next = run_end(text, at, name);
  const std::string_view word = text.substr(at, next - at);
  if (word.size() < kShortestName || word.size() > kLongestName) return std::nullopt;
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
  const bool header =
      has_word(word, word.size() - std::min(word.size(), kAuthorization.size()), kAuthorization) ||
      word.ends_with("ookie");
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

// "user:password" of "https://user:password@host/", also where the URL stands in a query. A
// password with a '@' in it ends at the last one before the path.
std::optional<Find> url_user(std::string_view text, std::size_t at) {
  constexpr std::string_view kSlashes = "://";
  constexpr std::string_view kEscapedSlashes = "%3a%2f%2f";
  const bool plain = at >= kSlashes.size() && has_word(text, at - kSlashes.size(), kSlashes);
  const bool escaped =
      at >= kEscapedSlashes.size() && has_word(text, at - kEscapedSlashes.size(), kEscapedSlashes);
  if (!plain && !escaped) return std::nullopt;
  std::size_t sign = at;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (std::string_view("/?# \t\r\n\"'<>").find(text[i]) != npos) break;
    if (escaped && (has_word(text, i, "%2f") || has_word(text, i, "%3f") || text[i] == '&')) break;
    if (text[i] == '@' || (escaped && has_word(text, i, "%40"))) sign = i;
  }
  if (sign == at) return std::nullopt;
  return Find{at, sign};
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
  bool is_secret;  // it lets somebody in
  std::optional<Find> (*find)(std::string_view text, std::size_t at);
};

// In this order: what holds others comes first. Each one looks at a bounded number of characters,
// or only begins where a run of its own characters begins, so the whole is linear.
constexpr std::array<Matcher, 15> kMatchers{{{"named secret", true, named_secret},
                                             {"user and password of a URL", true, url_user},
                                             {"name of a principal", false, named_principal},
                                             {"bearer token", true, bearer},
                                             {"ARN", false, arn},
                                             {"key alias", false, alias},
                                             {"key id", false, key_id},
                                             {"access key id", true, access_key},
                                             {"account id", false, account},
                                             {"e-mail address", false, email},
                                             {"IPv6 address", false, ipv6},
                                             {"IPv4 address", false, ipv4},
                                             {"signature", true, signature},
                                             {"JSON web token", true, json_web_token},
                                             {"secret key or token", true, secret_or_token}}};

struct Found {
  Find span;
  std::string_view kind;
};

std::optional<Found> find_at(std::string_view text, std::size_t at, bool secrets_only) {
  if (at >= text.size()) return std::nullopt;
  const bool begins = word_begins(text, at);
  // Inside a word only an account id is looked for: "logs123456789012".
  if (!begins && !digit(text[at])) return std::nullopt;
  for (const Matcher& matcher : kMatchers) {
    if (secrets_only && !matcher.is_secret) continue;
    if (!begins && matcher.find != account) continue;
    if (const auto found = matcher.find(text, at)) return Found{*found, matcher.kind};
  }
  return std::nullopt;
}

// Calls `each` for what is found, in order.
template <typename Each>
void find_all(std::string_view text, bool secrets_only, Each each) {
  for (std::size_t at = 0; at < text.size();) {
    // What follows an escape comes first: the "3D" of "%3D" could be taken for the secret's begin.
    const std::size_t escape = escape_length(text, at);
    auto found = escape == 0 ? std::nullopt : find_at(text, at + escape, secrets_only);
    if (!found) found = find_at(text, at, secrets_only);
    if (found) each(*found);
    at = found ? found->span.end : at + 1;
  }
}

}  // namespace

std::string redact(std::string_view text, Redactions* counts) {
  std::string shown;
  shown.reserve(text.size());
  std::size_t done = 0;
  find_all(text, false, [&](const Found& found) {
    shown.append(text.substr(done, found.span.begin - done)).append(kRedacted);
    done = found.span.end;
    // What is masked already ("password=****") is not found a second time.
    const auto replaced = text.substr(found.span.begin, done - found.span.begin);
    if (counts != nullptr && replaced != kRedacted) ++(*counts)[found.kind];
  });
  shown.append(text.substr(done));
  return visible(shown);
}

std::vector<Part> secret_parts(std::string_view text) {
  std::vector<Part> parts;
  find_all(text, true, [&](const Found& found) {
    parts.push_back({found.span.begin, found.span.end});
  });
  return parts;
}

std::string without_secrets(std::string_view text) {
  std::string shown;
  std::size_t done = 0;
  for (const Part& part : secret_parts(text)) {
    shown.append(text.substr(done, part.begin - done)).append(kRedacted);
    done = part.end;
  }
  return shown.append(text.substr(done));
}

std::size_t reordering_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() >= 2 && byte(0) == 0xd8 && byte(1) == 0x9c) return 2;
  if (text.size() < 3 || byte(0) != 0xe2) return 0;
  const bool marks = byte(1) == 0x80 && (byte(2) == 0x8e || byte(2) == 0x8f);
  const bool embeddings = byte(1) == 0x80 && byte(2) >= 0xa8 && byte(2) <= 0xae;
  const bool isolates = byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9;
  return marks || embeddings || isolates ? 3 : 0;
}

std::string visible(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = reordering_length(text);
    if (length == 0) {
      shown += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(text[i]); };
    const unsigned code = length == 2
                              ? (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f)
                              : (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    shown += fmt::format("\\u{:04x}", code);
    text.remove_prefix(length);
  }
  return shown;
}

}  // namespace recoup::record
