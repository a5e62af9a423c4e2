#pragma once

#include <string>

#include "web/http/message.h"
#include "web/records.h"

namespace recoup::web {

// A month's failed requests, a hundred a page. `current` is where the agreement stands now; `after`
// is the place of the page's first record as place_text() has it, or empty for the first page.
Response evidence_page(Records& records, const core::Standing& current, core::Month month,
                       const std::string& after);

}  // namespace recoup::web
