#pragma once

#include <string>
#include <vector>

#include "claim/claim.h"
#include "claim/logs.h"
#include "claim/out_file.h"
#include "core/result.h"

namespace recoup::claim {

// How many failed requests the page shows; the rest is in requests.log alone.
inline constexpr std::size_t kShownRequests = 500;

// What the page shows beside the claim itself.
struct HtmlInput {
  const Logged& logged;
  std::vector<std::string> requests;  // the first lines of requests.log, at most kShownRequests
  std::vector<WrittenFile> files;     // what was written before the page
};

// The first lines of requests.log that are no comments, at most kShownRequests.
core::Result<std::vector<std::string>> first_requests(const std::string& folder);

// claim.html: the claim as one page for somebody who reads it on a screen or on paper, without
// script and without anything from outside. The claim must not be refused. A month in which every
// interval is lost makes about 2 MB.
std::string claim_html(const Claim& claim, const HtmlInput& input);

}  // namespace recoup::claim
