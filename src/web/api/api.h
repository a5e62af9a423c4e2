#pragma once

#include "web/http/message.h"
#include "web/site.h"

namespace recoup::web {

// Whether the path is one of the API's: at or under "/api/".
bool is_api(const std::string& path);

// The API by its OpenAPI document, which /api/v1/openapi.json gives. Handler::at_once: what the
// snapshot alone answers, and every problem that needs no ledger.
std::optional<Response> api_at_once(const Site& site, const Request& request);

// Handler::slowly: what is read from the ledger.
Response api_slowly(const Site& site, const Request& request);

}  // namespace recoup::web
