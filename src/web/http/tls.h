#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "record/secret.h"

struct MHD_Connection;

namespace recoup::web {

// Tls is what a server proves itself with, and what it asks of a client. Texts are PEM.
struct Tls {
  // Whether a client has to show a certificate that `authorities` vouch for.
  enum class Clients { unknown, verified_if_given, verified };

  std::string certificates;  // the server's own, then those up to its authority
  record::Secret key;
  Clients clients = Clients::unknown;
  std::string authorities;
  int oldest = 2, newest = 3;            // of TLS 1.0 to 1.3
  std::vector<std::string> groups = {};  // of key exchange, as GnuTLS names them; empty: its own
};

// Whether the certificates, the key and the rest can be served with.
core::Result<void> check_tls(const Tls& tls);

// What GnuTLS may agree on with a client, as it takes it.
std::string priorities_of(const Tls& tls);

// Whether the client at the other end may go on: it showed a certificate as it has to.
bool may_go_on(const Tls& tls, MHD_Connection* connection);

}  // namespace recoup::web
