#pragma once

#include "web/http/message.h"
#include "web/site/call.h"

// The pages for people, which work without a script: one function for each route.
namespace recoup::web {

// What every agreement owes and where it stands, the worst first, fifty a page. The query narrows
// it: `q` (part of an id, a service or a Region), `state`, `page`; 400 for words it does not know.
Response overview_page(const Call& call);

// A month of an agreement; its query may name a contract to compare with, by `under`, and words to
// find one by, in `contract`.
Response month_page(const Call& call);

// Twelve months as pictures, up to the one that `until` names; without it, up to the running one.
Response year_page(const Call& call);

// One day of the cycle's zone: its intervals, what was lost, the failed requests.
Response day_page(const Call& call);

// A month's failed requests, a hundred a page; `after` is where it begins, and of those that have
// `outcome` in their outcome and come from `source` alone, where these are given.
Response evidence_page(const Call& call);

// The month's claim, packed; or the page that says why there is none.
Response claim_file(const Call& call);

// Styles, script and icon of the pages.
Response send_asset(const Call& call);

// To where the overview is.
Response to_overview(const Call& call);

// The page that a call has instead of an answer.
Response refuse_page(const Call& call, Refusal why);

}  // namespace recoup::web
