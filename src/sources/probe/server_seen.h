#pragma once

#include <memory>

#include "record/probe_result.h"

namespace recoup::sources::probe {

// What the server of the connection showed that libcurl's handle has now; null where it is not
// encrypted. Only while the request is under way.
std::shared_ptr<const record::TlsSeen> server_seen(void* easy);

}  // namespace recoup::sources::probe
