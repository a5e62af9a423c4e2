#include "web/http/tls.h"

#include <gnutls/gnutls.h>
#include <microhttpd.h>

#include <fmt/format.h>

namespace recoup::web {

std::string priorities_of(const Tls& tls) {
  std::string text = "SECURE128:-VERS-ALL";
  for (int version = tls.newest; version >= tls.oldest; --version) {
    text += fmt::format(":+VERS-TLS1.{}", version);
  }
  if (!tls.groups.empty()) text += ":-GROUP-ALL";
  for (const std::string& group : tls.groups) text += ":+GROUP-" + group;
  return text;
}

bool may_go_on(const Tls& tls, MHD_Connection* connection) {
  if (tls.clients == Tls::Clients::unknown) return true;
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  if (info == nullptr) return false;
  auto* session = static_cast<gnutls_session_t>(info->tls_session);
  unsigned given = 0;
  gnutls_certificate_get_peers(session, &given);
  if (given == 0) return tls.clients == Tls::Clients::verified_if_given;
  unsigned faults = 0;
  return gnutls_certificate_verify_peers2(session, &faults) == 0 && faults == 0;
}

}  // namespace recoup::web
