#include "config/listen.h"

#include <charconv>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace recoup::config {

std::optional<Listen> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  int port = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (code != std::errc{} || end != digits.data() + digits.size() || port < 0 || port > 65535) {
    return std::nullopt;
  }
  if (host.size() > 2 && host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]/@ ") != std::string_view::npos) {
    return std::nullopt;
  }
  return Listen{host.empty() ? "0.0.0.0" : std::string(host), port};
}

std::string to_text(const Listen& listen) {
  const bool six = listen.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", six ? "[" : "", listen.host, six ? "]" : "", listen.port);
}

std::optional<Listen> read_listen(const documents::Value& value, const std::string& example) {
  const auto text = value.text();
  if (!text) return std::nullopt;
  auto listen = parse_listen(*text);
  if (!listen) {
    value.complain(fmt::format("expected a host and a port, like \"{}\" or \"{}\", got '{}'",
                               example, example.substr(example.rfind(':')), *text));
  }
  return listen;
}

bool is_loopback(const std::string& host) {
  constexpr std::uint32_t kNetwork = 127;
  if (host == "localhost") return true;
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == kNetwork;
  in6_addr six{};
  return inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

}  // namespace recoup::config
