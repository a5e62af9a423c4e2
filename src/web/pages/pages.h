#pragma once

#include "web/http/message.h"
#include "web/site.h"

namespace recoup::web {

// The pages for people: "/", "/agreements/…" and "/assets/…". They work without a script.
// Handler::at_once: what the snapshot alone answers; nothing where the ledger has to be read.
std::optional<Response> page_at_once(const Site& site, const Request& request);

// Handler::slowly: a month, a day of it, its evidence, its claim.
Response page_slowly(const Site& site, const Request& request);

}  // namespace recoup::web
