#pragma once

#include <variant>

#include "web/pages/page_month.h"
#include "web/site/call.h"

namespace recoup::web {

// The verdict on the call's month and the agreement's months; or the page that says why there is
// none.
std::variant<MonthView, Response> view_of(const Call& call);

}  // namespace recoup::web
