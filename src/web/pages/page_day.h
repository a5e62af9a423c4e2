#pragma once

#include "web/pages/page_agreement.h"

namespace recoup::web {

// The page of one day of the cycle's zone: its intervals, what was lost, the failed requests.
Response day_page(const PageOf& of, core::Date date);

}  // namespace recoup::web
