#pragma once

#include <string>
#include <string_view>

#include "report/html.h"
#include "report/snapshot.h"

namespace recoup::web {

// "25 ms": the bound of the bucket that holds the percentile, so that this share of the requests or
// more took no longer; "over 10 s" where it has none, a dash where nothing was counted. `share` is
// a fraction of 1.
report::Html within_html(const record::Histogram& histogram, const core::Ratio& share);

}  // namespace recoup::web
