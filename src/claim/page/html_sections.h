#pragma once

#include <string>
#include <vector>

#include "claim/claim.h"
#include "claim/logs.h"
#include "claim/out_file.h"
#include "report/formula_words.h"
#include "report/html.h"

// The sections of claim.html, each with its heading.
namespace recoup::claim {

using report::Html;

// What the page shows beside the claim itself.
struct HtmlInput {
  const Logged& logged;
  std::vector<RequestRow> requests;  // the first ones of the request log, at most kShownRequests
  std::vector<WrittenFile> files;    // what was written before the page
};

// The month as a picture, and as a table.
Html month_section(const Claim& claim, const report::FormulaWords& words);

// The worst outages, from close up.
Html outage_section(const Claim& claim, const report::FormulaWords& words);

// What the provider itself told of troubles, and how what was lost lies to it; empty where nothing
// is known.
Html incidents_html(const core::Judgement& judgement, const report::FormulaWords& words);

// How the Monthly Uptime Percentage comes from the counts, for a reader with a calculator.
Html arithmetic_section(const Claim& claim, const report::FormulaWords& words);

// The tier, the charge line by line, and the amount.
Html credit_section(const Claim& claim);

// The contract's tiers, and which of them was reached.
Html tiers_html(const core::Version& version, const core::Assessment& assessment);

// A charge line by line, and what a reader must know of it.
Html charge_html(const core::Charge& charge);

// Every interval that takes from the uptime, and the first failed requests.
Html intervals_section(const Claim& claim, const Logged& logged, const report::FormulaWords& words);
Html requests_section(const Claim& claim, const HtmlInput& input);

// What was measured, by whom, and what of it does not count; what was excluded.
report::Html coverage_section(const Claim& claim, const report::FormulaWords& words);
report::Html exclusions_section(const core::Judgement& judgement,
                                const report::FormulaWords& words);

// When it was sealed, and what changed since the revision before; nothing where it is not.
Html seal_section(const Claim& claim);

// What CloudTrail signed; nothing where nothing is known of that.
Html digests_section(const Claim& claim);
// What a third party signed of its time; empty where nobody did.
Html timestamps_section(const Claim& claim);

// The contract's words, and where they were read.
report::Html contract_section(const core::Judgement& judgement, const report::FormulaWords& words);
report::Html files_section(const HtmlInput& input);

// "12,345.67 USD".
Html money_html(const core::Money& money);

}  // namespace recoup::claim
