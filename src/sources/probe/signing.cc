#include "sources/probe/signing.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace recoup::sources::probe {
namespace {

record::Secret secret_from(const documents::Environment& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? record::Secret() : record::Secret(found->second);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

bool unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    pairs.emplace_back(encoded(decoded(pair.substr(0, equals))), encoded(decoded(value)));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += name + '=' + value;
  }
  return out;
}

}  // namespace

Credentials credentials_from(const documents::Environment& environment) {
  return {secret_from(environment, "AWS_ACCESS_KEY_ID"),
          secret_from(environment, "AWS_SECRET_ACCESS_KEY"),
          secret_from(environment, "AWS_SESSION_TOKEN")};
}

std::string canonical_url(const std::string& url) {
  const std::string sent = url.substr(0, url.find('#'));
  const auto question = sent.find('?');
  if (question == std::string::npos) return sent;
  const std::string query = canonical_query(std::string_view(sent).substr(question + 1));
  std::string out = sent.substr(0, question);
  // libcurl gives "/" for no path only where nothing follows the host.
  if (out.find('/', out.find("://") + 3) == std::string::npos) out += '/';
  return query.empty() ? out : out + '?' + query;
}

std::string host_of(const std::string& url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  std::string authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  if (const auto user = authority.rfind('@'); user != std::string::npos) {
    authority.erase(0, user + 1);
  }
  return authority;
}

}  // namespace recoup::sources::probe
