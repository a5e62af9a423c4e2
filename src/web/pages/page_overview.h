#pragma once

#include "report/snapshot.h"
#include "web/http/message.h"

namespace recoup::web {

// What every agreement owes and where it stands, the worst first, fifty a page. The query narrows
// it: `q` (part of an id, a service or a Region), `state`, `page`; 400 for words it does not know.
Response overview_page(const report::Snapshot& snapshot, const Request& request);

}  // namespace recoup::web
