#pragma once

#include <string>

#include "web/pages/page_month.h"

namespace recoup::web {

// The lost intervals that begin in the span, at most so many: a table. With links to their days
// where that is wanted.
enum class DayLinks { yes, no };
Html lost_table(const MonthView& view, const core::Interval& span, std::size_t most,
                DayLinks links);

// Counting is what decides what a failed request counts as: the contract, and the intervals of the
// cycle that exclusions touch. Both outlive it.
struct Counting {
  const core::Version& version;
  core::Instant begin;  // of the cycle
  const std::vector<core::ExclusionWindow>& exclusions;
};
Counting counting_of(const core::Judgement& judgement);

// Records of failed requests, by time: a table of them by interval, with what each counts as under
// the contract, and without the columns that none of them has anything for.
Html evidence_table(const Counting& counting, const std::vector<record::Evidence>& records);

// An address' `after`, and back; nothing where it is none.
std::string place_text(const EvidencePlace& place);
std::optional<EvidencePlace> parse_place(const std::string& text);

// Where the evidence from that place on is shown, of what passes the filter: an address.
std::string evidence_address(const std::string& id, core::Month month, const EvidencePlace& place,
                             const EvidenceFilter& filter = {});

}  // namespace recoup::web
