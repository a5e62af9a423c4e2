#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/charge.h"
#include "core/judgement.h"
#include "core/outcome.h"
#include "core/time.h"
#include "record/claim_month.h"
#include "record/evidence.h"

// What the program says in JSON, spelled in one way wherever it stands: on the command line, in
// the API, in claim.json. Keys are in the order in which they are set.
namespace recoup::report {

using Json = nlohmann::ordered_json;

// The text of a document, without an end of line: indented by two, or on one line. Text of users,
// bills and providers may not be UTF-8; what is not becomes U+FFFD.
std::string indented(const Json& json);
std::string on_one_line(const Json& json);

// "2026-10-03T02:00:00Z"; null where there is none.
Json instant_json(const std::optional<core::Instant>& at);

// Until when a claim must be received, by either reading; null where the contract does not say.
Json deadline_json(const std::optional<core::DeadlineDates>& deadline);

// {"numerator": "8639", "denominator": "8640"}: whole numbers of any size.
Json fraction_json(const core::Ratio& value);

// "99.998842592592", in percent and cut; null where there is none.
Json percent_json(const std::optional<core::Ratio>& share);

// Both: {"percent": …, "numerator": …, "denominator": …}.
Json exact_json(const core::Ratio& share);

// {"amount": "184.50", "currency": "USD"}, as it is shown; null where there is none.
Json money_json(const std::optional<core::Money>& money);

// The same exactly, for whoever recomputes a digest: {"numerator": …, "denominator": …, "currency":
// …}.
Json exact_money_json(const std::optional<core::Money>& money);

Json charge_lines_json(const std::vector<core::ChargeLine>& lines);
Json other_figures_json(const std::vector<core::OtherFigure>& others);

// What an outcome is called, and, where there was an answer, its status and the provider's name for
// the error.
Json outcome_json(const core::Outcome& outcome);

// One failed request. What is confidential in it was masked before.
Json request_json(const record::Evidence& request);

// So many outcomes of answers that are not counted are listed; their sums are of all.
inline constexpr std::size_t kMostUncounted = 100;

// One month that is over, and where its claim stands.
Json claim_month_json(const record::ClaimMonth& month);

// What an agreement cost in a month.
Json charge_json(const std::string& agreement, core::Month month, const core::Charge& charge);

}  // namespace recoup::report
