#pragma once

#include "report/html.h"

namespace recoup::report {

// The colours of everything here, by light and dark, as CSS variables; and plain ones on paper.
Html colours_css();

// How picture.h's and zoom.h's elements look; needs colours_css().
Html picture_css();

// The page claim.html; needs both.
Html page_css();

}  // namespace recoup::report
