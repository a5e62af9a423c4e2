#pragma once

#include <string>
#include <vector>

#include "record/secret.h"

struct MHD_Connection;

namespace recoup::web {

// Tls is what a server proves itself with, and what it asks of a client. Texts are PEM; whoever
// reads them from a file checks them and says where they are wrong.
struct Tls {
  // Whether a client has to show a certificate that `authorities` vouch for.
  enum class Clients { unknown, verified_if_given, verified };

  std::string certificates;  // the server's own, then those up to its authority
  record::Secret key;        // of the first certificate, without a passphrase
  Clients clients = Clients::unknown;
  std::string authorities;
  int oldest = 2, newest = 3;            // of TLS 1.0 to 1.3
  std::vector<std::string> groups = {};  // of key exchange, as GnuTLS names them, the preferred
                                         // first; empty: its own

  bool operator==(const Tls&) const = default;
};

// What GnuTLS may agree on with a client, as it takes it.
std::string priorities_of(const Tls& tls);

// Whether the client at the other end may go on: it showed a certificate as it has to.
bool may_go_on(const Tls& tls, MHD_Connection* connection);

}  // namespace recoup::web
