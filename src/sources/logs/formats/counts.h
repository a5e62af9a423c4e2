#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/outcome.h"
#include "core/time.h"

namespace recoup::sources {

// CountsRow is how many requests came to one outcome in one minute, as another engine counted them.
struct CountsRow {
  core::Minute minute;
  core::Outcome outcome;
  std::uint64_t count = 0;  // less than 2^53
};

// The first line of a counts file may be this.
inline constexpr std::string_view kCountsHeader = "minute,outcome,count";

// Reads one line of CSV "minute,outcome,count": an RFC 3339 instant that is a whole minute, an
// outcome as core::parse_outcome reads it, a whole number. Each may stand in a pair of quotes.
// Nothing where the line is malformed.
std::optional<CountsRow> parse_counts(std::string_view line);

// What was expected where parse_counts() found none: "expected a whole minute, …".
std::string_view expected_of_counts(std::string_view line);

}  // namespace recoup::sources
