#include "config/exposure.h"

#include <fmt/format.h>

namespace recoup::config {
namespace {

// Whether somebody who cannot show a password or a certificate is refused.
bool knows_clients(const web::WebConfig& web) {
  return !web.users.empty() || (web.tls && web.tls->clients == web::Tls::Clients::verified);
}

}  // namespace

std::optional<std::string> exposure_warning(const Settings& settings) {
  const bool encrypted = settings.web.tls.has_value();
  const bool known = knows_clients(settings.web);
  if (is_loopback(settings.listen.host) || (encrypted && known)) return std::nullopt;
  const std::string what =
      known ? "whoever is on the way can read pages and passwords: there is no TLS"
      : encrypted
          ? "everybody who can reach it reads pages, metrics and claims: nobody is asked who they "
            "are"
          : "everybody who can reach it reads pages, metrics and claims: there are no users and no "
            "TLS";
  return fmt::format(
      "{}: warning: listening on {}, {}\nhelp: {} in the file that web_config names, "
      "or listen on 127.0.0.1",
      settings.file, to_text(settings.listen), what,
      known       ? "give a tls_server_config"
      : encrypted ? "give basic_auth_users"
                  : "give a tls_server_config and basic_auth_users");
}

}  // namespace recoup::config
