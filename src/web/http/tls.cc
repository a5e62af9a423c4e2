#include "web/http/tls.h"

#include <gnutls/gnutls.h>
#include <microhttpd.h>

#include <memory>
#include <type_traits>

#include <fmt/format.h>

namespace recoup::web {
namespace {

using core::Error;

struct FreeCredentials {
  void operator()(gnutls_certificate_credentials_t c) const {
    gnutls_certificate_free_credentials(c);
  }
};
using Credentials =
    std::unique_ptr<std::remove_pointer_t<gnutls_certificate_credentials_t>, FreeCredentials>;

struct FreePriorities {
  void operator()(gnutls_priority_t p) const { gnutls_priority_deinit(p); }
};
using Priorities = std::unique_ptr<std::remove_pointer_t<gnutls_priority_t>, FreePriorities>;

gnutls_datum_t datum(const std::string& text) {
  // GnuTLS only reads it; its type is older than const.
  auto* bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
  return {bytes, static_cast<unsigned>(text.size())};
}

Error refused(const std::string& what, int problem, const std::string& help) {
  return {fmt::format("{}: {}", what, gnutls_strerror(problem)), "TLS", help};
}

}  // namespace

core::Result<void> check_tls(const Tls& tls) {
  gnutls_certificate_credentials_t made = nullptr;
  if (const int problem = gnutls_certificate_allocate_credentials(&made); problem < 0) {
    return refused("cannot prepare TLS", problem, "");
  }
  const Credentials credentials(made);
  const gnutls_datum_t certificates = datum(tls.certificates);
  const gnutls_datum_t key = datum(tls.key.reveal());
  if (const int problem =
          gnutls_certificate_set_x509_key_mem(made, &certificates, &key, GNUTLS_X509_FMT_PEM);
      problem < 0) {
    return refused("expected a certificate and its own private key", problem,
                   "name the certificate first in its file, then those up to its authority; the "
                   "key without a password");
  }
  if (!tls.authorities.empty()) {
    const gnutls_datum_t trust = datum(tls.authorities);
    const int found = gnutls_certificate_set_x509_trust_mem(made, &trust, GNUTLS_X509_FMT_PEM);
    if (found <= 0) return refused("expected certificates of authorities", found, "");
  }
  gnutls_priority_t priorities = nullptr;
  const int problem = gnutls_priority_init(&priorities, priorities_of(tls).c_str(), nullptr);
  const Priorities owner(priorities);
  if (problem < 0) return refused("cannot serve these versions of TLS", problem, "");
  return {};
}

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
