#pragma once

#include <string_view>

namespace recoup::record {

// What a journal's entry of the kind gap has in `replaces` where it tells of counts that waited
// while the ledger's database was away, and came afterwards.
inline constexpr std::string_view kCameLate = "late";

}  // namespace recoup::record
