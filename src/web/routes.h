#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "web/http/message.h"
#include "web/site/call.h"

namespace recoup::web {

// Cost says what an answer may have to wait for, and so who makes it.
enum class Cost {
  at_once,  // for nothing: it is made of what the process holds, by the server's own thread
  month,    // for the ledger, but for the running month by its own contract, which the snapshot has
  ledger,   // for the ledger: a worker makes it
  probe,    // for what a prober has or sends: a worker makes it, whatever the ledger
};

// Route is a path, its variables in braces, and what answers a GET of it.
struct Route {
  std::string_view path;
  Cost cost;
  Response (*answer)(const Call&);
  std::size_t short_list = SIZE_MAX;  // one of more entries, by ?limit, takes a worker to write
};

// All that the service answers: metrics and health, the pages, the API. The first that matches.
extern const std::array<Route, 30> kRoutes;

// Answers by kRoutes, and POST /-/reload. A request is routed once; /-/healthy is 200 while the
// process works, /-/ready 503 until the first assessment of every agreement was made, and while
// nothing can be written to the ledger. The site's functions are called at once, its records by
// workers.
Handler make_handler(Site site);

}  // namespace recoup::web
