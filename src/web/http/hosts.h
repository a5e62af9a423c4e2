#pragma once

#include <string>
#include <vector>

#include "web/http/message.h"

namespace recoup::web {

// Middleware that answers requests under its own names alone: 421 for another in the Host header,
// 400 where that is no host and port (RFC 9110 §7.2). A browser that was shown a page under a name,
// whose DNS then says the server's address, sends that name: it must read nothing here (DNS
// rebinding). An address is no name, nobody else can point it elsewhere: any is answered, and
// localhost. Beside these, the names given; "*.example.com" is every name under example.com, "*" is
// every name.
Handler with_hosts(Handler next, const std::vector<std::string>& names);

}  // namespace recoup::web
