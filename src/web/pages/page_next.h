#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/pages/page_month.h"

namespace recoup::web {

// The agreement's claims that wait for the user, the most urgent first: not handed in yet, late, or
// paid in part. They point into the snapshot.
std::vector<const record::ClaimLife*> waiting_claims(const report::Snapshot& snapshot,
                                                     const std::string& agreement);

// The same as a list for the top of each of its pages, each with the way to it; empty where none
// waits. Without that of the month, where one is given: its page says what to do about it.
Html claims_list(const report::Snapshot& snapshot, const std::string& agreement,
                 const std::optional<core::Month>& but);

// A command to give, as it is shown.
Html command_html(std::string_view line);

// What to do next, about the month or, where that can wait, about an earlier claim of the
// agreement: a sentence, the command, and buttons.
Html next_html(const MonthView& view);

// The claims that next_html() does not speak of.
Html other_claims_html(const MonthView& view);

}  // namespace recoup::web
