#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "report/html.h"
#include "report/overview.h"

namespace recoup::web {

// What the pages say of one agreement and cycle, in words.

// "Breach certain".
std::string state_text(const core::Judgement& judgement);
report::Html state_tag_html(const core::Judgement& judgement);

// Whether the cycle gives a credit, as far as is known: of one that still runs, when it is over.
bool gives_credit(const core::Judgement& judgement);

// "8,900 of 8,928 intervals measured": beside an uptime, of which it says how much was looked at.
std::string measured_text(const core::Judgement& judgement);

// "99.988799 %", cut to digits that show its tier; a dash where nothing was measured.
report::Html uptime_html(const core::Judgement& judgement);

// "240 answers of 5xx": those that are not counted as Errors; empty where there are none.
std::string uncounted_text(const core::Judgement& judgement);

// How much of the budget is left, as a bar: what is full is whole; where it is overspent, the whole
// bar says so. Empty where nothing was measured.
report::Html left_bar_html(const core::Judgement& judgement);

// "184.50 USD" or "10 % of the charges"; "none" where no tier was reached.
report::Html credit_html(const core::Judgement& judgement);

// "AWS Key Management Service in us-east-1".
report::Html subject_html(const core::Judgement& judgement);

// The deadline that is still ahead: by the earlier reading, and when that is behind, the later one.
core::Instant next_deadline(const core::DeadlineDates& deadline, core::Instant now);

report::Html practice_tag_html();

}  // namespace recoup::web
