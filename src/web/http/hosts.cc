#include "web/http/hosts.h"
#include "core/text.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace recoup::web {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kOfNames = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
constexpr std::size_t kLongestName = 253;  // RFC 1035

// As names are compared: without regard to case or a last point.
std::string plain(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  return core::lower_case(text);
}

bool has_only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_address(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

// The host of "host", "host:port" or "[address]:port"; nothing where it is none of these.
std::optional<std::string> host_of(std::string_view header) {
  const auto begin_of_port = header.starts_with('[') ? header.find(']') : 0;
  const auto colon = header.find(':', begin_of_port);
  if (begin_of_port == std::string_view::npos) return std::nullopt;
  const std::string_view host = header.substr(0, colon);
  if (colon != std::string_view::npos && !has_only(header.substr(colon + 1), kDigits)) {
    return std::nullopt;
  }
  if (host.starts_with('[')) {
    const std::string inner(host.substr(1, begin_of_port - 1));
    if (begin_of_port + 1 != host.size() || !is_address(inner)) return std::nullopt;
    return inner;
  }
  const std::string name = plain(host);
  if (name.empty() || name.size() > kLongestName || !has_only(name, kOfNames)) return std::nullopt;
  return name;
}

class Hosts {
 public:
  explicit Hosts(const std::vector<std::string>& names) {
    for (const std::string& text : names) {
      const std::string name = plain(text);
      if (name == "*") {
        any_ = true;
      } else if (name.starts_with("*.")) {
        suffixes_.insert(name.substr(1));
      } else {
        names_.insert(name);
      }
    }
  }

  // Nothing where a request with that Host header is to be answered.
  std::optional<Response> refuse(std::string_view header) const {
    const auto host = host_of(header);
    if (!host) return problem(400, "expected a Host header with a name or an address");
    if (answers_to(*host)) return std::nullopt;
    return problem(421, fmt::format("no name of this service: '{}'; where it is one, put it into "
                                    "allowed_hosts in recoup.toml",
                                    *host));
  }

 private:
  bool answers_to(const std::string& name) const {
    return any_ || names_.contains(name) || is_address(name) ||
           std::any_of(suffixes_.begin(), suffixes_.end(),
                       [&](const std::string& suffix) { return name.ends_with(suffix); });
  }

  std::set<std::string> names_{"localhost"};      // in lower case
  std::set<std::string> suffixes_{".localhost"};  // ".example.com"
  bool any_ = false;
};

}  // namespace

Handler with_hosts(Handler next, const std::vector<std::string>& names) {
  return [hosts = Hosts(names), next = std::move(next)](const Request& request) -> ResponseOrWork {
    // Without one it is a request of HTTP/1.0, which no browser makes.
    const auto host = request.headers.find("host");
    if (host != request.headers.end()) {
      if (auto refused = hosts.refuse(host->second)) return *std::move(refused);
    }
    return next(request);
  };
}

}  // namespace recoup::web
