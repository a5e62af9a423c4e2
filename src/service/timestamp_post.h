#pragma once

#include <stop_token>
#include <string>

#include "core/result.h"

namespace recoup::service {

// Sends a query to an authority's HTTP service (RFC 3161, 3.4) and gives the body that came back:
// of a 200 that is no page for people, and of no more bytes than a token may have. Takes half a
// minute at most, and ends early when the stop is requested. Redirections are not followed.
core::Result<std::string> post_time_query(const std::string& url, const std::string& query,
                                          const std::stop_token& stop);

}  // namespace recoup::service
