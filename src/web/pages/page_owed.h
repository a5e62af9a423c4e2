#pragma once

#include <vector>

#include "report/html.h"
#include "report/money_totals.h"
#include "report/overview.h"

namespace recoup::web {

// "184.50 USD and 20.00 EUR and more"; empty where no amount is known.
report::Html sum_html(const report::MoneySum& sum);

// "10 days left", "the last day": until the end of a claim's time by its earlier reading, or, where
// that has passed, by the later one; empty where it has none.
report::Html days_left_html(const record::ClaimLife& life, core::Instant now);

// The day of an instant in the zone, "1 November", with its year where that is not the one of
// `now`.
std::string day_words(core::Instant at, const core::Zone& zone, core::Instant now);

// Which money can be claimed today, of whom and until when, and which months will give some more: a
// sentence, sums, and the claims that somebody has to do something about.
report::Html owed_html(const report::Snapshot& snapshot, const std::vector<report::Ranked>& lines);

}  // namespace recoup::web
