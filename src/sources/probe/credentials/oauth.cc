#include "sources/probe/credentials/oauth.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "core/text.h"
#include "record/percent_encoding.h"
#include "rules/outside_text.h"
#include "sources/probe/answer_body.h"
#include "sources/probe/credentials/ask.h"
#include "sources/probe/signers/authorization.h"

namespace recoup::sources::probe {
namespace {

using std::chrono::seconds;

// RFC 6749 only recommends that a service says how long a token lives.
constexpr seconds kUnsaidLife{300};
// A year is more than any service gives.
constexpr seconds kLongestLife = std::chrono::days(366);
constexpr seconds kLatestEnd{253'402'300'799};  // of the year 9999

// How the text begins, as far as all of it is such characters.
template <typename Is>
std::string begin_of(const std::string& text, Is is) {
  constexpr std::ptrdiff_t kLongest = 64;
  const auto end = std::find_if_not(text.begin(), text.end(), is);
  return {text.begin(), text.begin() + std::min(end - text.begin(), kLongest)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The service's name for what went wrong: "invalid_grant", and Microsoft's number behind it. Such
// names are words; of anything else, which may be what we sent, nothing is shown.
std::string error_in(const std::string& json) {
  const auto is_of_a_word = [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
  };
  std::string name = begin_of(json_text(json, "error"), is_of_a_word);
  const std::string number = begin_of(json_text(json, "error_codes[0]"), is_digit);
  if (!number.empty()) name += " AADSTS" + number;
  return name;
}

// A whole number of seconds in that field; nothing where there is no such field.
core::Result<std::optional<seconds>> seconds_in(const std::string& json, const char* field,
                                                const std::string& from) {
  const std::string text = json_text(json, field);
  if (text.empty()) return std::optional<seconds>{};
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && number > 0) {
    return std::optional(seconds(number));
  }
  return core::Error{fmt::format(
      "expected seconds in {} of an access token of {}, got something else", field, from)};
}

// From when on nobody takes it. App Service says that as a time.
core::Result<core::Instant> end_in(const std::string& json, const std::string& from,
                                   core::Instant asked) {
  const auto life = seconds_in(json, "expires_in", from);
  if (!life) return life.error();
  const auto end = seconds_in(json, "expires_on", from);
  if (!*life && !end) return end.error();
  seconds left = kUnsaidLife;
  if (*life) {
    left = **life;
  } else if (*end) {
    left = std::chrono::duration_cast<seconds>(core::Instant(std::min(**end, kLatestEnd)) - asked);
  }
  return asked + std::min(left, kLongestLife);
}

// It becomes a part of a header.
bool is_token(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::string json_text(const std::string& json, std::string_view path) {
  const auto parsed = rules::parse_json_path(path);
  return parsed ? text_in_json(json, *parsed) : "";
}

std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    form += (form.empty() ? "" : "&") + name + '=' + record::percent_encoded(value);
  }
  return form;
}

core::Result<errand::Answer> ask_for_token(const std::string& url, const std::string& form) {
  if (!may_have_a_secret(url)) {
    return core::Error{
        fmt::format("expected a token service by https, got '{}'", url.substr(0, url.find("://")))};
  }
  return ask({.method = "POST",
              .url = url,
              .headers = {"Content-Type: application/x-www-form-urlencoded"},
              .body = form});
}

core::Result<FoundKeys> token_in(const core::Result<errand::Answer>& answer,
                                 const std::string& from, core::Instant asked) {
  if (!answer) return core::Error{answer.error().message};
  if (answer->status != 200) {
    const std::string error = error_in(answer->body);
    return core::Error{fmt::format("expected an access token of {}, got status {}{}{}", from,
                                   answer->status, error.empty() ? "" : ' ' + error,
                                   clock_words(answer->date, asked))};
  }
  const std::string token = json_text(answer->body, "access_token");
  const std::string type = json_text(answer->body, "token_type");
  if (!is_token(token) || (!type.empty() && !core::equal_but_for_case(type, "Bearer"))) {
    return core::Error{fmt::format("expected an access token of {}, got something else", from)};
  }
  const auto end = end_in(answer->body, from, asked);
  if (!end) return end.error();
  auto found = authorization("Bearer " + token, from);
  found.life.ends = *end;
  return found;
}

}  // namespace recoup::sources::probe
