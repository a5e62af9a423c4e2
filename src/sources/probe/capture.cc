#include "sources/probe/capture.h"

#include <algorithm>

#include "core/text.h"
#include "record/percent_encoding.h"
#include "record/redact.h"
#include "record/secret_names.h"

namespace recoup::sources::probe {
namespace {

// What is shorter could be any word of an answer.
constexpr std::size_t kShortestSecret = 4;

// "Bearer ****": the scheme of an Authorization is no secret, and tells a wrong one.
std::string masked(std::string_view name, std::string_view value) {
  const auto blank = value.find(' ');
  const std::string mask(record::kRedacted);
  if (blank == std::string_view::npos || !core::lower_case(name).ends_with("authorization")) {
    return mask;
  }
  return std::string(value.substr(0, blank + 1)) + mask;
}

// Whether the value of a URL's parameter of that name lets somebody in: beside the usual names
// "key", as Google's APIs call theirs, and "code", as Azure's functions do.
bool is_secret_parameter(std::string_view name) {
  return record::may_name_secret(name) || core::equal_but_for_case(name, "key") ||
         core::equal_but_for_case(name, "code");
}

// How a server may repeat a secret: as it is, encoded for a URL, and as some write JSON.
std::vector<std::string> spellings(const std::string& secret) {
  if (secret.size() < kShortestSecret) return {};
  std::vector<std::string> all{secret};
  if (auto encoded = record::percent_encoded(secret); encoded != secret) {
    all.push_back(std::move(encoded));
  }
  std::string escaped;
  for (const char c : secret) {
    if (c == '/' || c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  if (escaped != secret) all.push_back(std::move(escaped));
  return all;
}

// What of the text's end is the begin of `what`, where the text was cut within it.
void drop_begun(std::string& text, std::string_view what) {
  for (std::size_t size = std::min(what.size(), text.size()); size >= kShortestSecret; --size) {
    if (!std::string_view(text).ends_with(what.substr(0, size))) continue;
    text.resize(text.size() - size);
    text += record::kRedacted;
    return;
  }
}

void replace_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), record::kRedacted);
    at += record::kRedacted.size();
  }
}

// Valid UTF-8, without control characters but ends of lines and tabs: what is neither becomes '?'.
std::string readable(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    const std::string_view part = bytes.substr(at, length);
    const bool follows = part.size() == length &&
                         std::all_of(part.begin() + (length > 0 ? 1 : 0), part.end(), [](char c) {
                           return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
                         });
    const bool control =
        length == 1 && (lead < 0x20 || lead == 0x7f) && lead != '\n' && lead != '\t';
    // The end of a text that was cut may lack a byte: that is no mistake of the server's.
    if (length > 1 && part.size() < length) break;
    if (lead == '\r') {
      ++at;
    } else if (length == 0 || !follows || control) {
      out += '?';
      ++at;
    } else {
      out += part;
      at += length;
    }
  }
  return out;
}

// A header whose value was masked keeps what was left of it: which scheme signs.
template <typename Redacted>
std::string asked_text(const std::string& asked, Redacted redacted) {
  std::string out;
  const std::string text = readable(asked);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const bool masked =
        line.find(": ") != std::string_view::npos && line.ends_with(record::kRedacted);
    out += (masked ? std::string(line) : redacted(line)) + '\n';
  }
  return out;
}

}  // namespace

void Capture::begin(std::size_t body) {
  most_body_ = body;
  head_.clear();
  body_.clear();
  body_is_cut_ = false;
}

void Capture::head(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    head_.clear();
    body_.clear();
    body_is_cut_ = false;
  }
  if (head_.size() + line.size() <= kHeadKept) head_ += line;
}

void Capture::body(std::string_view bytes) {
  const std::size_t room = most_body_ - std::min(most_body_, body_.size());
  body_is_cut_ = body_is_cut_ || bytes.size() > room;
  body_ += bytes.substr(0, room);
}

const std::string* Capture::header(std::string_view name) {
  std::string_view rest = head_;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (!core::equal_but_for_case(line.substr(0, colon), name)) continue;
    value_ = core::trimmed(line.substr(colon + 1));
    return &value_;
  }
  return nullptr;
}

void RawExchange::ask_line(const std::string& method, const std::string& path,
                           const std::string& query) {
  asked_ = method + ' ' + path;
  std::string_view rest = query;
  while (!rest.empty()) {
    // "?" or "&" and a parameter.
    const std::string_view part = rest.substr(0, rest.find('&', 1));
    rest.remove_prefix(part.size());
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || !is_secret_parameter(part.substr(1, equals - 1))) {
      asked_ += part;
      continue;
    }
    asked_ += std::string(part.substr(0, equals + 1)) + std::string(record::kRedacted);
    const std::string value(part.substr(equals + 1));
    note(value);
    note(record::percent_decoded(value, record::Plus::blank));
  }
  asked_ += " HTTP/1.1\n";
}

void RawExchange::ask(const std::string& line, bool secret) {
  const auto colon = line.find(':');
  const std::string name = line.substr(0, colon);
  if (colon == std::string::npos || (!secret && !record::may_name_secret(name))) {
    // A semicolon is how libcurl is told of a header without a value.
    asked_ += colon == std::string::npos && line.ends_with(';')
                  ? line.substr(0, line.size() - 1) + ":\n"
                  : line + '\n';
    return;
  }
  const std::string value(core::trimmed(std::string_view(line).substr(colon + 1)));
  asked_ += name + ": " + masked(name, value) + '\n';
  note(value);
  // A server may repeat the token without its scheme.
  if (const auto blank = value.find(' '); blank != std::string::npos) note(value.substr(blank + 1));
}

void RawExchange::note(const std::string& secret) {
  for (std::string& each : spellings(secret)) secrets_.push_back(std::move(each));
}

void RawExchange::answer(const Capture& capture) {
  head_ = capture.head();
  body_ = capture.body().substr(0, Capture::kBodyShown);
  body_is_cut_ = capture.body_is_cut() || capture.body().size() > body_.size();
}

std::size_t RawExchange::size() const {
  std::size_t all =
      sizeof *this + asked_.size() + target.size() + head_.size() + body_.size() + why.size();
  for (const std::string& each : secrets_) all += each.size();
  for (const auto& each : result.checks) all += each.check.size() + each.why.size();
  return all;
}

record::Exchange RawExchange::shown(To to) const {
  const auto redacted = [&](std::string_view text) {
    return to == To::owner ? record::without_secrets(text) : record::redact(text);
  };
  const auto clean = [&](std::string text) {
    for (const std::string& secret : secrets_) replace_all(text, secret);
    for (const std::string& secret : secrets_) drop_begun(text, secret);
    return redacted(readable(text));
  };
  record::Exchange out;
  out.probe = probe;
  out.target = redacted(target);
  out.result = result;
  out.peer = to == To::owner ? peer : record::redact(peer);
  out.why = clean(why);
  out.asked = asked_text(asked_, redacted);
  out.answered = clean(head_);
  out.body = clean(body_);
  out.body_is_cut = body_is_cut_;
  return out;
}

}  // namespace recoup::sources::probe
