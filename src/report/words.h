#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/ratio.h"
#include "core/rule.h"
#include "core/time.h"
#include "record/claim_life.h"

namespace recoup::report {

// What everything written about made-up data says.
inline constexpr char kPracticeNote[] = "PRACTICE DATA, not a real claim";

// "63809061231703 / 63820311488640" where that fits on a line; else where it stands, and how long
// it is: a fraction of thousands of digits helps nobody who reads.
std::string fraction_text(const core::Ratio& value);

// "2026-10-03T02:00:00.250Z": milliseconds always, so that columns stand under each other.
std::string instant_with_millis(core::Instant at);

// "less than 99.999 % and at least 99 %".
std::string tier_text(const core::Tier& tier);

// A text as JSON holds it: what is no UTF-8 becomes U+FFFD.
std::string json_text(const std::string& text);

// What the user does next about the claim, a command to run; empty where there is nothing to do.
std::string next_step(const record::ClaimLife& life);

// What is to be said of the payment: "due before 2027-01-01T00:00:00Z", "overdue since …",
// "credited 60 % of the 184.50 USD asked for; dispute it", "refused: …", and that the charges were
// corrected; empty where nothing is.
std::string payment_words(const record::ClaimLife& life);

// How many characters a UTF-8 text has.
std::size_t characters(std::string_view utf8);

}  // namespace recoup::report
