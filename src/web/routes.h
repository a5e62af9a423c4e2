#pragma once

#include "web/http/message.h"
#include "web/site.h"

namespace recoup::web {

// Answers everything: the pages, the API, /metrics, /-/healthy (200 while the process works) and
// /-/ready (503 until the first assessment of every agreement was made, and while nothing can be
// written to the ledger). The site's functions are called at once, its records slowly.
Handler make_handler(Site site);

}  // namespace recoup::web
