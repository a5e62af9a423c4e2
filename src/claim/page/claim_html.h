#pragma once

#include <string>
#include <vector>

#include "claim/page/html_sections.h"
#include "core/result.h"
#include "report/html.h"

namespace recoup::claim {

// claim.html: the claim as one page for somebody who reads it on a screen or on paper, without
// script and without anything from outside. The claim must not be refused. A month in which every
// interval is lost makes about 2 MB.
report::Html claim_html(const Claim& claim, const HtmlInput& input);

}  // namespace recoup::claim
