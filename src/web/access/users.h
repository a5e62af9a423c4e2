#pragma once

#include <map>
#include <memory>
#include <string>

#include "record/secret.h"
#include "web/http/message.h"

namespace recoup::web {

// Middleware for basic authentication (RFC 7617): only who knows a name and its password is let
// through. `hashes` are of bcrypt, by name. Checking one takes tens of milliseconds, so it is work
// for a thread beside the server's, once for each name and password; then it is known. Without
// users everybody is let through.
Handler with_users(Handler next, std::map<std::string, record::Secret> hashes);

}  // namespace recoup::web
