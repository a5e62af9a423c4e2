#include "record/redact_addresses.h"

#include <arpa/inet.h>

#include <string>

namespace recoup::record::scan {
namespace {

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

}  // namespace

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

std::optional<Find> ipv6(std::string_view text, std::size_t at) {
  const std::size_t length = ipv6_window(text.substr(at)).size();
  for (std::size_t end = length; end > 1; --end) {
    const char next = at + end < text.size() ? text[at + end] : ' ';
    if (alnum(next)) continue;  // in the middle of a number or a word
    if (is_ipv6(text.substr(at, end))) return Find{at, at + end};
  }
  return std::nullopt;
}

}  // namespace recoup::record::scan
