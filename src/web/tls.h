#pragma once

#include <string>

#include "core/result.h"
#include "web/server.h"

struct MHD_Connection;

namespace recoup::web {

// Whether the certificates, the key and the rest can be served with.
core::Result<void> check_tls(const Tls& tls);

// What GnuTLS may agree on with a client, as it takes it.
std::string priorities_of(const Tls& tls);

// Whether the client at the other end may go on: it showed a certificate as it has to.
bool may_go_on(const Tls& tls, MHD_Connection* connection);

}  // namespace recoup::web
