#pragma once

#include "core/judgement.h"
#include "report/html.h"

namespace recoup::report {

// The newest intervals of a cycle as a row of small bars, the newest at the right: low where all
// was served, high where something was lost, a line where nothing was measured; and the same in
// words for whoever does not see it. An <svg> that needs recent_bars' styles of recoup.css.
Html recent_bars_html(const core::Judgement& judgement, core::Instant at);

}  // namespace recoup::report
