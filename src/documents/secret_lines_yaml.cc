#include <algorithm>
#include <array>
#include <string_view>

#include "documents/secret_lines.h"

namespace recoup::documents {
namespace {

constexpr std::string_view kUsers = "basic_auth_users";

// The names of a web configuration whose values are no secrets.
constexpr std::array<std::string_view, 25> kHarmless{"---",
                                                     "tls_server_config",
                                                     "cert",
                                                     "cert_file",
                                                     "key_file",
                                                     "client_auth_type",
                                                     "client_ca",
                                                     "client_ca_file",
                                                     "client_allowed_sans",
                                                     "min_version",
                                                     "max_version",
                                                     "cipher_suites",
                                                     "curve_preferences",
                                                     "prefer_server_cipher_suites",
                                                     "http_server_config",
                                                     "http2",
                                                     "headers",
                                                     "Content-Security-Policy",
                                                     "X-Frame-Options",
                                                     "X-Content-Type-Options",
                                                     "X-XSS-Protection",
                                                     "Strict-Transport-Security",
                                                     "rate_limit",
                                                     "interval",
                                                     "burst"};

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

// The word that a line begins with, without its quotes.
std::string_view first_word(std::string_view line) {
  line.remove_prefix(indent_of(line));
  if (line.starts_with('"') || line.starts_with('\'')) line.remove_prefix(1);
  return line.substr(0, line.find_first_of("\"': \t{["));
}

bool is_harmless(std::string_view line) {
  const std::string_view word = first_word(line);
  return std::find(kHarmless.begin(), kHarmless.end(), word) != kHarmless.end();
}

bool is_member(std::string_view line) { return line.substr(indent_of(line)).starts_with("- "); }

// The lines of a text up to that number.
using Above = std::vector<std::string_view>;

Above lines_up_to(std::string_view text, int last) {
  Above lines;
  while (static_cast<int>(lines.size()) < last) {
    lines.push_back(line_of(text, 1));
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    if (text.empty()) break;
  }
  return lines;
}

// Whether the last line lies inside the table of users, by indentation.
bool among_users(const Above& lines) {
  std::size_t indent = indent_of(lines.back());
  for (auto above = lines.rbegin(); above != lines.rend() && indent > 0; ++above) {
    if (indent_of(*above) >= std::min(indent, above->size())) continue;
    indent = indent_of(*above);
    if (first_word(*above) == kUsers) return true;
  }
  return false;
}

// Whether the last line is a member of a list that a harmless name begins.
bool in_harmless_list(const Above& lines) {
  const auto head = std::find_if_not(lines.rbegin(), lines.rend(), is_member);
  return head != lines.rbegin() && head != lines.rend() && is_harmless(*head);
}

// Where a harmless line may go on with other names: a table in braces, or the next of its keys.
std::size_t end_of_harmless(std::string_view line) {
  const auto brace = std::min(line.find('{'), line.size());
  const auto comma = std::min(line.find(','), line.size());
  return std::min(brace, line.find(':', comma) != std::string_view::npos ? comma : line.size());
}

// The name before a value may be shown, the value not.
std::size_t end_of_name(std::string_view line) {
  const std::size_t begin = indent_of(line);
  const auto end = line.find_first_of(" \t,{[", begin);
  if (end == std::string_view::npos) return line.ends_with(':') ? line.size() : begin;
  return end > begin && line[end - 1] == ':'
             ? std::min(line.find_first_not_of(' ', end), line.size())
             : begin;
}

// How much of the last line, in bytes, may be shown.
std::size_t shown_part(const Above& lines) {
  const std::string_view line = lines.back();
  if (line.empty()) return 0;
  if (!among_users(lines)) {
    if (in_harmless_list(lines)) return line.size();
    if (is_harmless(line)) return end_of_harmless(line);
  }
  return end_of_name(line);
}

}  // namespace

std::vector<Hidden> hidden_yaml_parts(std::string_view text, int line) {
  if (text.empty()) return {};
  const Above lines = lines_up_to(text, line);
  if (static_cast<int>(lines.size()) < line) return {};
  const std::size_t shown = shown_part(lines);
  if (shown >= lines.back().size()) return {};
  return {{shown, lines.back().size()}};
}

}  // namespace recoup::documents
