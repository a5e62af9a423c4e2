#pragma once

#include "web/http/message.h"

namespace recoup::web {

// An answer as this request wants it: with an ETag, by which an answer that did not change since is
// 304 without its body, and packed by gzip where that is understood. Bodies of more than a few
// megabytes get no ETag, and such as are packed already stay as they are.
Response encode(const Request& request, Response response);

}  // namespace recoup::web
