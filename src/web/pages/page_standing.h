#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "report/snapshot.h"

namespace recoup::web {

// What the pages say of one agreement and cycle, in words. Whatever ends in _html is HTML.

enum class State {
  certain,  // not met, and no Request that is still to come can change that
  below,    // below the commitment so far
  silent,   // nothing was measured
  met,
};
inline constexpr std::size_t kStates = 4;

State state_of(const core::Standing& standing);

// "certain": as it stands in an address. "Breach certain": as it is shown.
std::string_view word_of(State state);
std::string state_text(const core::Standing& standing);
std::string state_tag_html(const core::Standing& standing);

// Whether the cycle gives a credit, as far as is known: of one that still runs, when it is over.
bool gives_credit(const core::Standing& standing);

// "8,900 of 8,928 intervals measured": beside an uptime, of which it says how much was looked at.
std::string measured_text(const core::Standing& standing);

// "99.988799 %", cut to digits that show its tier; a dash where nothing was measured.
std::string uptime_html(const core::Standing& standing);

// "240 answers of 5xx": those that are not counted as Errors; empty where there are none.
std::string uncounted_text(const core::Standing& standing);

// "89.28 5-minute intervals": what may still be lost, with its unit; a dash where nobody can say.
struct BudgetText {
  std::string number;
  std::string unit;
};
BudgetText budget_text(const core::Standing& standing);

// How much of what may be lost is lost, as a bar; empty where nothing was measured.
std::string used_bar_html(const core::Standing& standing);

// "184.50 USD" or "10 % of the charges"; "none" where no tier was reached.
std::string credit_html(const core::Standing& standing);

// The end of the last interval in which a Request was made, or `now` where that is before it.
std::optional<core::Instant> measured_until(const core::Assessment& assessment, core::Instant now);

// "AWS Key Management Service in us-east-1".
std::string subject_html(const core::Standing& standing);

// The deadline that is still ahead: by the earlier reading, and when that is behind, the later one.
core::Instant next_deadline(const core::DeadlineDates& deadline, core::Instant now);

std::string practice_tag_html();

// Whether it is a claim that can be handed in and was not.
bool is_open(const record::ClaimLife& life);

}  // namespace recoup::web
