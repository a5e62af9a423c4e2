#include "web/access/web_config.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "documents/document.h"
#include "web/access/web_tls.h"

namespace recoup::web {
namespace {

constexpr std::size_t kHashLength = 60;
constexpr const char* kMakeHash = "make one with: htpasswd -nBC 10 \"\" | tr -d ':\\n'";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// The table at a key that may be empty.
std::optional<documents::Table> section(const documents::Table& root, std::string_view key) {
  const documents::Value value = root.optional(key);
  if (value.is_text()) {
    // The text may be a password.
    if (!value.text_or_empty()->empty()) value.complain("expected a table, got text");
    return std::nullopt;
  }
  return value.table();
}

// What is wrong with a bcrypt hash, or nothing. Says nothing of a value that may be a password.
std::string wrong_hash(std::string_view hash) {
  constexpr std::string_view kAlphabet =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  if (!hash.starts_with("$2")) return "expected a bcrypt hash, got something else";
  if (hash.size() < 4 || std::string_view("aby").find(hash[2]) == std::string_view::npos ||
      hash[3] != '$') {
    return "expected a bcrypt hash that begins with $2a$, $2b$ or $2y$, got another";
  }
  if (hash.size() != kHashLength) {
    return fmt::format("expected a bcrypt hash of {} characters, got {}", kHashLength, hash.size());
  }
  const int cost = is_digit(hash[4]) && is_digit(hash[5]) && hash[6] == '$'
                       ? (hash[4] - '0') * 10 + (hash[5] - '0')
                       : 0;
  if (cost < 4 || cost > 31) return "expected a bcrypt hash of a cost from 04 to 31, got another";
  const bool whole = hash.find_first_not_of(kAlphabet, 7) == std::string_view::npos;
  return whole ? "" : "expected a bcrypt hash, got one with characters that none has";
}

std::map<std::string, record::Secret> read_users(const documents::Table& table) {
  std::map<std::string, record::Secret> users;
  for (const documents::Value& entry : table.entries()) {
    if (entry.key().find(':') != std::string::npos) {
      entry.complain(fmt::format("expected a user without ':' in the name, got '{}'", entry.key()),
                     "basic authentication cannot send such a name");
    }
    const auto hash = entry.text_or_empty();
    if (!hash) continue;
    if (auto wrong = wrong_hash(*hash); !wrong.empty()) entry.complain(std::move(wrong), kMakeHash);
    users.emplace(entry.key(), *hash);
  }
  return users;
}

std::map<std::string, std::string> read_headers(const documents::Table& table) {
  static const std::vector<std::pair<std::string, std::vector<std::string>>> kAllowed{
      {"Content-Security-Policy", {}},
      {"X-Frame-Options", {"deny", "sameorigin"}},
      {"X-Content-Type-Options", {"nosniff"}},
      {"X-XSS-Protection", {}},
      {"Strict-Transport-Security", {}}};
  std::map<std::string, std::string> headers;
  for (const auto& [name, words] : kAllowed) {
    const documents::Value value = table.optional(name);
    const auto text = value.text_or_empty();
    if (!text || text->empty()) continue;  // a blank one is not sent
    if (!words.empty() && !value.word(words)) continue;
    if (std::any_of(text->begin(), text->end(), is_control)) {
      value.complain("expected text of one line, got a control character in it");
    }
    headers.emplace(name, *text);
  }
  return headers;
}

void read_http(const documents::Table& table, WebConfig& out) {
  // HTTP/1.1 is all that Recoup speaks, and what clients of HTTP/2 fall back to: true is allowed.
  const documents::Value http2 = table.optional("http2");
  if (const auto text = http2.text_or_empty(); text && !text->empty()) {
    (void)http2.word({"true", "false"});
  }
  if (const auto headers = section(table, "headers")) out.headers = read_headers(*headers);
}

std::optional<RateLimit> read_rate_limit(const documents::Table& table) {
  constexpr int kMost = 1'000'000;
  const documents::Value interval = table.required("interval");
  const documents::Value burst = table.optional("burst");
  const auto every = interval.text();
  if (!every || *every == "0" || *every == "0s") return std::nullopt;  // as the toolkit: no limit
  const auto duration = interval.duration(core::Millis(1), std::chrono::hours(24));
  const auto digits = table.required("burst").text_or_empty();
  if (!digits) return std::nullopt;
  int requests = 0;
  const auto [end, code] =
      std::from_chars(digits->data(), digits->data() + digits->size(), requests);
  if (code != std::errc{} || end != digits->data() + digits->size() || requests < 1 ||
      requests > kMost) {
    burst.complain(fmt::format("expected a whole number from 1 to {}, got '{}'", kMost, *digits));
  }
  if (!duration) return std::nullopt;
  return RateLimit{*duration, requests};
}

}  // namespace

core::Result<WebConfig> parse_web_config(std::string_view text, const std::string& path) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  documents::Document document(path, std::string(text), documents::Syntax::yaml);
  const documents::Table root = document.root();
  WebConfig web;
  if (const auto tls = section(root, "tls_server_config"); tls && !tls->empty()) {
    web.tls = read_web_tls(*tls, std::filesystem::path(path).parent_path());
  }
  if (const auto http = section(root, "http_server_config")) read_http(*http, web);
  if (const auto users = section(root, "basic_auth_users")) web.users = read_users(*users);
  if (const auto limit = section(root, "rate_limit")) web.rate_limit = read_rate_limit(*limit);
  if (const auto done = document.finish(); !done) return done.error();
  return web;
}

}  // namespace recoup::web
